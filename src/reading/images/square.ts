/** Scans whose pixels are not square, as faxes' (204 × 98 dpi): a viewer shows the page in its own shape, and so it is read. */
import type { Dpi } from './exif'
import type { RawPixels } from './header'
import { scaleTo } from './scale'

/** Below, the two resolutions are one, rounded; above, they are no resolutions. */
const leastRatio = 1.03
const mostRatio = 5

/** Square pixels of the finer resolution. */
export function squared(pixels: RawPixels, dpi: Dpi | null): RawPixels {
  if (!dpi) return pixels
  const ratio = Math.max(dpi.x, dpi.y) / Math.min(dpi.x, dpi.y)
  if (!(ratio >= leastRatio && ratio <= mostRatio)) return pixels
  const { width, height } = pixels
  return dpi.x > dpi.y
    ? scaleTo(pixels, width, Math.round(height * ratio))
    : scaleTo(pixels, Math.round(width * ratio), height)
}
