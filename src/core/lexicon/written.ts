/** How a model would write a text of a list: in its own charset, without what it lacks. */
import { tidyText } from '../../shared/text'
import { fold } from '../store'

/**
 * Each character as it is where the charset has it, else in the other case, else without its accent; null where nothing
 * fits. White space is single spaces.
 */
export function writtenAs(text: string, charset: ReadonlySet<string>): string | null {
  let written = ''
  for (const character of tidyText(text)) {
    const form = forms(character).find((candidate) => [...candidate].every((part) => charset.has(part)))
    if (form === undefined) return null
    written += form
  }
  return written
}

function forms(character: string): string[] {
  const plain = fold(character)
  const upper = plain.toUpperCase()
  const isUpper = character !== character.toLowerCase()
  return [
    character,
    character.toUpperCase(),
    character.toLowerCase(),
    ...(isUpper ? [upper, plain] : [plain, upper])
  ].filter((form) => form !== '')
}
