/** Where the cells of a text are drawn, in screen px. */
import { spread, type Cell } from './cells'

export interface PlacedCell extends Cell {
  left: number
  width: number
}

export interface Placed {
  cells: PlacedCell[]
  fontSize: number
}

/** Room left and right of a character's box, px at full size. */
const padding = 5
const fontSizeLeast = 13

/**
 * @param scale screen px for a px of the crop; @param origin screen px of the crop's left edge
 * @param room screen px that the cells may use, from 0
 */
export function placeOnScreen(
  cells: readonly Cell[],
  { scale, origin, room, fontSize }: { scale: number; origin: number; room: number; fontSize: number },
  measure: (text: string, fontSize: number) => number
): Placed {
  const widthsAt = (size: number): number[] =>
    cells.map((cell) => Math.max(measure(cell.text, size), size * 0.28) + (padding * 2 * size) / fontSize)
  const total = widthsAt(fontSize).reduce((sum, width) => sum + width, 0)
  const size = Math.max(fontSizeLeast, Math.min(fontSize, (fontSize * room) / Math.max(total, 1)))
  const widths = widthsAt(size)
  const centres = cells.map((cell) => origin + cell.centre * scale)
  const places = spread(centres, widths, 0, room)
  return {
    fontSize: size,
    cells: cells.map((cell, index) => ({
      ...cell,
      width: widths[index]!,
      left: places[index]! - widths[index]! / 2
    }))
  }
}

/** Where a caret before the character at `index` stands; `index` may be one past the last. */
export function caretPlace(cells: readonly PlacedCell[], index: number, middle: number): number {
  const before = cells[index - 1]
  const after = cells[index]
  if (before && after) return (before.left + before.width + after.left) / 2
  if (after) return after.left
  return before ? before.left + before.width : middle
}
