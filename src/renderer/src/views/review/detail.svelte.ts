/** What is known of a field beyond its row, fetched when a person stays on it. */
import type { Output } from '../../../../shared/contract'
import type { HistoryEntry } from '../../../../shared/domain'
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

const kinds: Record<string, string> = {
  accepted: 'Accepted',
  corrected: 'Corrected to',
  blank: 'Marked blank',
  illegible: 'Marked illegible',
  flagged: 'Flagged as wrong crop'
}

/** `Corrected to OSTREVIN by Ada`. */
export function historyWords(entry: HistoryEntry): string {
  const text = entry.text ?? ''
  const by = entry.who ? ` by ${entry.who}` : ''
  if (entry.what === 'imported') return 'File imported'
  if (entry.what === 'label')
    return `Label ${text || entry.kind || ''}${entry.who ? ` from ${baseName(entry.who)}` : ' imported'}`
  if (entry.what === 'read') {
    return entry.kind === 'failed' ? `Could not be read${by}: ${text}` : `Read as ${text || 'nothing'}${by}`
  }
  if (entry.what === 'rotated') return `Turned${entry.kind ? ` to ${entry.kind}` : ''}`
  const said = `${kinds[entry.kind ?? ''] ?? 'Decided'}${text ? ` ${text}` : ''}`
  return entry.what === 'undone' ? `Undone: ${said}${by}` : `${said}${by}`
}
