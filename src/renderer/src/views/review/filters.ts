/** The orders and filters of the queue bar, as data. */
import type { Counts, Filter, Order } from '../../../../shared/domain'

export const orders: { value: Order; title: string }[] = [
  { value: 'confidence', title: 'Lowest confidence first' },
  { value: 'differs', title: 'Label differs first' },
  { value: 'file', title: 'In file order' },
  { value: 'random', title: 'In random order' }
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

/** The chips worth showing: those with fields, the chosen one, and always Undecided and All. */
export function chipsFor(counts: Counts, filter: Filter): FilterChip[] {
  const of = (title: string, count: number, status: Kind['status'], differs?: boolean): FilterChip => ({
    title,
    count,
    on: (filter.status ?? 'all') === status && filter.differs === differs,
    filter: { status, differs }
  })
  return [
    of('Undecided', counts.undecided, 'undecided'),
    of('Label differs', counts.differs, 'undecided', true),
    of('Decided', decidedOf(counts), 'decided'),
    of('Blank', counts.blank, 'blank'),
    of('Illegible', counts.illegible, 'illegible'),
    of('Wrong crop', counts.flagged, 'flagged'),
    of('Failed', counts.failed, 'failed'),
    of('All', counts.total, 'all')
  ].filter((chip) => chip.on || chip.count > 0 || chip.title === 'Undecided')
}
