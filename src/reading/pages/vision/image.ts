/** Grey images: made from pages, shrunk, flattened, sampled. */
import type { GreyImage } from '../../preprocess'
import type { Homography, Pixels } from '../register/types'
import { resizing } from './homography'
import { keeping, type Cv, type Mat } from './opencv'

export type { GreyImage }

/** The page in grey, its longer side at most `longest` px. `resized`: its px of the page's. */
export function shrink(cv: Cv, page: Pixels, longest: number): { image: GreyImage; resized: Homography } {
  const factor = Math.min(1, longest / Math.max(page.width, page.height))
  // Whole steps here, so that a huge page is never copied whole; OpenCV does the rest.
  const step = Math.max(1, Math.floor(1 / factor))
  const reduced = reduce(page, step)
  const width = Math.max(1, Math.round(page.width * factor))
  const height = Math.max(1, Math.round(page.height * factor))
  const resized = resizing(width / (reduced.width * step), height / (reduced.height * step))
  return { image: resizeArea(cv, reduced, width, height), resized }
}

/** Means of step × step pixels; a rest at the right and lower edge is left out. */
function reduce({ data, width, height, channels }: Pixels, step: number): GreyImage {
  const columns = Math.max(1, Math.floor(width / step))
  const rows = Math.max(1, Math.floor(height / step))
  const result = new Uint8Array(columns * rows)
  const sums = new Uint32Array(columns)
  // Grey of a pixel is 77 R + 150 G + 29 B of 256, or 256 grey.
  const divisor = 256 * step * step
  for (let row = 0; row < rows; row++) {
    sums.fill(0)
    for (let y = row * step; y < row * step + step && y < height; y++) {
      let at = y * width * channels
      for (let column = 0; column < columns; column++) {
        let sum = 0
        for (let x = 0; x < step; x++, at += channels)
          sum += channels === 1 ? data[at]! << 8 : 77 * data[at]! + 150 * data[at + 1]! + 29 * data[at + 2]!
        sums[column]! += sum
      }
    }
    for (let column = 0; column < columns; column++) result[row * columns + column] = sums[column]! / divisor
  }
  return { data: result, width: columns, height: rows }
}

export function resizeArea(cv: Cv, image: GreyImage, width: number, height: number): GreyImage {
  if (image.width === width && image.height === height) return image
  return keeping((keep) => {
    const target = keep(new cv.Mat())
    cv.resize(keep(toMat(cv, image)), target, new cv.Size(width, height), 0, 0, cv.INTER_AREA)
    return fromMat(target)
  })
}

/** To be deleted by the caller. */
export function toMat(cv: Cv, { data, width, height }: GreyImage): Mat {
  const mat = new cv.Mat(height, width, cv.CV_8UC1)
  mat.data.set(data)
  return mat
}

/** A copy: OpenCV's memory moves when it grows. */
export const fromMat = (mat: Mat): GreyImage => ({
  data: new Uint8Array(mat.data),
  width: mat.cols,
  height: mat.rows
})

/** What `image` shows at `transform`'s points, by bilinear interpolation; white outside. `transform`: result px to image px. */
export function warp(cv: Cv, image: GreyImage, transform: Homography, width: number, height: number): GreyImage {
  return keeping((keep) => {
    const target = keep(new cv.Mat())
    const matrix = keep(cv.matFromArray(3, 3, cv.CV_64F, transform))
    cv.warpPerspective(
      keep(toMat(cv, image)),
      target,
      matrix,
      new cv.Size(width, height),
      cv.INTER_LINEAR | cv.WARP_INVERSE_MAP,
      cv.BORDER_CONSTANT,
      new cv.Scalar(255)
    )
    return fromMat(target)
  })
}

/** A Gaussian blur; `sigma` in px. */
export function blur(cv: Cv, image: GreyImage, sigma: number): GreyImage {
  return keeping((keep) => {
    const target = keep(new cv.Mat())
    cv.GaussianBlur(keep(toMat(cv, image)), target, new cv.Size(0, 0), sigma)
    return fromMat(target)
  })
}
