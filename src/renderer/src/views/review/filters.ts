/** The orders and filters of the queue bar, as data. */
import type { Counts, Filter, Order } from '../../../../shared/domain'
import { t } from '../../i18n'

export const orders: { value: Order; title: string }[] = [
  { value: 'confidence', title: t('review:orders.confidence') },
  { value: 'differs', title: t('review:orders.differs') },
  { value: 'file', title: t('review:orders.file') },
  { value: 'random', title: t('review:orders.random') }
]

export const nextOrder = (order: Order): Order =>
  orders[(orders.findIndex((option) => option.value === order) + 1) % orders.length]!.value

/** What a chip sets: everything of a filter but search and range. */
type Kind = Required<Pick<Filter, 'status'>> & { differs: boolean | undefined }

export interface FilterChip {
  title: string
  count: number
  on: boolean
  filter: Kind
}

export const decidedOf = (counts: Counts): number =>
  counts.accepted + counts.corrected + counts.blank + counts.illegible + counts.flagged

/**
 * The chips worth showing: those with fields, the chosen one, and always Undecided and All. The four of every day come
 * first: the others may be out of sight.
 */
export function chipsFor(counts: Counts, filter: Filter): FilterChip[] {
  const of = (title: string, count: number, status: Kind['status'], differs?: boolean): FilterChip => ({
    title,
    count,
    on: (filter.status ?? 'all') === status && filter.differs === differs,
    filter: { status, differs }
  })
  return [
    of(t('review:chips.undecided'), counts.undecided, 'undecided'),
    of(t('review:chips.differs'), counts.differs, 'undecided', true),
    of(t('review:chips.decided'), decidedOf(counts), 'decided'),
    of(t('review:chips.all'), counts.total, 'all'),
    of(t('review:chips.blank'), counts.blank, 'blank'),
    of(t('review:chips.illegible'), counts.illegible, 'illegible'),
    of(t('review:chips.flagged'), counts.flagged, 'flagged'),
    of(t('review:chips.failed'), counts.failed, 'failed')
  ].filter((chip) => chip.on || chip.count > 0 || (chip.filter.status === 'undecided' && !chip.filter.differs))
}
