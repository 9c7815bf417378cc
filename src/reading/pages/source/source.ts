/** A file of pages, opened: one page at a time, as it is stored. */
import { open } from 'node:fs/promises'
import { reasonOfKind, reasonOfSystemError, sniff, sniffLength } from '../../images'
import { messageOf, NominaError } from '../../../shared/failure'
import type { QuarterTurns } from '../../../shared/domain'
import type { PageRow } from '../../../shared/forms'
import type { Pixels } from '../register'
import { ownHashes } from '../content'
import { openImage } from './image'
import { openPdf } from './pdf'

export type PageOrigin = NonNullable<PageRow['origin']>

export interface StoredPage {
  /** Before any rotation. */
  pixels: Pixels
  /** null where the file does not say. */
  dpi: number | null
  origin: PageOrigin
  /** Clockwise quarter turns by which the file says it is to be shown. */
  turns: QuarterTurns
  /** What a person should know of how it is read: stretched, turned into black on white. null mostly. */
  note: string | null
}

export interface PageSource {
  /** Image format or `pdf`. */
  format: string
  pages: number
  /** What a person should know of the whole file; null mostly. */
  note: string | null
  /** Bytes of raw pixels that a page will take, as far as is known before it is read. */
  bytesOf(number: number): Promise<number>
  /** @param number from 1. @throws NominaError `unreadable` with a reason for people */
  read(number: number): Promise<StoredPage>
  /** What each page's own content inside the file is known by, without decoding; null, or no entry, where that is unknown. */
  own(): Promise<(string | null)[]>
  close(): Promise<void>
}

/** @throws NominaError `unreadable` with a reason for people: broken, protected, empty, too many pages */
export async function openSource(path: string): Promise<PageSource> {
  const kind = sniff(await headOf(path))
  if (kind.kind === 'pdf') return withOwnHashes(path, await openPdf(path))
  if (kind.kind === 'image') return withOwnHashes(path, await openImage(path, kind.format))
  if (/\.pdf$/i.test(path) && kind.kind !== 'empty')
    throw new NominaError('unreadable', 'This is no PDF: it does not begin like one. Copy or scan it again.')
  throw new NominaError('unreadable', reasonOfKind(kind)!)
}

/** They are made once, where they are asked for. */
function withOwnHashes(path: string, source: Omit<PageSource, 'own'>): PageSource {
  let own: Promise<(string | null)[]> | undefined
  return { ...source, own: () => (own ??= ownHashes(path, source.format)) }
}

async function headOf(path: string): Promise<Buffer> {
  try {
    const file = await open(path, 'r')
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(sniffLength), 0, sniffLength, 0)
      return buffer.subarray(0, bytesRead)
    } finally {
      await file.close()
    }
  } catch (error) {
    throw new NominaError('unreadable', reasonOfSystemError(error) ?? messageOf(error), { cause: error })
  }
}
