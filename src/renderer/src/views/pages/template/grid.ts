/** Rows × columns of boxes from one gesture: for registers. */
import type { FieldKind } from '../../../../../shared/forms'
import { boxAround, bottom, overlaps, right, roundBox, type Box } from '../geometry/shapes'
import { createBox, type DraftBox } from './draft'

export interface GridPlan {
  rows: number
  columns: number
  /** px between boxes. */
  gapX: number
  gapY: number
  /** With {row}, {column} and {n}; `{row:2}` has at least two digits. */
  pattern: string
  /** What {column} stands for, from the left; where it ends, numbers go on. */
  columnNames: string[]
  /** Reading order: along each row first, or down each column. */
  by: 'rows' | 'columns'
  kind: FieldKind
}

export const mostInGrid = 100

/** The cells of an area, row by row. */
export function cellsOf(area: Box, { rows, columns, gapX, gapY }: GridPlan): Box[][] {
  const width = Math.max(1, (area.width - gapX * (columns - 1)) / columns)
  const height = Math.max(1, (area.height - gapY * (rows - 1)) / rows)
  return Array.from({ length: rows }, (_, row) =>
    Array.from({ length: columns }, (_, column) =>
      roundBox({ x: area.x + column * (width + gapX), y: area.y + row * (height + gapY), width, height })
    )
  )
}

export function nameOf(
  pattern: string,
  row: number,
  column: number,
  n: number,
  columnNames: readonly string[]
): string {
  return pattern.replaceAll(/\{(row|column|n)(?::(\d))?\}/g, (_, what: string, digits?: string) => {
    if (what === 'column' && columnNames[column]) return columnNames[column]
    const value = what === 'row' ? row + 1 : what === 'column' ? column + 1 : n + 1
    return String(value).padStart(Number(digits ?? 1), '0')
  })
}

/** Boxes in reading order, named. `cells` may be those of `cellsOf` or the printed ones. */
export function gridBoxes(cells: readonly (readonly Box[])[], plan: GridPlan): DraftBox[] {
  const columns = Math.max(0, ...cells.map((row) => row.length))
  const places = cells.flatMap((row, r) => row.map((box, c) => ({ box, r, c })))
  if (plan.by === 'columns') places.sort((a, b) => a.c - b.c || a.r - b.r)
  return places.map(({ box, r, c }, n) =>
    createBox(box, nameOf(plan.pattern, r, c, n, columns > 0 ? plan.columnNames : []), { kind: plan.kind })
  )
}

/** Sorts starts into as few places as there are rows (or columns): those closer than half a size are one. */
function places(boxes: readonly Box[], along: 'x' | 'y'): number[] {
  const size = along === 'x' ? 'width' : 'height'
  const middles = boxes.map((box) => box[along] + box[size] / 2).sort((a, b) => a - b)
  const sizes = boxes.map((box) => box[size]).sort((a, b) => a - b)
  const apart = (sizes[Math.floor(sizes.length / 2)] ?? 0) / 2
  const found: number[] = []
  for (const middle of middles) if (found.length === 0 || middle - found.at(-1)! > apart) found.push(middle)
  return found
}

/**
 * What is printed in an area, where it is a full grid: then its own cells are taken, to the pixel. Null where it isn't,
 * or where there is one cell only.
 */
export function printedGrid(area: Box, printed: readonly Box[]): Box[][] | null {
  const inside = printed.filter((box) => overlaps(box, area) && share(box, area) > 0.6)
  if (inside.length < 2) return null
  const rows = places(inside, 'y')
  const columns = places(inside, 'x')
  const cells = rows.map((y) =>
    columns.map((x) => inside.find((box) => box.x <= x && x <= right(box) && box.y <= y && y <= bottom(box)))
  )
  const full = cells.every((row) => row.every((cell) => cell !== undefined))
  const distinct = new Set(cells.flat()).size === rows.length * columns.length
  return full && distinct && inside.length === rows.length * columns.length ? (cells as Box[][]) : null
}

/** How much of a box lies within an area. */
function share(box: Box, area: Box): number {
  const width = Math.min(right(box), right(area)) - Math.max(box.x, area.x)
  const height = Math.min(bottom(box), bottom(area)) - Math.max(box.y, area.y)
  return (Math.max(0, width) * Math.max(0, height)) / Math.max(1, box.width * box.height)
}

export const areaOfCells = (cells: readonly (readonly Box[])[]): Box | null => boxAround(cells.flat())
