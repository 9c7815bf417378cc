import type { Filter } from '../../../../shared/domain'
import { percent } from '../../lib/format'

/** A filter in words: `undecided, label differs, under 50 %, with “lefort”`. */
export function describeFilter({ status, differs, minConfidence, maxConfidence, search }: Filter): string {
  const statuses: Record<string, string> = { all: 'all fields', flagged: 'wrong crop' }
  const range =
    minConfidence !== undefined && maxConfidence !== undefined
      ? `confidence ${percent(minConfidence)} to ${percent(maxConfidence)}`
      : minConfidence !== undefined
        ? `confidence from ${percent(minConfidence)}`
        : maxConfidence !== undefined
          ? `confidence up to ${percent(maxConfidence)}`
          : ''
  const parts = [
    statuses[status ?? 'all'] ?? status ?? '',
    differs ? 'label differs' : '',
    range,
    search ? `with “${search}”` : ''
  ]
  return parts.filter(Boolean).join(', ')
}
