/** What is known of a field beyond its row, fetched when a person stays on it. */
import type { Output } from '../../../../shared/contract'
import { decisionKinds, isWordState } from '../../../../shared/states'
import type { HistoryEntry } from '../../../../shared/domain'
import { t } from '../../i18n'
import { call } from '../../lib/api'
import { baseName } from '../../lib/format'

export type Detail = Output<'fields.detail'>

/** A field gone past at once is not asked for. */
const stay = 140

export const detail = $state<{ value: Detail | null }>({ value: null })

/** Fetches after a moment; returns how to give up. What was there stays until then, so nothing flickers. */
export function fetchDetail(id: number, _status?: string): () => void {
  let stale = false
  const timer = setTimeout(async () => {
    try {
      const value = await call('fields.detail', { id })
      if (!stale) detail.value = value
    } catch {
      if (!stale) detail.value = null
    }
  }, stay)
  return () => {
    stale = true
    clearTimeout(timer)
  }
}

const byWhom = (what: string, who: string | null | undefined): string =>
  who ? t('review:history.by', { what, who }) : what

function decisionWords(kind: HistoryEntry['kind'], text: string): string {
  const known = decisionKinds.find((each) => each === kind)
  return `${t(`review:history.${known ?? 'decided'}`)}${text ? ` ${text}` : ''}`
}

function labelWords({ text, kind, who }: HistoryEntry): string {
  const state = isWordState(kind) ? t(`review:statuses.${kind}`) : (kind ?? '')
  const label = isWordState(kind) ? state : text || state
  return who ? t('review:history.labelFrom', { label, file: baseName(who) }) : t('review:history.label', { label })
}

/** `Corrected to OSTREVIN by Ada`. */
export function historyWords(entry: HistoryEntry): string {
  const { what, kind, who } = entry
  const text = entry.text ?? ''
  if (what === 'imported') return t('review:history.imported')
  if (what === 'label') return labelWords(entry)
  if (what === 'read' && kind === 'failed')
    return who ? t('review:history.notReadBy', { who, reason: text }) : t('review:history.notRead', { reason: text })
  if (what === 'read') return byWhom(t('review:history.read', { text: text || t('review:history.nothing') }), who)
  if (what === 'rotated') return kind ? t('review:history.turnedTo', { turn: kind }) : t('review:history.turned')
  const whole = byWhom(decisionWords(kind, text), who)
  const said = entry.random ? t('review:history.random', { what: whole }) : whole
  return what === 'undone' ? t('review:history.undone', { what: said }) : said
}
