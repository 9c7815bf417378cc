/** What stands under a crop of the grid, and what a screen reader says of it. */
import { needsALookBelow } from '../../../../shared/contract/names'
import type { FieldRow } from '../../../../shared/domain'
import { t } from '../../i18n'
import { baseName, percent } from '../../lib/format'

/** A group as it is shown: its text, or that nothing is written. */
export const shownName = (text: string): string => (text === '' ? t('names:nothingWritten') : text)

export const needsALook = (row: FieldRow): boolean =>
  row.status === 'undecided' && (row.differs || (row.confidence ?? 0) < needsALookBelow)

/** The imported label where it says otherwise, else null. */
export const otherLabel = (row: FieldRow): string | null => {
  if (!row.differs) return null
  if (row.importedState === 'text') return row.imported ?? ''
  return row.importedState === null ? null : t(`names:tile.${row.importedState}`)
}

/** The state of a crop that no confirmation is for, else null. */
export function stateOf(row: FieldRow, out: boolean): string | null {
  if (row.status === 'undecided') return out ? t('names:tile.taken') : null
  if (row.status === 'corrected') return row.text ?? t('names:tile.corrected')
  return t(`names:tile.${row.status}`)
}

export const confidenceOf = (row: FieldRow): string =>
  row.confidence === null ? t('names:tile.notRead') : percent(row.confidence)

export const fileOf = (row: FieldRow): string => baseName(row.file)

/** `3 of 148, 71 %, needs a look, imported label BERTRAM, taken out, scan-12.png`. */
export function tileWords(row: FieldRow | undefined, place: number, total: number, out: boolean): string {
  const at = t('names:tile.place', { place, total })
  if (!row) return `${at}, ${t('names:tile.coming')}`
  const label = otherLabel(row)
  return [
    at,
    confidenceOf(row),
    needsALook(row) ? t('names:tile.doubtful') : null,
    label === null ? null : t('names:tile.differs', { label }),
    stateOf(row, out),
    fileOf(row)
  ]
    .filter((part) => part !== null)
    .join(', ')
}
