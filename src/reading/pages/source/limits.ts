/** What a file of pages may be, so that one file can't take the machine down. Said to people where it is met. */
import { NominaError, say } from '../../../shared/failure'

/** Pages of one file. */
export const mostPages = 5000
/** px of one page: about A1 at 400 dpi. It is held in memory two or three times over while fields are found. */
export const mostPixels = 150_000_000
/** px above which a page is taken without its colours. */
export const mostColourPixels = 40_000_000

const count = (value: number): string => Math.round(value).toLocaleString('en-GB')

/** @throws NominaError `unreadable` */
export function refuseLargePage(width: number, height: number, where = 'The page is'): void {
  if (width * height <= mostPixels) return
  throw new NominaError(
    'unreadable',
    `${where} ${count(width)} × ${count(height)} px (${count((width * height) / 1e6)} megapixels); the limit for a page is ` +
      `${count(mostPixels / 1e6)} megapixels. Scan it at a lower resolution, or cut it into parts.`
  )
}

/** @throws NominaError `unreadable` */
export function refusePageCount(pages: number, what: string): void {
  if (pages < 1) throw new NominaError('unreadable', `The ${what} has no pages.`)
  if (pages > mostPages) {
    throw new NominaError('unreadable', say('pdfPages', { what, pages: count(pages), most: count(mostPages) }))
  }
}
