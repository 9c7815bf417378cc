/**
 * Spans as a person sees the ink. A recurrent model with CTC may put out the first or last characters long before or
 * after it has passed them, at the edge of the crop over printing or empty paper. Such stragglers, cut off from the rest
 * by a gap that no spelling explains, are drawn up to their neighbours at the usual pitch.
 */
import type { Character } from '../../../../shared/domain'

/** A gap of more than so many usual distances is none of handwriting. */
const gapMost = 3
const stragglersMost = 3
const charactersLeast = 4

const centre = (character: Character): number => (character.start + character.end) / 2

function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? 0
}

const moved = (character: Character, by: number): Character => ({
  ...character,
  start: character.start + by,
  end: character.end + by
})

/** The same characters, in px of the crop, with stragglers at either end drawn up to the rest. */
export function drawnUp(characters: readonly Character[]): readonly Character[] {
  if (characters.length < charactersLeast) return characters
  const gaps = characters.slice(1).map((character, index) => centre(character) - centre(characters[index]!))
  const pitch = median(gaps)
  const most = Math.min(stragglersMost, Math.floor(characters.length / 2))
  /** Whether the gap after `index` is no part of the spelling. */
  const tears = (index: number): boolean =>
    pitch > 0 &&
    gaps[index]! > gapMost * pitch &&
    characters[index]!.text !== ' ' &&
    characters[index + 1]!.text !== ' '
  const last = gaps.length - 1
  const head = Array.from({ length: most }, (_, index) => index).findLast(tears) ?? -1
  const tail = Array.from({ length: most }, (_, index) => last - index).findLast(tears) ?? last + 1
  return characters.map((character, index) => {
    if (index <= head) return moved(character, gaps[head]! - pitch)
    return index > tail ? moved(character, pitch - gaps[tail]!) : character
  })
}
