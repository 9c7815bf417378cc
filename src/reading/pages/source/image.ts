/** Pages of image files: one, or those of a multi-page TIFF. */
import { openImageFile, storedPixels, type OpenedImage } from '../../images/pixels'
import { mirror, orientationOf } from '../../images/upright'
import { mostColourPixels, refuseLargePage, refusePageCount } from './limits'
import type { PageSource } from './page-source'

/** Pages that can be one behind the other in a file; an animation's frames are not pages. */
const multiPage = new Set(['tiff'])

export async function openImage(path: string, format: string): Promise<Omit<PageSource, 'own'>> {
  const first = (await openImageFile(path, 1)).header
  const pages = multiPage.has(format) ? first.pages : 1
  refusePageCount(pages, 'file')
  // The first page's file may be large: it is opened again, not kept.
  const pageOf = (number: number): Promise<OpenedImage> => openImageFile(path, number)
  return {
    format,
    pages,
    note: null,
    async bytesOf(number) {
      const { width, height } = number === 1 ? first : (await pageOf(number)).header
      return width * height * (width * height > mostColourPixels ? 1 : 3)
    },
    async read(number) {
      const image = await pageOf(number)
      const { width, height, grey, orientation } = image.header
      refuseLargePage(width, height)
      const stored = await storedPixels(image, grey || width * height > mostColourPixels)
      const { mirrored, turns } = orientationOf(orientation)
      const note = stored.notes?.join(' ') ?? null
      return { pixels: mirrored ? mirror(stored) : stored, dpi: dpiOf(image), origin: 'image', turns, note }
    },
    close: () => Promise.resolve()
  }
}

/** Of the finer axis. 72 is what many programs write where they do not know. */
const dpiOf = ({ header: { dpi } }: OpenedImage): number | null =>
  dpi && Math.max(dpi.x, dpi.y) > 72 ? Math.round(Math.max(dpi.x, dpi.y)) : null
