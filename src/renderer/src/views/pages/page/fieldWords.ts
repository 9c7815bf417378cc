/** What is said of a field on its page: its text, and its state in a word and a tone. */
import type { FieldRow } from '../../../../../shared/domain'
import { traitsOf } from '../../../../../shared/states'
import { t } from '../../../i18n'
import { percent } from '../../../lib/format'

export type Tone = 'ok' | 'doubt' | 'bad' | 'open'

/** A reading this sure needs no colour of doubt. */
const sure = 0.9

export const textOf = (row: FieldRow): string => row.text ?? row.reading ?? ''

export function toneOf(row: FieldRow): Tone {
  const { tone } = traitsOf(row.status)
  if (tone !== 'quiet') return tone
  return row.confidence !== null && row.confidence >= sure ? 'open' : 'doubt'
}

/** `accepted`; where nobody decided, how sure the reading is, or that the field is blank. */
export function stateWords({ row, blank }: { row: FieldRow; blank: number | null }): string {
  if (row.status !== 'undecided') return t(`pages:field.${row.status}`)
  if (row.reading === '' && blank !== null) return t('pages:page.blank', { percent: percent(blank) })
  return row.confidence === null ? t('pages:field.unread') : percent(row.confidence)
}
