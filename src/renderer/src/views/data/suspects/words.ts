/** Suspected labels in words. */
import type { Evidence, Suspect } from '../../../../../shared/contract/quality'
import type { DecisionKind, FieldRow } from '../../../../../shared/domain'
import { isDecided, isWordState, traitsOf } from '../../../../../shared/states'
import { t } from '../../../i18n'
import { baseName } from '../../../lib/format'
import { decimal, share } from '../numbers'

/** A probability that may be very small: 3e-7 → `1 in 3,333,333`. */
export function odds(probability: number): string {
  if (probability >= 0.001) return share(probability)
  return probability < 1e-6 ? t('data:lessThanMillion') : t('data:oneIn', { count: Math.round(1 / probability) })
}

/** Why a label is suspected, as a sentence. */
export function evidenceWords({ kind, value, text }: Evidence): string {
  const number = value ?? 0
  switch (kind) {
    case 'improbable':
      return t('data:evidence.improbable', { odds: odds(Math.exp(number)) })
    case 'alternative':
      return t('data:evidence.alternative', { share: share(number) })
    case 'edits':
      return t('data:evidence.edits', { count: number })
    case 'common-reading':
      return t('data:evidence.common', { count: number, text: text ?? '' })
    case 'length':
      return t('data:evidence.length', { count: number })
    case 'odd-characters':
      return t('data:evidence.odd', { text: [...(text ?? '')].join(' ') })
    case 'readable':
      return t('data:evidence.readable', { share: share(number), state: shownState(text) })
    case 'twin':
      return t('data:evidence.twin', { text: text ?? '' })
    case 'near-twin':
      return t('data:evidence.nearTwin', { text: text ?? '' })
    default:
      return t(`data:evidence.${kind}`)
  }
}

/** The evidence that tells a person most: what can be seen goes before what the reader computed. */
export const tellingEvidence = ({ evidence }: Suspect): Evidence | undefined =>
  evidence.find(({ kind }) => kind === 'twin' || kind === 'near-twin') ??
  evidence.find(({ kind }) => kind !== 'improbable' && kind !== 'edits') ??
  evidence.find(({ kind }) => kind === 'edits') ??
  evidence[0]

const shownState = (state: string | null): string => t(`data:labels.${isWordState(state) ? state : 'blank'}`)

/** The imported label as it is read aloud or shown: one that is no text has a word. */
export const shownLabel = ({ label, state }: Pick<Suspect, 'label' | 'state'>): string =>
  state === 'text' ? label : t(`data:labels.${state}`)

export const shownReading = (reading: string): string => (reading === '' ? t('data:labels.nothing') : reading)

/** `64 %`; a label that is surely wrong is never a round 100. */
export const wrongness = (probability: number): string => share(probability, probability > 0.99 ? 1 : 0)

/** What was decided, as the row says it; null for an open one. */
export function decidedWords(row: FieldRow | undefined, suspect: Suspect): string | null {
  if (!row) return suspect.decided ? t('data:suspects.decided') : null
  if (!isDecided(row)) return null
  if (traitsOf(row.status).label === 'text') {
    if (row.text === suspect.label) return t('data:suspects.kept')
    return t('data:suspects.now', { text: row.text ?? '' })
  }
  return t('data:suspects.now', { text: t(`data:status.${row.status}`) })
}

/** What keeping a label, or taking its reading, decides. */
export const keeping = ({ label, state }: Suspect): { kind: DecisionKind; text?: string } =>
  state === 'text' ? { kind: 'accepted', text: label } : { kind: state }
export const taking = ({ reading }: Suspect): { kind: DecisionKind; text?: string } =>
  reading === '' ? { kind: 'blank' } : { kind: 'accepted', text: reading }

/** `3 of 120, label DORIS, read BORIS, 94 % wrong, 1 character differs from the reading, decided, a.png`. */
export function suspectWords(suspect: Suspect, row: FieldRow | undefined): string {
  const first = tellingEvidence(suspect)
  return [
    t('data:suspects.label', { text: shownLabel(suspect) }),
    t('data:suspects.read', { text: shownReading(suspect.reading) }),
    t('data:suspects.wrong', { share: wrongness(suspect.probability) }),
    first ? evidenceWords(first) : null,
    decidedWords(row, suspect),
    baseName(suspect.file)
  ]
    .filter((part) => part !== null)
    .join(', ')
}

/** Of how many labels the search expects to be wrong. */
export const expectedWords = (expected: number): string =>
  expected < 10 ? decimal(expected) : decimal(Math.round(expected), 0)
