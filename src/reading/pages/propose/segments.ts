/** Printed lines of an upright page: long runs of ink along rows or columns. */
import { keeping, type Cv, type Mat } from '../vision/opencv'
import { fromMat, toMat, type GreyImage } from '../vision/image'
import type { Box } from '../register/types'

/** A line is at least so long for the page's longer side; a letter's stem is shorter. */
const shortestShare = 0.011
/** px by which a line may wander or be broken. */
const breaks = 3

/** 255 where ink is part of a long horizontal (or vertical) run. `shortest`: px, else by the page's size. */
export function runs(cv: Cv, ink: GreyImage, across: boolean, shortest?: number): GreyImage {
  const length = Math.max(8, Math.round(shortest ?? shortestShare * Math.max(ink.width, ink.height)))
  return keeping((keep) => {
    const mat: Mat = keep(toMat(cv, ink))
    const joined = across ? new cv.Size(breaks, 1) : new cv.Size(1, breaks)
    const long = across ? new cv.Size(length, 1) : new cv.Size(1, length)
    cv.morphologyEx(mat, mat, cv.MORPH_CLOSE, keep(cv.getStructuringElement(cv.MORPH_RECT, joined)))
    cv.morphologyEx(mat, mat, cv.MORPH_OPEN, keep(cv.getStructuringElement(cv.MORPH_RECT, long)))
    return fromMat(mat)
  })
}

/** 255 where it is dark. */
export const inkOf = ({ data, width, height }: GreyImage): GreyImage => ({
  data: data.map((value) => (value < 170 ? 255 : 0)),
  width,
  height
})

/** Boxes of connected pieces, and the pixels of each. */
export function piecesOf(cv: Cv, mask: GreyImage, connectivity: 4 | 8): (Box & { area: number })[] {
  return keeping((keep) => {
    const labels = keep(new cv.Mat())
    const stats = keep(new cv.Mat())
    const centroids = keep(new cv.Mat())
    cv.connectedComponentsWithStats(keep(toMat(cv, mask)), labels, stats, centroids, connectivity, cv.CV_32S)
    return Array.from({ length: stats.rows - 1 }, (_, index) => {
      const [x, y, width, height, area] = stats.data32S.subarray(5 * (index + 1), 5 * (index + 2))
      return { x: x!, y: y!, width: width!, height: height!, area: area! }
    })
  })
}
