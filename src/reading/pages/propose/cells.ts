/** Rectangles that printed lines enclose: frames, table cells, tick squares. */
import type { ProposedBox } from '../register/types'
import type { GreyImage } from '../vision/image'
import type { Cv } from '../vision/opencv'
import { inkOf, piecesOf, runs } from './segments'

/** Of the page's longer side: a tick square's sides, a field's least height and width, the largest field. */
const tickLeast = 0.0035
const tickMost = 0.022
const leastHeight = 0.011
const leastWidth = 0.03
const mostShare = 0.6
/** How much of its box a cell fills: handwriting leaves some, a round letter's inside less. */
const fillsFrom = { box: 0.6, tick: 0.93 }
/** How much of its outline is a printed line. */
const closedFrom = { box: 0.85, tick: 0.9 }
/** px, and share of a side's length, by which the line may lie beside it: a scan is never quite straight. */
const besideLine = 2
const besideShare = 0.006
/** px from the inside to the middle of the line around it. */
const halfLine = 1

export function findCells(cv: Cv, page: GreyImage): ProposedBox[] {
  const longest = Math.max(page.width, page.height)
  const ink = inkOf(page)
  const lines = grid(cv, ink)
  const cells = piecesOf(cv, inverted(lines), 4).filter(
    ({ width, height }) =>
      width >= leastWidth * longest && height >= leastHeight * longest && width * height < mostShare * ink.data.length
  )
  // Of all ink, not of long lines: a letter's inside is round, a square's is not.
  const ticks = piecesOf(cv, inverted(ink), 4).filter(
    ({ width, height }) =>
      Math.min(width, height) >= tickLeast * longest &&
      Math.max(width, height) <= tickMost * longest &&
      Math.max(width, height) < 1.25 * Math.min(width, height)
  )
  return [
    ...cells.flatMap((cell) => proposalsOf(cell, 'box', lines)),
    ...ticks.flatMap((tick) => proposalsOf(tick, 'tick', ink))
  ]
}

/** 255 on horizontal and vertical lines. */
function grid(cv: Cv, ink: GreyImage): GreyImage {
  const across = runs(cv, ink, true)
  const down = runs(cv, ink, false)
  return { ...ink, data: across.data.map((value, at) => value | down.data[at]!) }
}

const inverted = (mask: GreyImage): GreyImage => ({ ...mask, data: mask.data.map((value) => 255 - value) })

type Piece = ReturnType<typeof piecesOf>[number]

function proposalsOf(piece: Piece, kind: 'box' | 'tick', lines: GreyImage): ProposedBox[] {
  const { x, y, width, height, area } = piece
  const fills = area / (width * height)
  const closed = closedness(piece, lines)
  // What touches the edge of the page is the page around the form.
  const atEdge = x === 0 || y === 0 || x + width === lines.width || y + height === lines.height
  if (atEdge || fills < fillsFrom[kind] || closed < closedFrom[kind]) return []
  if (kind === 'tick' && !(hasCorners(piece, lines) && standsAlone(piece, lines))) return []
  const box = { x: x - halfLine, y: y - halfLine, width: width + 2 * halfLine, height: height + 2 * halfLine }
  return [{ ...box, kind, score: Math.round(100 * closed * Math.sqrt(fills)) / 100 }]
}

/** Any line within a small rectangle, its corners included. */
function hasLine(
  { data, width, height }: GreyImage,
  left: number,
  top: number,
  right: number,
  bottom: number
): boolean {
  for (let row = Math.max(0, Math.round(top)); row <= Math.min(height - 1, Math.round(bottom)); row++)
    for (let column = Math.max(0, Math.round(left)); column <= Math.min(width - 1, Math.round(right)); column++)
      if (data[row * width + column]) return true
  return false
}

/** Share of a cell's outline that is a printed line. */
function closedness({ x, y, width, height }: Piece, lines: GreyImage): number {
  const beside = besideLine + besideShare * width
  const below = besideLine + besideShare * height
  let lined = 0
  for (let column = x; column < x + width; column++) {
    if (hasLine(lines, column, y - besideLine, column, y - 1 + beside)) lined++
    if (hasLine(lines, column, y + height - beside, column, y + height - 1 + besideLine)) lined++
  }
  for (let row = y; row < y + height; row++) {
    if (hasLine(lines, x - besideLine, row, x - 1 + below, row)) lined++
    if (hasLine(lines, x + width - below, row, x + width - 1 + besideLine, row)) lined++
  }
  return lined / (2 * (width + height))
}

/** A square has corners where an O or a D has none. */
const hasCorners = ({ x, y, width, height }: Piece, lines: GreyImage): boolean =>
  [x - 1, x + width].every((column) => [y - 1, y + height].every((row) => lines.data[row * lines.width + column] !== 0))

/** Sizes of paper to the left and right of a square to tick; letters stand closer. */
const aloneFrom = 0.6
/** px that a square's line may be thick. */
const thickest = 4

function standsAlone({ x, y, width, height }: Piece, ink: GreyImage): boolean {
  const free = aloneFrom * width
  return (
    !hasLine(ink, x - thickest - free, y, x - thickest - 1, y + height - 1) &&
    !hasLine(ink, x + width + thickest, y, x + width + thickest + free, y + height - 1)
  )
}
