/** Between texts and class indices: the charset's order with the blank put in at its index. */

const indices = new WeakMap<readonly string[], { byCharacter: Map<string, number>; longest: number }>()

/** Class indices of a text, its NFC form taken; null where a character is outside the charset. */
export function classesOf(text: string, charset: readonly string[], blank: number): number[] | null {
  const { byCharacter, longest } = indexOf(charset)
  const composed = text.normalize('NFC')
  const classes: number[] = []
  for (let at = 0; at < composed.length;) {
    let found: number | undefined
    // An entry may be of several code units: the longest that fits is meant.
    let length = Math.min(longest, composed.length - at)
    for (; length > 0; length--) {
      found = byCharacter.get(composed.slice(at, at + length))
      if (found !== undefined) break
    }
    if (found === undefined) return null
    classes.push(found >= blank ? found + 1 : found)
    at += length
  }
  return classes
}

export const characterOf = (index: number, charset: readonly string[], blank: number): string =>
  charset[index > blank ? index - 1 : index]!

export const textOf = (classes: readonly number[], charset: readonly string[], blank: number): string =>
  classes.map((index) => characterOf(index, charset, blank)).join('')

function indexOf(charset: readonly string[]): { byCharacter: Map<string, number>; longest: number } {
  let index = indices.get(charset)
  if (!index) {
    const byCharacter = new Map(charset.map((character, at) => [character.normalize('NFC'), at]))
    index = { byCharacter, longest: Math.max(1, ...charset.map((character) => character.length)) }
    indices.set(charset, index)
  }
  return index
}
