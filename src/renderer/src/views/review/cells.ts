/**
 * Characters under their ink. A text, edited or not, is aligned with what was read: characters that are still there
 * keep the place they were read from, replaced ones take over the place, new ones stand between their neighbours.
 */
import type { Character } from '../../../../shared/domain'
import { align, graphemes } from '../../lib/alignment'

/** Characters that the model is less sure of than this are shown as doubtful. */
export const doubtfulBelow = 0.8

export interface Cell {
  text: string
  /** Where it is in the text, in UTF-16 units, as an input's selection counts. */
  offset: number
  /** px of the upright crop. */
  centre: number
  doubtful: boolean
  /** Index of the read character that it stands for; null for a new one. */
  from: number | null
}

/**
 * What was read, each character at most as sure as the other readings leave it: where one of them has another character, has
 * it not, or has one more beside it, its probability is doubt. A letter or a space that may be missing is seen by nothing else.
 */
export function weighed(
  characters: readonly Character[],
  alternatives: readonly { text: string; probability: number }[]
): Character[] {
  const doubt = new Float64Array(characters.length)
  const read = characters.map((character) => character.text)
  for (const { text, probability } of alternatives) {
    const contested = new Set<number>()
    let last = -1
    let missing = false
    for (const { from, same } of align(read, graphemes(text))) {
      if (from === null) {
        contested.add(last)
        missing = true
        continue
      }
      if (!same || missing) contested.add(from)
      missing = false
      last = from
    }
    for (const place of contested) if (place >= 0) doubt[place]! += probability
  }
  return characters.map((character, place) => ({
    ...character,
    confidence: Math.min(character.confidence, 1 - doubt[place]!)
  }))
}

/**
 * Places the characters of `text` on a crop of `width` px.
 * @param characters what was read, spans in px of the crop; may be empty
 */
export function placeCells(text: string, characters: readonly Character[], width: number): Cell[] {
  const shown = graphemes(text)
  const cells: Cell[] = []
  let offset = 0
  for (const character of shown) {
    cells.push({ text: character, offset, centre: Number.NaN, doubtful: false, from: null })
    offset += character.length
  }
  const read = characters.map((character) => character.text)
  for (const { from, to, same } of align(read, shown)) {
    if (from === null || to === null) continue
    const source = characters[from]!
    const cell = cells[to]!
    cell.from = from
    cell.centre = (source.start + source.end) / 2
    cell.doubtful = same && source.confidence < doubtfulBelow
  }
  placeNewOnes(cells, characters, width)
  return cells
}

/** Mean distance of read characters in px; without any, ten fill the crop. */
function pitch(characters: readonly Character[], width: number, count: number): number {
  const first = characters[0]
  const last = characters.at(-1)
  if (!first || !last || characters.length < 2) return width / (Math.max(count, 10) + 1)
  return Math.abs((last.start + last.end) / 2 - (first.start + first.end) / 2) / (characters.length - 1)
}

function placeNewOnes(cells: Cell[], characters: readonly Character[], width: number): void {
  const step = pitch(characters, width, cells.length)
  let start = 0
  while (start < cells.length) {
    if (!Number.isNaN(cells[start]!.centre)) {
      start++
      continue
    }
    let end = start
    while (end < cells.length && Number.isNaN(cells[end]!.centre)) end++
    const run = end - start
    const before = cells[start - 1]?.centre
    const after = cells[end]?.centre
    for (let index = 0; index < run; index++) {
      const cell = cells[start + index]!
      if (before !== undefined && after !== undefined)
        cell.centre = before + ((after - before) * (index + 1)) / (run + 1)
      else if (before !== undefined) cell.centre = before + step * (index + 1)
      else if (after !== undefined) cell.centre = after - step * (run - index)
      else cell.centre = width / 2 + (index - (run - 1) / 2) * step
    }
    start = end
  }
}

/** The spans of doubtful characters that are still as they were read, in px of the crop. */
export function doubtfulBands(cells: readonly Cell[], characters: readonly Character[]): Character[] {
  return cells.flatMap((cell) => (cell.doubtful && cell.from !== null ? [characters[cell.from]!] : []))
}

/**
 * Moves centres apart, as little as possible in sum of squares, so that boxes of the given widths don't overlap, keep
 * their order and lie between `low` and `high`. Where they can't all fit, they overlap evenly.
 */
export function spread(centres: readonly number[], widths: readonly number[], low: number, high: number): number[] {
  const total = widths.reduce((sum, width) => sum + width, 0)
  const squeeze = Math.min(1, total > 0 ? (high - low) / total : 1)
  // Without the widths before it, a box may only not lie left of the one before: isotonic regression.
  const offsets: number[] = []
  let offset = 0
  for (const [index, width] of widths.entries()) {
    offsets[index] = offset + (width * squeeze) / 2
    offset += width * squeeze
  }
  const blocks: { sum: number; count: number }[] = []
  for (const [index, centre] of centres.entries()) {
    blocks.push({ sum: centre - offsets[index]!, count: 1 })
    while (blocks.length > 1) {
      const last = blocks.at(-1)!
      const before = blocks.at(-2)!
      if (before.sum / before.count <= last.sum / last.count) break
      blocks.splice(-2, 2, { sum: before.sum + last.sum, count: before.count + last.count })
    }
  }
  const highest = high - offset
  return blocks
    .flatMap(({ sum, count }) => Array<number>(count).fill(sum / count))
    .map((place, index) => Math.min(Math.max(place, low), Math.max(highest, low)) + offsets[index]!)
}

export interface Selection {
  start: number
  end: number
}

const selectionOf = (cell: Cell): Selection => ({ start: cell.offset, end: cell.offset + cell.text.length })

/** Where the caret stands on arrival: on the first doubtful character, else after the last. */
export function firstSelection(cells: readonly Cell[], text: string): Selection {
  const doubtful = cells.find((cell) => cell.doubtful)
  return doubtful ? selectionOf(doubtful) : { start: text.length, end: text.length }
}

/** The next doubtful character in a direction, round and round; null where there is none. */
export function nextDoubt(cells: readonly Cell[], selection: Selection, direction: 1 | -1): Selection | null {
  const doubtful = cells.filter((cell) => cell.doubtful)
  if (doubtful.length === 0) return null
  const found =
    direction === 1
      ? (doubtful.find((cell) => cell.offset >= Math.max(selection.end, selection.start + 1)) ?? doubtful[0])
      : (doubtful.findLast((cell) => cell.offset < selection.start) ?? doubtful.at(-1))
  return selectionOf(found!)
}
