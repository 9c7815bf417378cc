/** A first look at a file: what it says of itself, and whether its pixels are all there. */
import { pixelsHash } from './content'
import type { ImageHeader } from './header'
import { checkDecodes, openImageFile, upright } from './pixels'

export interface LookedAt {
  header: ImageHeader
  /** What its decoded pixels are known by; null where they were not looked at, or are too many to be held whole. */
  pixels: string | null
  /** What was done to the pixels that a person should know of. */
  notes: string[]
}

/** px of an image that is held whole while it is hashed. */
const heldPixels = 24_000_000

/** @throws NominaError `unreadable`; with `whole` also where any pixel can't be decoded */
export async function lookAt({ path, page, whole }: { path: string; page: number; whole: boolean }): Promise<LookedAt> {
  const image = await openImageFile(path, page)
  const { header } = image
  // Registration decodes the pages of a TIFF, and says what is wrong with each.
  if (!whole || (header.format === 'tiff' && header.pages > 1)) return { header, pixels: null, notes: [] }
  if (header.width * header.height <= heldPixels) {
    const pixels = await upright(image)
    return { header, pixels: pixelsHash(pixels), notes: pixels.notes ?? [] }
  }
  await checkDecodes(image)
  return { header, pixels: null, notes: [] }
}
