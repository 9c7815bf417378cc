/** A file of pages, opened: one page at a time, as it is stored. */
import { headOf, reasonOfKind, reasonOfSystemError, sniff, sniffLength, type FileKind } from '../../images'
import { messageOf, NominaError, say } from '../../../shared/failure'
import { ownHashes } from '../content'
import { openImage } from './image'
import type { PageSource } from './page-source'
import { openPdf } from './pdf'

/** @throws NominaError `unreadable` with a reason for people: broken, protected, empty, too many pages */
export async function openSource(path: string): Promise<PageSource> {
  const kind = await kindOf(path)
  if (kind.kind === 'pdf') return withOwnHashes(path, await openPdf(path))
  if (kind.kind === 'image') return withOwnHashes(path, await openImage(path, kind.format))
  if (/\.pdf$/i.test(path) && kind.kind !== 'empty') throw new NominaError('unreadable', say('noPdf'))
  throw new NominaError('unreadable', reasonOfKind(kind)!)
}

/** They are made once, where they are asked for. */
function withOwnHashes(path: string, source: Omit<PageSource, 'own'>): PageSource {
  let own: Promise<(string | null)[]> | undefined
  return { ...source, own: () => (own ??= ownHashes(path, source.format)) }
}

async function kindOf(path: string): Promise<FileKind> {
  try {
    return sniff(await headOf(path, sniffLength))
  } catch (error) {
    throw new NominaError('unreadable', reasonOfSystemError(error) ?? messageOf(error), { cause: error })
  }
}
