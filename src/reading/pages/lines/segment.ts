/** Pieces of ink to lines in reading order; letters of one line overlap in height, lines do not. */
import type { Piece } from '../crop/ink'
import type { Box } from '../register/types'

export interface Line {
  pieces: Piece[]
  /** Around the pieces' ink; the whole field where there is none. */
  box: Box
}

/** Letters are at least so high for the highest piece; dots, accents and hyphens are not. */
const letterShare = 0.35
/** Share of the lower one's height by which two letters beside each other overlap. */
const overlapShare = 0.45
/** Share of a line's height that its letters have at least. */
const leastLetter = 0.6
/** A line is so many letters' heights wide, or its ink is the next line's. */
const leastWidth = 2.2
/** Share of the smaller line's height that lies beside the other: more, and they are one line. */
const mostOverlap = 0.2

/** @param field box of the field in the same px @returns at least one line */
export function segmentLines(pieces: Piece[], field: Box): Line[] {
  if (pieces.length === 0) return [{ pieces, box: field }]
  const whole = { pieces, box: around(pieces) }
  const highest = percentileHeight(pieces)
  const letters = pieces.filter(({ height }) => height >= letterShare * highest)
  const groups = join(letters)
    .map((group) => ({ pieces: group, box: around(group) }))
    .sort((a, b) => middle(a.box) - middle(b.box))
  const lines = mergeUnclear(groups, highest)
  if (lines.length < 2) return [whole]
  for (const piece of pieces) {
    if (letters.includes(piece)) continue
    nearest(lines, piece).pieces.push(piece)
  }
  return lines.map(({ pieces: own }) => ({ pieces: own, box: around(own) }))
}

const middle = ({ y, height }: Box): number => y + height / 2

export function around(boxes: Box[]): Box {
  const x = Math.min(...boxes.map((box) => box.x))
  const y = Math.min(...boxes.map((box) => box.y))
  const right = Math.max(...boxes.map((box) => box.x + box.width))
  const bottom = Math.max(...boxes.map((box) => box.y + box.height))
  return { x, y, width: right - x, height: bottom - y }
}

/** How high capitals are in a line: broken strokes are lower than a letter, a stray stroke makes the line higher. */
export const letterHeight = (pieces: Piece[], box: Box): number =>
  Math.max(percentileHeight(pieces), leastLetter * box.height)

/** A letter's height: of the heights, weighted by themselves, the upper quarter's. */
function percentileHeight(pieces: Piece[]): number {
  const heights = pieces.map(({ height }) => height).sort((a, b) => b - a)
  let left = 0.25 * heights.reduce((sum, height) => sum + height, 0)
  for (const height of heights) if ((left -= height) <= 0) return height
  return heights[0]!
}

/** Letters that overlap in height, of those not too far apart: a line may climb. */
function join(letters: Piece[]): Piece[][] {
  const groupOf = letters.map((_, index) => index)
  const find = (index: number): number => (groupOf[index] === index ? index : (groupOf[index] = find(groupOf[index]!)))
  letters.forEach((one, first) => {
    letters.forEach((other, second) => {
      if (second <= first) return
      const overlap = Math.min(one.y + one.height, other.y + other.height) - Math.max(one.y, other.y)
      const gap = Math.max(one.x, other.x) - Math.min(one.x + one.width, other.x + other.width)
      const lower = Math.min(one.height, other.height)
      if (overlap >= overlapShare * lower && gap < 8 * Math.max(one.height, other.height))
        groupOf[find(first)] = find(second)
    })
  })
  const groups = new Map<number, Piece[]>()
  letters.forEach((letter, index) => groups.set(find(index), [...(groups.get(find(index)) ?? []), letter]))
  return [...groups.values()]
}

/** Groups that are no line of their own join the next: too narrow, or not clear of it in height. */
function mergeUnclear(groups: { pieces: Piece[]; box: Box }[], letter: number): { pieces: Piece[]; box: Box }[] {
  const lines = [...groups]
  for (let changed = true; changed && lines.length > 1;) {
    changed = false
    for (let index = 0; index + 1 < lines.length && !changed; index++) {
      const [upper, lower] = [lines[index]!, lines[index + 1]!]
      const overlap = upper.box.y + upper.box.height - lower.box.y
      const smaller = Math.min(upper.box.height, lower.box.height)
      const narrow = Math.min(upper.box.width, lower.box.width) < leastWidth * letter
      if (!narrow && overlap < mostOverlap * smaller) continue
      const pieces = [...upper.pieces, ...lower.pieces]
      lines.splice(index, 2, { pieces, box: around(pieces) })
      changed = true
    }
  }
  return lines
}

function nearest(lines: { pieces: Piece[]; box: Box }[], piece: Box): { pieces: Piece[]; box: Box } {
  const distance = ({ box }: { box: Box }): number =>
    Math.max(0, box.y - middle(piece), middle(piece) - box.y - box.height)
  return lines.reduce((best, line) => (distance(line) < distance(best) ? line : best))
}
