import type { Filter } from '../../../../shared/domain'
import { t } from '../../i18n'
import { percent } from '../../lib/format'

function describeRange({ minConfidence, maxConfidence }: Filter): string {
  const from = minConfidence === undefined ? null : percent(minConfidence)
  const to = maxConfidence === undefined ? null : percent(maxConfidence)
  if (from !== null && to !== null) return t('export:filter.between', { from, to })
  if (from !== null) return t('export:filter.from', { from })
  return to === null ? '' : t('export:filter.upTo', { to })
}

/** A filter in words: `undecided, label differs, under 50 %, with “lefort”`. */
export function describeFilter(filter: Filter): string {
  const { status, differs, search } = filter
  const parts = [
    t(`export:filter.${status ?? 'all'}`),
    differs ? t('export:filter.differs') : '',
    describeRange(filter),
    search ? t('export:filter.search', { search }) : ''
  ]
  return parts.filter(Boolean).join(', ')
}
