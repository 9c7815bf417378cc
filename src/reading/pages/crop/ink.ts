/** Ink on paper in a small view: what is darker than the paper's own grain, in connected pieces. */
import { toMat, type GreyImage } from '../vision/image'
import { keeping, type Cv } from '../vision/opencv'
import type { Box } from '../register/types'

/** 1 where there is ink, row by row. */
export interface InkMask {
  data: Uint8Array
  width: number
  height: number
}

export interface Piece extends Box {
  label: number
  /** px of ink. */
  area: number
}

export interface Pieces {
  /** The piece each pixel belongs to, from 1; 0 for paper. */
  labels: Int32Array
  pieces: Piece[]
}

/** Darker than this below paper (255) is ink where the paper is smooth; the grain's own spread, times the second, else. */
const leastDepth = 26
const grainsDeep = 5
/** Of the ink's own depth: blurred rims and JPEG's ringing are paler than that. */
const shareOfStrong = 0.3

/** @param image flattened, paper 255 */
export function findInk({ data, width, height }: GreyImage): InkMask {
  const histogram = new Uint32Array(256)
  for (const value of data) histogram[value]!++
  const paper = rank(histogram, 0.5 * data.length)
  // The grain is as wide on the bright side of the median as on the dark one, but flattened paper is cut off at 255.
  const dark = rank(histogram, 0.2 * data.length)
  const grain = Math.max(1, (paper - dark) / 0.84)
  const strong = 255 - rank(histogram, 0.004 * data.length)
  const depth = Math.min(120, Math.max(leastDepth, grainsDeep * grain, shareOfStrong * strong))
  const threshold = 255 - depth
  return { data: data.map((value) => (value < threshold ? 1 : 0)), width, height }
}

/** The grey below which `count` pixels lie. */
function rank(histogram: Uint32Array, count: number): number {
  let left = count
  let grey = 0
  while (grey < 255 && (left -= histogram[grey]!) > 0) grey++
  return grey
}

/** Pieces of ink that touch along sides or corners. */
export function findPieces(cv: Cv, { data, width, height }: InkMask): Pieces {
  return keeping((keep) => {
    const labels = keep(new cv.Mat())
    const stats = keep(new cv.Mat())
    const centroids = keep(new cv.Mat())
    cv.connectedComponentsWithStats(keep(toMat(cv, { data, width, height })), labels, stats, centroids, 8, cv.CV_32S)
    const numbers = stats.data32S
    const pieces = Array.from({ length: stats.rows - 1 }, (_, index) => {
      const [x, y, pieceWidth, pieceHeight, area] = numbers.subarray(5 * (index + 1), 5 * (index + 2))
      return { label: index + 1, x: x!, y: y!, width: pieceWidth!, height: pieceHeight!, area: area! }
    })
    return { labels: new Int32Array(labels.data32S), pieces }
  })
}
