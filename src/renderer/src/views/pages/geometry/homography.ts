/**
 * The projective map from a template to a page: nine numbers, row by row. From four corners it is had in closed form
 * (Heckbert, Fundamentals of Texture Mapping and Image Warping, 1989, section 2.2.3).
 */
import type { Box, Point, Size } from './shapes'
import { cornersOfBox } from './shapes'

/** The map that lays a sheet of this size on four corners, given clockwise from the sheet's own top left. */
export function mapOnto(sheet: Size, corners: readonly Point[]): number[] {
  const [p0, p1, p2, p3] = corners as [Point, Point, Point, Point]
  const dx1 = p1.x - p2.x
  const dx2 = p3.x - p2.x
  const dy1 = p1.y - p2.y
  const dy2 = p3.y - p2.y
  const sx = p0.x - p1.x + p2.x - p3.x
  const sy = p0.y - p1.y + p2.y - p3.y
  const determinant = dx1 * dy2 - dx2 * dy1
  // Corners on one line have no map: what comes out is flat, and said to be wrong where they are drawn.
  const g = determinant === 0 ? 0 : (sx * dy2 - dx2 * sy) / determinant
  const h = determinant === 0 ? 0 : (dx1 * sy - sx * dy1) / determinant
  const { width, height } = sheet
  return [
    (p1.x - p0.x + g * p1.x) / width,
    (p3.x - p0.x + h * p3.x) / height,
    p0.x,
    (p1.y - p0.y + g * p1.y) / width,
    (p3.y - p0.y + h * p3.y) / height,
    p0.y,
    g / width,
    h / height,
    1
  ]
}

export function project(map: readonly number[], { x, y }: Point): Point {
  const [a, b, c, d, e, f, g, h, i] = map as [number, number, number, number, number, number, number, number, number]
  const w = g * x + h * y + i
  return { x: (a * x + b * y + c) / w, y: (d * x + e * y + f) / w }
}

/** The corners of a template's box on the page. */
export const projectBox = (map: readonly number[], box: Box): Point[] =>
  cornersOfBox(box).map((corner) => project(map, corner))

/** Where the template's own corners lie on the page. */
export const sheetCorners = (map: readonly number[], sheet: Size): Point[] => projectBox(map, { x: 0, y: 0, ...sheet })
