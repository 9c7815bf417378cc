/** How two texts are compared: an imported label with a reading, a search with what it is sought in. */
import { tidyText } from '../../shared/text'

// Letters that are no base letter with a mark on it for Unicode, yet are for people; and typists' variants of ' and -.
const variants: Record<string, string> = {
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  ħ: 'h',
  ŧ: 't',
  ı: 'i',
  æ: 'ae',
  œ: 'oe',
  ß: 'ss',
  þ: 'th',
  '’': "'",
  '‘': "'",
  ʼ: "'",
  '‐': '-',
  '‑': '-',
  '–': '-'
}

const plain = /^[\x20-\x7e]*$/

/** One lower-case character without its accents. */
const foldCharacter = (character: string): string =>
  variants[character] ?? character.normalize('NFD').replace(/\p{M}/gu, '')

/** Lower case, without accents: what the search looks in and for. */
export function fold(text: string): string {
  const lower = text.toLowerCase()
  if (plain.test(lower)) return lower
  return Array.from(lower.normalize('NFC'), foldCharacter).join('')
}

/** The characters a model can write, lower-cased, for `comparable`. */
export const knownCharacters = (charset: readonly string[]): ReadonlySet<string> =>
  new Set(charset.map((character) => character.normalize('NFC').toLowerCase()))

/**
 * A text as it counts when an imported label is held against a reading: case and the amount of white space never count,
 * accents only where the model knows the accented character. Two texts are the same where these are equal.
 */
export function comparable(text: string, known: ReadonlySet<string>): string {
  const lower = tidyText(text).toLowerCase()
  if (plain.test(lower)) return lower
  return Array.from(lower, (character) => (known.has(character) ? character : foldCharacter(character))).join('')
}
