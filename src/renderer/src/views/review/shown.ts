/** What a field's card says, worked out without any element. */
import type { Output } from '../../../../shared/contract'
import type { DecisionKind, FieldRow } from '../../../../shared/domain'
import { isDecided, isWordState, stateOfCell, traitsOf, type FieldStatus } from '../../../../shared/states'
import { tidyText } from '../../../../shared/text'
import { t } from '../../i18n'
import { fromCore } from '../../i18n/core'
import { percent } from '../../lib/format'
import type { Cell } from './cells'

export type Typing = Output<'review.typing'>

/** Whether the imported label is not what was decided or, where nothing is, not what was read. */
export function importDiffers(row: FieldRow): boolean {
  const { label } = traitsOf(row.status)
  if (!isDecided(row) || label === 'none') return row.differs
  if (row.importedState === null) return false
  return label !== row.importedState || (label === 'text' && row.imported !== row.text)
}

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

/** What was shown as its own before anybody decided. */
const textUndecided = (row: FieldRow): string => textOnArrival({ ...row, status: 'undecided' })

/** Whether the field shows nothing written, as far as Nomina can tell: that is what Enter then accepts. */
export const isProposedBlank = (row: FieldRow): boolean =>
  row.status === 'undecided' && row.importedState !== 'text' && row.blank !== null && row.blank >= 0.5

export type Verdict =
  { do: 'decide'; kind: DecisionKind; text: string } | { do: 'pass' } | { do: 'refuse'; why: string }

/** What Enter means for this text. Where somebody else has decided the same meanwhile, there is nothing to say. */
export function verdict(row: FieldRow, text: string, edited: boolean): Verdict {
  const tidy = tidyText(text)
  if (isDecided(row) && (!edited || tidy === tidyText(textOnArrival(row)))) return { do: 'pass' }
  if (tidy === '' && !edited && isProposedBlank(row)) return { do: 'decide', kind: 'blank', text: '' }
  if (tidy === '') return { do: 'refuse', why: t('review:noText') }
  const state = stateOfCell(tidy)
  if (state !== 'text') return { do: 'decide', kind: state, text: '' }
  return { do: 'decide', kind: tidy === tidyText(textOnArrival(row)) ? 'accepted' : 'corrected', text: tidy }
}

/** Null: its text is shown. */
const states: Record<FieldStatus, string | null> = {
  undecided: null,
  accepted: null,
  corrected: null,
  blank: t('review:words.blank'),
  illegible: t('review:words.illegible'),
  flagged: t('review:words.flagged'),
  failed: null
}

/** The word that stands in place of a text, or null. */
export const stateWord = (row: FieldRow): string | null =>
  states[row.status] ?? (isProposedBlank(row) ? t('review:words.blank') : null)

const numbers = ([0, 1, 2, 3, 4, 5, 6, 7, 8, 9] as const).map((number) => t(`review:numbers.${number}`))
export const doubtWords = (count: number): string => t('review:doubts', { count, number: numbers[count] ?? count })

/** The imported label in words: its text, or what it says in place of one. */
export const importedWords = (row: FieldRow): string =>
  row.importedState === 'text' ? (row.imported ?? '') : importedWord(row)

const importedWord = ({ importedState }: FieldRow): string =>
  isWordState(importedState) ? t(`review:statuses.${importedState}`) : t('review:arrival.none')

/** What a screen reader says on arrival: `MARVELIAN, 62 %, two doubtful characters: I, L`. */
export function arrivalWords(row: FieldRow, text: string, cells: readonly Cell[]): string {
  const doubtful = cells.filter((cell) => cell.doubtful)
  const parts = [text || stateWord(row) || t('review:arrival.noText')]
  if (isDecided(row)) parts.push(t(`review:statuses.${row.status}`))
  if (row.status === 'failed')
    parts.push(t('review:arrival.failed', { reason: row.note ? fromCore(row.note) : t('review:arrival.noReason') }))
  if (row.confidence !== null && text === row.reading) parts.push(percent(row.confidence))
  if (doubtful.length > 0) {
    const characters = doubtful.map((cell) => cell.text).join(', ')
    parts.push(t('review:arrival.doubts', { doubts: doubtWords(doubtful.length), characters }))
  }
  if (row.differs) parts.push(t('review:arrival.label', { label: importedWords(row) }))
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

/**
 * Whether digits type here instead of picking a reading: where they are usual, where they occur and this field has some, and once
 * a person has begun a text of their own.
 */
export function digitsTypeIn(
  row: FieldRow,
  text: string,
  { digits, someDigits }: Pick<Typing, 'digits' | 'someDigits'>
): boolean {
  return digits || !isOffered(row, text) || (someDigits && hasDigits(row, text))
}

function hasDigits(row: FieldRow, text: string): boolean {
  const texts = [text, row.reading ?? '', row.imported ?? '', ...row.alternatives.map((other) => other.text)]
  return texts.some((candidate) => /\d/.test(candidate))
}

/** Whether the text is one that was offered; once a person types their own, digits are part of it and must not replace it. */
export function isOffered(row: FieldRow, text: string): boolean {
  const offered = [row.text, row.reading, row.imported, ...row.alternatives.map((other) => other.text)]
  return text === '' || offered.includes(text)
}

/** `accepted`, `was OSTREVIM`, `64 %`, `label OSTREVIN, 64 %`: the end of a row of the tape. */
export function tapeNote(row: FieldRow): string {
  const before = textUndecided(row)
  if (row.status === 'corrected' && before !== '' && before !== row.text) return t('review:tape.was', { text: before })
  if (row.status === 'flagged') return t('review:tape.wrongCrop')
  if (row.status !== 'undecided') return t(`review:statuses.${row.status}`)
  const note = row.confidence === null ? t('review:tape.notRead') : percent(row.confidence)
  return row.differs ? t('review:tape.label', { label: importedWords(row), note }) : note
}
