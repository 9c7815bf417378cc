/** Edit distance with its path: which character of one text stands for which of another. */
export interface Step {
  /** Index in `from`, null where the character was inserted. */
  from: number | null
  /** Index in `to`, null where the character was deleted. */
  to: number | null
  same: boolean
}

const folded = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()

/** 0 for the same character, less than an edit for another case or accent. */
function cost(a: string, b: string): number {
  if (a === b) return 0
  return folded(a) === folded(b) ? 0.25 : 1
}

/** The cheapest way from one text to the other, in order; on equal cost characters replace each other. */
export function align(from: readonly string[], to: readonly string[]): Step[] {
  const columns = to.length + 1
  const table = new Float64Array((from.length + 1) * columns)
  for (let row = 0; row <= from.length; row++) {
    for (let column = 0; column < columns; column++) {
      if (row === 0 || column === 0) {
        table[row * columns + column] = row + column
        continue
      }
      const replaced = table[(row - 1) * columns + column - 1]! + cost(from[row - 1]!, to[column - 1]!)
      const deleted = table[(row - 1) * columns + column]! + 1
      const inserted = table[row * columns + column - 1]! + 1
      table[row * columns + column] = Math.min(replaced, deleted, inserted)
    }
  }
  const steps: Step[] = []
  let row = from.length
  let column = to.length
  while (row > 0 || column > 0) {
    const here = table[row * columns + column]!
    const diagonal = row > 0 && column > 0 ? cost(from[row - 1]!, to[column - 1]!) : Infinity
    if (row > 0 && column > 0 && here === table[(row - 1) * columns + column - 1]! + diagonal) {
      row--
      column--
      steps.push({ from: row, to: column, same: from[row] === to[column] })
    } else if (column > 0 && here === table[row * columns + column - 1]! + 1) {
      column--
      steps.push({ from: null, to: column, same: false })
    } else {
      row--
      steps.push({ from: row, to: null, same: false })
    }
  }
  return steps.reverse()
}

const segmenter = new Intl.Segmenter('und', { granularity: 'grapheme' })

/** A text as a person counts it: a letter with its combining accents is one character. */
export function graphemes(text: string): string[] {
  // Most names are ASCII, and there each unit is a character.
  if (/^[ -~]*$/.test(text)) return text.split('')
  return Array.from(segmenter.segment(text), ({ segment }) => segment)
}

/** The characters of `text` with whether each differs from `other`; what of `other` is missing is a piece without text, at its place. */
export function differences(text: string, other: string): { text: string; differs: boolean; missing: string | null }[] {
  const characters = graphemes(text)
  const others = graphemes(other)
  return align(others, characters).map(({ from, to, same }) =>
    to === null
      ? { text: '', differs: true, missing: others[from!]! }
      : { text: characters[to]!, differs: !same, missing: null }
  )
}
