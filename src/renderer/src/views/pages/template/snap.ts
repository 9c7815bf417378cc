/** Draws edges to what is printed on the page and to other boxes, within a few screen px. */
import { bottom, right, type Box } from '../geometry/shapes'

export interface Guides {
  /** Places of vertical and of horizontal edges, page px. */
  x: number[]
  y: number[]
}
export interface Edges {
  left: boolean
  right: boolean
  top: boolean
  bottom: boolean
}
export const allEdges: Edges = { left: true, right: true, top: true, bottom: true }

export interface Snapped {
  box: Box
  /** The lines it was drawn to, to be shown. */
  x: number | null
  y: number | null
}

/** The edges of these boxes; of a written line only its ends and the line itself. */
export const guidesOf = (boxes: readonly Box[]): Guides => ({
  x: boxes.flatMap((box) => [box.x, right(box)]),
  y: boxes.flatMap((box) => [box.y, bottom(box)])
})

/** The nearest guide within reach of any of these places. */
function pull(places: readonly number[], guides: readonly number[], reach: number): { by: number; at: number } | null {
  let found: { by: number; at: number } | null = null
  for (const place of places) {
    for (const guide of guides) {
      const by = guide - place
      if (Math.abs(by) <= reach && (found === null || Math.abs(by) < Math.abs(found.by))) found = { by, at: guide }
    }
  }
  return found
}

/** A box that is moved: its size stays. */
export function snapMove(box: Box, guides: Guides, reach: number): Snapped {
  const x = pull([box.x, right(box)], guides.x, reach)
  const y = pull([box.y, bottom(box)], guides.y, reach)
  return {
    box: { ...box, x: box.x + (x?.by ?? 0), y: box.y + (y?.by ?? 0) },
    x: x?.at ?? null,
    y: y?.at ?? null
  }
}

/** A box that is drawn or resized: each moving edge goes to its own guide. */
export function snapEdges(box: Box, edges: Edges, guides: Guides, reach: number): Snapped {
  const pulled = (moving: boolean, place: number, along: readonly number[]) =>
    moving ? pull([place], along, reach) : null
  const left = pulled(edges.left, box.x, guides.x)
  const end = pulled(edges.right, right(box), guides.x)
  const top = pulled(edges.top, box.y, guides.y)
  const foot = pulled(edges.bottom, bottom(box), guides.y)
  const x = box.x + (left?.by ?? 0)
  const y = box.y + (top?.by ?? 0)
  return {
    box: {
      x,
      y,
      width: Math.max(1, right(box) + (end?.by ?? 0) - x),
      height: Math.max(1, bottom(box) + (foot?.by ?? 0) - y)
    },
    x: left?.at ?? end?.at ?? null,
    y: top?.at ?? foot?.at ?? null
  }
}
