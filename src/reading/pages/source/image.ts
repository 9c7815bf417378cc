/** Pages of image files: one, or those of a multi-page TIFF. */
import type { Metadata } from 'sharp'
import { readHeader, storedPixels } from '../../images'
import type { QuarterTurns } from '../../../shared/domain'
import { mostColourPixels, refuseLargePage, refusePageCount } from './limits'
import { inverted } from './pixels'
import type { PageSource } from './source'

/** EXIF orientations to clockwise quarter turns; that an image is mirrored is left out: scans are not. */
const turnsOf: Record<number, QuarterTurns> = { 1: 0, 2: 0, 3: 2, 4: 2, 5: 1, 6: 1, 7: 3, 8: 3 }

/** Pages that can be one behind the other in a file; an animation's frames are not pages. */
const multiPage = new Set(['tiff'])

export async function openImage(path: string, format: string): Promise<Omit<PageSource, 'own'>> {
  const first = await readHeader(path, 1)
  const pages = multiPage.has(format) ? (first.pages ?? 1) : 1
  refusePageCount(pages, 'file')
  const headerOf = (number: number): Promise<Metadata> =>
    number === 1 ? Promise.resolve(first) : readHeader(path, number)
  return {
    format,
    pages,
    note: null,
    async bytesOf(number) {
      const { width, height } = await headerOf(number)
      return width * height * (width * height > mostColourPixels ? 1 : 3)
    },
    async read(number) {
      const header = await headerOf(number)
      refuseLargePage(header.width, header.height)
      const pixels = await storedPixels(path, number, header, header.width * header.height > mostColourPixels)
      return {
        pixels: header.bitsPerSample === 1 ? inverted(pixels) : pixels,
        dpi: dpiOf(header),
        origin: 'image',
        turns: turnsOf[header.orientation ?? 1] ?? 0
      }
    },
    close: () => Promise.resolve()
  }
}

/** 72 is what many programs write where they do not know. */
const dpiOf = ({ density }: Metadata): number | null => (density !== undefined && density > 72 ? density : null)
