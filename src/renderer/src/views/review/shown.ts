/** What a field's card says, worked out without any element. */
import type { DecisionKind, FieldRow } from '../../../../shared/domain'
import { percent } from '../../lib/format'
import type { Cell } from './cells'

const decided = new Set(['accepted', 'corrected', 'blank', 'illegible', 'flagged'])
export const isDecided = (row: FieldRow): boolean => decided.has(row.status)

/**
 * The text that stands under the ink on arrival: what was decided; else what was read, since that belongs to the ink;
 * the imported label where it says the same with the case and accents that the model doesn't know.
 */
export function textOnArrival(row: FieldRow): string {
  if (isDecided(row)) return row.text ?? ''
  const imported = row.importedState === 'text' ? row.imported : null
  if (imported !== null && (row.reading === null || !row.differs)) return imported
  return row.reading ?? ''
}

export type Verdict =
  { do: 'decide'; kind: DecisionKind; text: string } | { do: 'pass' } | { do: 'refuse'; why: string }

/** What Enter means for this text. */
export function verdict(row: FieldRow, text: string, edited: boolean): Verdict {
  const tidy = text.normalize('NFC').trim()
  if (isDecided(row) && !edited) return { do: 'pass' }
  if (tidy === '') return { do: 'refuse', why: 'There is no text. Type one, or mark the field blank or illegible.' }
  const known = tidy === row.reading || (row.importedState === 'text' && tidy === row.imported)
  const unchanged = !edited && tidy === textOnArrival(row).normalize('NFC').trim()
  return { do: 'decide', kind: known || unchanged ? 'accepted' : 'corrected', text: tidy }
}

const states: Record<string, string> = {
  blank: 'Blank',
  illegible: 'Illegible',
  flagged: 'Wrong crop'
}

/** The word that stands in place of a text, or null. */
export const stateWord = (row: FieldRow): string | null => states[row.status] ?? null

const numbers = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine']
export const doubtWords = (count: number): string =>
  `${numbers[count] ?? count} doubtful ${count === 1 ? 'character' : 'characters'}`

/** What a screen reader says on arrival: `MARVELIAN, 62 %, two doubtful characters: I, L`. */
export function arrivalWords(row: FieldRow, text: string, cells: readonly Cell[]): string {
  const doubtful = cells.filter((cell) => cell.doubtful)
  const parts = [text || stateWord(row) || 'no text']
  if (isDecided(row)) parts.push(row.status)
  if (row.status === 'failed') parts.push(`failed: ${row.note ?? 'no reason given'}`)
  if (row.confidence !== null && text === row.reading) parts.push(percent(row.confidence))
  if (doubtful.length > 0) {
    parts.push(`${doubtWords(doubtful.length)}: ${doubtful.map((cell) => cell.text).join(', ')}`)
  }
  if (row.differs) parts.push(`imported label ${row.imported ?? row.importedState ?? 'none'}`)
  return parts.join(', ')
}

/** Whether this text is written in capitals only, so that typing goes on in them. */
export const isInCapitals = (text: string): boolean => !/\p{Ll}/u.test(text)

/** In capitals where each character has one of its own: `ß` stays. */
export const inCapitals = (text: string): string =>
  Array.from(text, (character) => {
    const capital = character.toUpperCase()
    return capital.length === character.length ? capital : character
  }).join('')

/** Whether digits are part of these names, so that they type instead of picking a reading. */
export function hasDigits(row: FieldRow, text: string): boolean {
  const texts = [text, row.reading ?? '', row.imported ?? '', ...row.alternatives.map((other) => other.text)]
  return texts.some((candidate) => /\d/.test(candidate))
}

/** Whether the text is one that was offered; once a person types their own, digits are part of it and must not replace it. */
export function isOffered(row: FieldRow, text: string): boolean {
  const offered = [row.text, row.reading, row.imported, ...row.alternatives.map((other) => other.text)]
  return text === '' || offered.includes(text)
}

/** `accepted`, `was OSTREVIM`, `64 %`: the end of a row of the tape. */
export function tapeNote(row: FieldRow): string {
  if (row.status === 'corrected' && row.reading !== null && row.reading !== row.text) return `was ${row.reading}`
  if (row.status === 'flagged') return 'wrong crop'
  if (row.status !== 'undecided') return row.status
  return row.confidence === null ? 'not read' : percent(row.confidence)
}
