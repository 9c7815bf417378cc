/** What an opened file of pages gives, whatever its format. */
import type { QuarterTurns } from '../../../shared/domain'
import type { PageRow } from '../../../shared/forms'
import type { Pixels } from '../register'

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
