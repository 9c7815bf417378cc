/** Points, boxes and quads. y grows downwards; a quad is clockwise from its own top left, as eight numbers. */
export interface Point {
  x: number
  y: number
}
export interface Size {
  width: number
  height: number
}
export interface Box extends Point, Size {}

export const right = (box: Box): number => box.x + box.width
export const bottom = (box: Box): number => box.y + box.height

/** A box from two opposite corners, whichever they are. */
export const boxBetween = (a: Point, b: Point): Box => ({
  x: Math.min(a.x, b.x),
  y: Math.min(a.y, b.y),
  width: Math.abs(a.x - b.x),
  height: Math.abs(a.y - b.y)
})

export const roundBox = <T extends Box>(box: T): T => {
  const x = Math.round(box.x)
  const y = Math.round(box.y)
  return { ...box, x, y, width: Math.round(right(box)) - x, height: Math.round(bottom(box)) - y }
}

export const contains = (box: Box, point: Point): boolean =>
  point.x >= box.x && point.x <= right(box) && point.y >= box.y && point.y <= bottom(box)

export const overlaps = (a: Box, b: Box): boolean =>
  a.x < right(b) && b.x < right(a) && a.y < bottom(b) && b.y < bottom(a)

/** The smallest box around all of these, or null for none. */
export function boxAround(boxes: readonly Box[]): Box | null {
  if (boxes.length === 0) return null
  const x = Math.min(...boxes.map((box) => box.x))
  const y = Math.min(...boxes.map((box) => box.y))
  return {
    x,
    y,
    width: Math.max(...boxes.map(right)) - x,
    height: Math.max(...boxes.map(bottom)) - y
  }
}

export const cornersOfBox = (box: Box): Point[] => [
  { x: box.x, y: box.y },
  { x: right(box), y: box.y },
  { x: right(box), y: bottom(box) },
  { x: box.x, y: bottom(box) }
]

/** The four corners of eight numbers. */
export const cornersOf = (quad: readonly number[]): Point[] =>
  [0, 1, 2, 3].map((n) => ({ x: quad[2 * n] ?? 0, y: quad[2 * n + 1] ?? 0 }))

export const quadOf = (corners: readonly Point[]): number[] => corners.flatMap(({ x, y }) => [x, y])

/** `points` of an SVG polygon. */
export const svgPoints = (corners: readonly Point[]): string =>
  corners.map(({ x, y }) => `${x.toFixed(1)},${y.toFixed(1)}`).join(' ')

/** Twice the area of a polygon, positive where it is clockwise on the screen. */
const doubleArea = (corners: readonly Point[]): number =>
  corners.reduce((sum, a, index) => {
    const b = corners[(index + 1) % corners.length]!
    return sum + a.x * b.y - b.x * a.y
  }, 0)

export const areaOf = (corners: readonly Point[]): number => Math.abs(doubleArea(corners)) / 2

export type CornerProblem = 'crossed' | 'mirrored' | 'small'

/** Why four corners can't be those of a sheet, or null. A sheet covers at least a twentieth of its page. */
export function cornerProblem(corners: readonly Point[], page: Size): CornerProblem | null {
  const turns = corners.map((a, index) => {
    const b = corners[(index + 1) % 4]!
    const c = corners[(index + 2) % 4]!
    return Math.sign((b.x - a.x) * (c.y - b.y) - (b.y - a.y) * (c.x - b.x))
  })
  if (turns.some((turn) => turn !== turns[0])) return turns.includes(0) ? 'small' : 'crossed'
  if (turns[0] === -1) return 'mirrored'
  return areaOf(corners) < (page.width * page.height) / 20 ? 'small' : null
}

/** Whether a point lies in a convex polygon, whichever way round it goes. */
export function insidePolygon(point: Point, corners: readonly Point[]): boolean {
  const sides = corners.map((a, index) => {
    const b = corners[(index + 1) % corners.length]!
    return Math.sign((b.x - a.x) * (point.y - a.y) - (b.y - a.y) * (point.x - a.x))
  })
  return !(sides.includes(1) && sides.includes(-1))
}

export const middleOf = (corners: readonly Point[]): Point => ({
  x: corners.reduce((sum, { x }) => sum + x, 0) / corners.length,
  y: corners.reduce((sum, { y }) => sum + y, 0) / corners.length
})
