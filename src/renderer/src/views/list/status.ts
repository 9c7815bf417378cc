/** How a field's status is said: an icon and a word, never a colour alone. */
import type { LucideProps } from '@lucide/svelte'
import type { Component } from 'svelte'
import Check from '@lucide/svelte/icons/check'
import CircleDashed from '@lucide/svelte/icons/circle-dashed'
import EyeOff from '@lucide/svelte/icons/eye-off'
import Flag from '@lucide/svelte/icons/flag'
import Pencil from '@lucide/svelte/icons/pencil'
import Square from '@lucide/svelte/icons/square-dashed'
import X from '@lucide/svelte/icons/x'
import { t } from '../../i18n'
import type { FieldRow, FieldStatus } from '../../../../shared/domain'
import { isDecided, traitsOf, type WordState } from '../../../../shared/states'

export const statuses: Record<FieldStatus, { word: string; icon: Component<LucideProps> }> = {
  undecided: { word: t('list:status.undecided'), icon: CircleDashed },
  accepted: { word: t('list:status.accepted'), icon: Check },
  corrected: { word: t('list:status.corrected'), icon: Pencil },
  blank: { word: t('list:status.blank'), icon: Square },
  illegible: { word: t('list:status.illegible'), icon: EyeOff },
  flagged: { word: t('list:status.flagged'), icon: Flag },
  failed: { word: t('list:status.failed'), icon: X }
}

const stateOf = (state: WordState): string => statuses[state].word.toLowerCase()

/** A label as shown, with a word in place of a text that is not there. */
export function labelOf(row: FieldRow): { text: string; isWord: boolean } {
  if (isDecided(row) && traitsOf(row.status).label !== 'text')
    return { text: statuses[row.status].word.toLowerCase(), isWord: true }
  if (row.text !== null && row.text !== '') return { text: row.text, isWord: false }
  if (row.status === 'failed') return { text: t('list:row.notRead'), isWord: true }
  if (row.origin === 'imported' && row.importedState !== null && row.importedState !== 'text')
    return { text: stateOf(row.importedState), isWord: true }
  return { text: t(row.confidence === null ? 'list:row.notReadYet' : 'list:row.nothingRead'), isWord: true }
}

export function importedOf(row: FieldRow): { text: string; isWord: boolean } | null {
  if (row.importedState === null) return null
  return row.importedState === 'text'
    ? { text: row.imported ?? '', isWord: false }
    : { text: stateOf(row.importedState), isWord: true }
}
