/** Texts as they are compared here: in a model's alphabet, and character by character. */
import { tidyText } from '../../shared/text'
import { fold } from '../store'

/** What became of one character: equal, replaced, missed (written, not read) or inserted (read, not written). */
export interface Step {
  /** Empty: inserted. */
  written: string
  /** Empty: missed. */
  read: string
}

/**
 * A text in the characters that a model can write: others give way to their upper or lower case, then to those without
 * accents, and are left out where that does not help.
 */
export function inCharset(text: string, charset: ReadonlySet<string>): string {
  return [...tidyText(text)]
    .map((character) => {
      const plain = fold(character)
      const forms = [character, character.toUpperCase(), character.toLowerCase(), plain, plain.toUpperCase()]
      return forms.find((form) => charset.has(form)) ?? ''
    })
    .join('')
}

/**
 * Levenshtein alignment of what is written with what was read, in code points; of equally short ones that with
 * substitutions as late in the text as possible.
 */
export function align(written: string, read: string): Step[] {
  const from = [...written]
  const to = [...read]
  const width = to.length + 1
  const cost = new Uint16Array((from.length + 1) * width)
  for (let column = 0; column < width; column++) cost[column] = column
  for (let row = 1; row <= from.length; row++) {
    cost[row * width] = row
    for (let column = 1; column < width; column++) {
      const at = row * width + column
      const same = from[row - 1] === to[column - 1] ? 0 : 1
      cost[at] = Math.min(cost[at - width - 1]! + same, cost[at - width]! + 1, cost[at - 1]! + 1)
    }
  }
  const steps: Step[] = []
  for (let row = from.length, column = to.length; row > 0 || column > 0;) {
    const at = row * width + column
    const same = row > 0 && column > 0 && from[row - 1] === to[column - 1] ? 0 : 1
    if (row > 0 && column > 0 && cost[at] === cost[at - width - 1]! + same) {
      steps.push({ written: from[--row]!, read: to[--column]! })
    } else if (row > 0 && cost[at] === cost[at - width]! + 1) steps.push({ written: from[--row]!, read: '' })
    else steps.push({ written: '', read: to[--column]! })
  }
  return steps.reverse()
}
