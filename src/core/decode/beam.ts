/** Other texts a model may have seen, by CTC prefix beam search (Hannun et al. 2014) without a language model. */
import type { Frames } from './frames'

interface Beam {
  text: readonly number[]
  /** Probability of the paths so far that end in a blank, and of those that end in the last character. */
  blank: number
  character: number
}

/** Classes less likely than this in a frame open no new beam. */
const UNLIKELY = 1e-3
/** Frames between characters only close the beams. */
const SURELY_BLANK = 1 - 1e-3

/** The texts of the `width` best beams, best first, as class indices. */
export function beamTexts(
  { probabilities, count, classes }: Frames,
  blank: number,
  width: number
): (readonly number[])[] {
  let beams: Beam[] = [{ text: [], blank: 1, character: 0 }]
  for (let frame = 0; frame < count; frame++) {
    const row = probabilities.subarray(frame * classes, (frame + 1) * classes)
    if (row[blank]! > SURELY_BLANK) {
      beams = beams.map((beam) => ({ text: beam.text, blank: beam.blank + beam.character, character: 0 }))
      continue
    }
    const likely: number[] = []
    for (let index = 0; index < classes; index++) if (index !== blank && row[index]! > UNLIKELY) likely.push(index)
    beams = best(advance(beams, row, blank, likely), width)
  }
  return beams.map((beam) => beam.text)
}

function advance(beams: Beam[], row: Float64Array, blank: number, likely: number[]): Beam[] {
  const next = new Map<string, Beam>()
  const beamOf = (text: readonly number[]): Beam => {
    const key = text.join()
    let beam = next.get(key)
    if (!beam) next.set(key, (beam = { text, blank: 0, character: 0 }))
    return beam
  }
  for (const { text, blank: afterBlank, character: afterCharacter } of beams) {
    const all = afterBlank + afterCharacter
    const last = text.at(-1)
    const stay = beamOf(text)
    stay.blank += all * row[blank]!
    if (last !== undefined) stay.character += afterCharacter * row[last]!
    for (const index of likely) {
      // The same character again is a new one only after a blank.
      const from = index === last ? afterBlank : all
      if (from > 0) beamOf([...text, index]).character += from * row[index]!
    }
  }
  return [...next.values()]
}

/** The best beams, rescaled so that nothing underflows over many frames. */
function best(beams: Beam[], width: number): Beam[] {
  const kept = beams.sort((a, b) => b.blank + b.character - (a.blank + a.character)).slice(0, width)
  const highest = kept[0]!.blank + kept[0]!.character
  if (highest <= 0) return kept
  return kept.map(({ text, blank, character }) => ({ text, blank: blank / highest, character: character / highest }))
}
