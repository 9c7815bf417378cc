/** A crop of several lines: each is read by itself, and their readings are joined. */
import type { EngineResult } from './protocol'

/** Where a line lies on its crop, px. */
export interface LineBox {
  x: number
  y: number
  width: number
  height: number
}

/** Most combinations of lines that are given as alternatives. */
const mostAlternatives = 5

/** Positions of a line's characters become those of the crop; several lines are one text with spaces between them. */
export function joinLines(key: number, results: EngineResult[], lines: readonly LineBox[]): EngineResult {
  const [first] = results
  const failure = results.find((result) => !result.ok)
  if (failure) return { ...failure, key }
  if (!lines.length) return { ...first!, key }
  const read = results as Extract<EngineResult, { ok: true }>[]
  const shifted = read.map((result, index) => ({
    ...result,
    characters: result.characters.map((character) => ({
      ...character,
      start: character.start + lines[index]!.x,
      end: character.end + lines[index]!.x
    }))
  }))
  if (shifted.length === 1) return { ...shifted[0]!, key }
  const told = shifted.filter(({ text }) => text !== '')
  return {
    key,
    ok: true,
    text: told.map(({ text }) => text).join(' '),
    // Lines are read apart from each other: all are right with the product of their probabilities.
    confidence: shifted.reduce((product, { confidence }) => product * confidence, 1),
    calibrated: shifted.every(({ calibrated }) => calibrated),
    characters: told.flatMap(({ characters }, index) => {
      const end = told[index - 1]?.characters.at(-1)?.end ?? 0
      return index === 0 ? characters : [{ text: ' ', confidence: 1, start: end, end }, ...characters]
    }),
    alternatives: combinations(
      told.map(({ alternatives, text, confidence }) =>
        alternatives.length ? alternatives : [{ text, probability: confidence }]
      )
    ),
    width: Math.max(...lines.map(({ x, width }) => x + width)),
    height: Math.max(...lines.map(({ y, height }) => y + height))
  }
}

interface Alternative {
  text: string
  probability: number
}

/** The likeliest joined texts, best first. */
function combinations(lines: Alternative[][]): Alternative[] {
  const [first = [], ...rest] = lines
  return rest.reduce(
    (joined, line) =>
      joined
        .flatMap((before) =>
          line.map(({ text, probability }) => ({
            text: [before.text, text].filter((part) => part !== '').join(' '),
            probability: before.probability * probability
          }))
        )
        .sort((a, b) => b.probability - a.probability)
        .slice(0, mostAlternatives),
    first
  )
}
