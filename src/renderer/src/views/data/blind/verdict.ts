/** What Enter means in the blind check. */
import type { DecisionKind, FieldRow } from '../../../../../shared/domain'
import { tidyText } from '../../../../../shared/text'

/** What is there to confirm: the label as it would be accepted, or what a rule accepted. */
export const candidateOf = (row: FieldRow): string => row.text ?? ''

/** Null: there is no text to confirm. */
export function verdictOf(row: FieldRow, typed: string): { kind: DecisionKind; text: string } | null {
  const text = tidyText(typed)
  if (text === '') return null
  return { kind: text === tidyText(candidateOf(row)) ? 'accepted' : 'corrected', text }
}
