/** 3 × 3 transforms of the plane, row by row. Points are px with whole numbers at pixel centres, as in OpenCV. */
import type { Box, Homography, Quad } from '../register/types'

export const multiply = (a: Homography, b: Homography): Homography =>
  a.map((_, index) => {
    const row = 3 * Math.floor(index / 3)
    const column = index % 3
    return a[row]! * b[column]! + a[row + 1]! * b[column + 3]! + a[row + 2]! * b[column + 6]!
  }) as Homography

/** @throws RangeError where it has no inverse */
export function invert(m: Homography): Homography {
  const [a, b, c, d, e, f, g, h, i] = m
  const determinant = a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g)
  if (!Number.isFinite(1 / determinant)) throw new RangeError('A transform that flattens the plane has no inverse.')
  return [
    e * i - f * h,
    c * h - b * i,
    b * f - c * e,
    f * g - d * i,
    a * i - c * g,
    c * d - a * f,
    d * h - e * g,
    b * g - a * h,
    a * e - b * d
  ].map((value) => value / determinant) as Homography
}

/** The same transform with 1 in its last place. */
export const normalised = (m: Homography): Homography => m.map((value) => value / m[8]) as Homography

export function apply(m: Homography, x: number, y: number): [number, number] {
  const w = m[6] * x + m[7] * y + m[8]
  return [(m[0] * x + m[1] * y + m[2]) / w, (m[3] * x + m[4] * y + m[5]) / w]
}

/** From an image to itself resized: pixel areas, not centres, keep their corners. */
export const resizing = (x: number, y = x): Homography => [x, 0, (x - 1) / 2, 0, y, (y - 1) / 2, 0, 0, 1]

export const translation = (x: number, y: number): Homography => [1, 0, x, 0, 1, y, 0, 0, 1]

/** Corners of a box, clockwise from the upper left. */
export function quadOfBox(m: Homography, { x, y, width, height }: Box): Quad {
  return [
    ...apply(m, x, y),
    ...apply(m, x + width, y),
    ...apply(m, x + width, y + height),
    ...apply(m, x, y + height)
  ] as Quad
}

/** The transform that takes a box to four corners. @throws RangeError where three of them lie on a line */
export function fromCorners({ x, y, width, height }: Box, quad: Quad): Homography {
  const [x0, y0, x1, y1, x2, y2, x3, y3] = quad
  // The unit square to a quadrilateral: P. Heckbert, Fundamentals of Texture Mapping and Image Warping, 1989, 2.2.3.
  const sx = x0 - x1 + x2 - x3
  const sy = y0 - y1 + y2 - y3
  const dx1 = x1 - x2
  const dx2 = x3 - x2
  const dy1 = y1 - y2
  const dy2 = y3 - y2
  const determinant = dx1 * dy2 - dx2 * dy1
  if (!Number.isFinite(1 / determinant)) throw new RangeError('Three corners lie on one line.')
  const g = (sx * dy2 - dx2 * sy) / determinant
  const h = (dx1 * sy - sx * dy1) / determinant
  const square: Homography = [x1 - x0 + g * x1, x3 - x0 + h * x3, x0, y1 - y0 + g * y1, y3 - y0 + h * y3, y0, g, h, 1]
  return normalised(multiply(square, [1 / width, 0, -x / width, 0, 1 / height, -y / height, 0, 0, 1]))
}

/** Page px a template px at a point: along x, along y, and whether left and right are where they belong (above 0). */
export function scalesAt(m: Homography, x: number, y: number): { x: number; y: number; area: number } {
  const [px, py] = apply(m, x, y)
  const [ax, ay] = apply(m, x + 1, y)
  const [bx, by] = apply(m, x, y + 1)
  return {
    x: Math.hypot(ax - px, ay - py),
    y: Math.hypot(bx - px, by - py),
    area: (ax - px) * (by - py) - (ay - py) * (bx - px)
  }
}

/** Quarter turns clockwise that bring a page upright again on which a template lies so. */
export function quarterTurns(m: Homography, x: number, y: number): 0 | 1 | 2 | 3 {
  const [px, py] = apply(m, x, y)
  const [ax, ay] = apply(m, x + 1, y)
  const angle = Math.atan2(ay - py, ax - px)
  return ((4 - Math.round(angle / (Math.PI / 2))) % 4) as 0 | 1 | 2 | 3
}
