/**
 * Guesses from the largest connected pieces of print: a table is one, and its four corners say where it lies, also seen
 * askew, when its rows all look alike and keypoints tell nothing.
 */
import { fromCorners, invert, multiply } from '../vision/homography'
import { toMat, type GreyImage } from '../vision/image'
import { keeping, type Cv } from '../vision/opencv'
import type { Homography, Quad } from './types'

/** Pieces compared on either side. */
const mostPieces = 3
/** Share of the image's longer side that a piece's box must have. */
const leastSize = 0.15
/** Grey that is ink still where lines are thin and blurred. */
const inkBelow = 185

/** Corners of the largest pieces of ink, the largest first. */
export function findOutlines(cv: Cv, image: GreyImage): Quad[] {
  return keeping((keep) => {
    const ink = keep(new cv.Mat())
    cv.threshold(keep(toMat(cv, image)), ink, inkBelow, 255, cv.THRESH_BINARY_INV)
    // Lines that a coarse scan broke hold together again.
    cv.dilate(ink, ink, keep(cv.Mat.ones(3, 3, cv.CV_8U)))
    const contours = keep(new cv.MatVector())
    const hierarchy = keep(new cv.Mat())
    cv.findContours(ink, contours, hierarchy, cv.RETR_EXTERNAL, cv.CHAIN_APPROX_SIMPLE)
    const longest = Math.max(image.width, image.height)
    const pieces: { quad: Quad; size: number }[] = []
    for (let index = 0; index < contours.size(); index++) {
      const contour = keep(contours.get(index))
      const { width, height } = cv.boundingRect(contour)
      if (Math.min(width, height) < leastSize * longest) continue
      const hull = keep(new cv.Mat())
      cv.convexHull(contour, hull, true)
      pieces.push({ quad: widestQuad(hull.data32S), size: width * height })
    }
    return pieces
      .sort((a, b) => b.size - a.size)
      .slice(0, mostPieces)
      .map(({ quad }) => quad)
  })
}

/** The four points of a hull that span the largest area, clockwise from the upper left. */
function widestQuad(hull: Int32Array): Quad {
  const points = Array.from(
    { length: hull.length / 2 },
    (_, index) => [hull[2 * index]!, hull[2 * index + 1]!] as const
  )
  const area = (a: number, b: number, c: number): number => {
    const [ax, ay] = points[a]!
    const [bx, by] = points[b]!
    const [cx, cy] = points[c]!
    return Math.abs((bx - ax) * (cy - ay) - (by - ay) * (cx - ax))
  }
  let best: [number, number, number, number] = [0, 0, 0, 0]
  let most = -1
  // On a convex polygon the best third points on either side of a diagonal are found apart.
  for (let first = 0; first < points.length; first++)
    for (let third = first + 1; third < points.length; third++) {
      let second = first
      let fourth = third
      for (let between = first + 1; between < third; between++)
        if (area(first, between, third) > area(first, second, third)) second = between
      for (let beyond = third + 1; beyond < first + points.length; beyond++)
        if (area(third, beyond % points.length, first) > area(third, fourth % points.length, first)) fourth = beyond
      const total = area(first, second, third) + area(third, fourth % points.length, first)
      if (total > most) {
        most = total
        best = [first, second, third, fourth % points.length]
      }
    }
  const corners = best.map((index) => points[index]!)
  const middleX = corners.reduce((sum, [x]) => sum + x, 0) / 4
  const middleY = corners.reduce((sum, [, y]) => sum + y, 0) / 4
  corners.sort((a, b) => Math.atan2(a[1] - middleY, a[0] - middleX) - Math.atan2(b[1] - middleY, b[0] - middleX))
  return corners.flat() as Quad
}

/** Every piece of the template on every piece of the page, each of four ways round. */
export function matchOutlines(template: Quad[], page: Quad[]): Homography[] {
  const unit = { x: 0, y: 0, width: 1, height: 1 }
  return template.flatMap((own) =>
    page.flatMap((other) =>
      [0, 2, 4, 6].flatMap((turn) => {
        const turned = [...other.slice(turn), ...other.slice(0, turn)] as Quad
        try {
          return [multiply(fromCorners(unit, turned), invert(fromCorners(unit, own)))]
        } catch {
          return [] // a piece without an area
        }
      })
    )
  )
}
