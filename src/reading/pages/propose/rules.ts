/** Ruled and dotted lines to write on: the room above them. */
import type { Box, ProposedBox } from '../register/types'
import { fromMat, toMat, type GreyImage } from '../vision/image'
import { keeping, type Cv } from '../vision/opencv'
import { inkOf, piecesOf, runs } from './segments'

/** Of the page's longer side: a line to write on is so long, a dot so large, a gap between dots so wide. */
const leastLength = 0.04
const mostDot = 0.0035
const mostGap = 0.009
/** A ruled line is no thicker; a shaded bar is. */
const mostThickness = 0.004
/** Room above a line: as much as is free, between these. */
const leastRoom = 0.012
const mostRoom = 0.028
/** A line as wide as the form parts it; nobody writes on it. Share of the page's width. */
const partingShare = 0.72

/** @param cells frames found already: their sides are no lines to write on */
export function findRules(cv: Cv, page: GreyImage, cells: Box[]): ProposedBox[] {
  const longest = Math.max(page.width, page.height)
  const ink = inkOf(page)
  const solid = piecesOf(cv, runs(cv, ink, true, leastLength * longest), 8).map((line) => ({ line, score: 0.8 }))
  const dotted = dottedLines(cv, ink, longest).map((line) => ({ line, score: 0.7 }))
  return [...solid, ...dotted].flatMap(({ line, score }): ProposedBox[] => {
    if (line.height > mostThickness * longest || line.width < leastLength * longest) return []
    if (line.width > partingShare * page.width || cells.some((cell) => isSideOf(line, cell))) return []
    const room = roomAbove(ink, line, leastRoom * longest, mostRoom * longest)
    if (room === null) return []
    return [{ x: line.x, y: line.y - room, width: line.width, height: room, kind: 'line', score }]
  })
}

/** Dots in a row, joined. */
function dottedLines(cv: Cv, ink: GreyImage, longest: number): Box[] {
  const dots = { ...ink, data: new Uint8Array(ink.data.length) }
  for (const { x, y, width, height } of piecesOf(cv, ink, 8)) {
    if (Math.max(width, height) > Math.max(3, mostDot * longest)) continue
    for (let row = y; row < y + height; row++) {
      const at = row * ink.width + x
      dots.data.set(ink.data.subarray(at, at + width), at)
    }
  }
  const joined = keeping((keep) => {
    const mat = keep(toMat(cv, dots))
    const gap = new cv.Size(Math.max(3, Math.round(mostGap * longest)), 1)
    cv.morphologyEx(mat, mat, cv.MORPH_CLOSE, keep(cv.getStructuringElement(cv.MORPH_RECT, gap)))
    return fromMat(mat)
  })
  return piecesOf(cv, joined, 8).filter(({ width, height }) => width > 8 * height)
}

const isSideOf = (line: Box, cell: Box): boolean =>
  line.x < cell.x + cell.width &&
  line.x + line.width > cell.x &&
  line.y > cell.y - 6 &&
  line.y < cell.y + cell.height + 6

/** Rows without print above the line, at most `most`; null where there are fewer than `least`. */
function roomAbove({ data, width }: GreyImage, line: Box, least: number, most: number): number | null {
  let room = 0
  for (let row = line.y - 3; row >= 0 && room < most; row--, room++) {
    let ink = 0
    for (let column = line.x; column < line.x + line.width; column++) if (data[row * width + column]) ink++
    // Handwriting on the line is not in its way; another line, or a line of print, is.
    if (ink > 0.5 * line.width) break
  }
  return room >= least ? Math.round(room) : null
}
