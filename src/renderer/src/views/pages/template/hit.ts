/** What lies under the pointer, in px of the page. */
import { contains, overlaps, type Box, type Point } from '../geometry/shapes'
import { leastSide } from './draft'

/** Compass points of the eight handles of a box. */
export const handles = ['nw', 'n', 'ne', 'e', 'se', 's', 'sw', 'w'] as const
export type Handle = (typeof handles)[number]

export const handlePlace = (box: Box, handle: Handle): Point => ({
  x: box.x + (handle.includes('w') ? 0 : handle.includes('e') ? box.width : box.width / 2),
  y: box.y + (handle.includes('n') ? 0 : handle.includes('s') ? box.height : box.height / 2)
})

/** The handle within reach of a point: corners before sides. */
export function handleAt(box: Box, point: Point, reach: number): Handle | null {
  const near = handles
    .map((handle) => {
      const place = handlePlace(box, handle)
      return { handle, distance: Math.max(Math.abs(place.x - point.x), Math.abs(place.y - point.y)) }
    })
    .filter(({ distance }) => distance <= reach)
    .sort((a, b) => b.handle.length - a.handle.length || a.distance - b.distance)
  return near[0]?.handle ?? null
}

/** The box under a point: of several the smallest, so that one within another can be had. */
export function boxAt<T extends Box>(boxes: readonly T[], point: Point, reach = 0): T | null {
  const grown = (box: Box): Box => ({
    x: box.x - reach,
    y: box.y - reach,
    width: box.width + 2 * reach,
    height: box.height + 2 * reach
  })
  const under = boxes.filter((box) => contains(grown(box), point))
  return under.sort((a, b) => a.width * a.height - b.width * b.height)[0] ?? null
}

export const boxesIn = <T extends Box>(boxes: readonly T[], area: Box): T[] =>
  boxes.filter((box) => overlaps(box, area))

/** A box whose handle was pulled; its other side stays, and it never turns inside out. */
export function resize(box: Box, handle: Handle, by: Point): Box {
  const west = handle.includes('w') ? Math.min(by.x, box.width - leastSide) : 0
  const north = handle.includes('n') ? Math.min(by.y, box.height - leastSide) : 0
  const east = handle.includes('e') ? Math.max(by.x, leastSide - box.width) : 0
  const south = handle.includes('s') ? Math.max(by.y, leastSide - box.height) : 0
  return {
    x: box.x + west,
    y: box.y + north,
    width: box.width - west + east,
    height: box.height - north + south
  }
}
