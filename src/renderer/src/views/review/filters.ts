/** The orders and filters of the queue bar, as data. */
import type { Counts, Filter, Order } from '../../../../shared/domain'
import { decisionKinds, fieldStatuses, type FieldStatus } from '../../../../shared/states'
import { t } from '../../i18n'

export const orders: { value: Order; title: string }[] = [
  { value: 'suggested', title: t('review:orders.suggested') },
  { value: 'confidence', title: t('review:orders.confidence') },
  { value: 'differs', title: t('review:orders.differs') },
  { value: 'file', title: t('review:orders.file') },
  { value: 'random', title: t('review:orders.random') }
]

export const nextOrder = (order: Order): Order =>
  orders[(orders.findIndex((option) => option.value === order) + 1) % orders.length]!.value

const specials = ['differs', 'reopened', 'doubtful'] as const
type Special = (typeof specials)[number]
const nothingSpecial = { differs: undefined, reopened: undefined, doubtful: undefined }

/** Undecided, and nothing more: it is there on an empty project too. */
const isAlways = ({ filter }: FilterChip): boolean =>
  filter.status === 'undecided' && specials.every((special) => filter[special] === undefined)

/** What a chip sets: everything of a filter but search and range. */
type Kind = Required<Pick<Filter, 'status'>> & { [S in Special]: Filter[S] | undefined }

export interface FilterChip {
  title: string
  count: number
  on: boolean
  filter: Kind
}

export const decidedOf = (counts: Counts): number => decisionKinds.reduce((sum, kind) => sum + counts[kind], 0)

type Rarer = Exclude<FieldStatus, 'undecided' | 'accepted' | 'corrected'>
const rarer = fieldStatuses.filter(
  (status): status is Rarer => !['undecided', 'accepted', 'corrected'].includes(status)
)

/**
 * The chips worth showing: those with fields, the chosen one, and always Undecided and All. The four of every day come
 * first: the others may be out of sight.
 */
export function chipsFor(counts: Counts, filter: Filter): FilterChip[] {
  const of = (title: string, count: number, status: Kind['status'], more: Pick<Filter, Special> = {}): FilterChip => ({
    title,
    count,
    on: (filter.status ?? 'all') === status && specials.every((special) => filter[special] === more[special]),
    filter: { status, ...nothingSpecial, ...more }
  })
  return [
    of(t('review:chips.undecided'), counts.undecided, 'undecided'),
    of(t('review:chips.differs'), counts.differs, 'undecided', { differs: true }),
    of(t('review:chips.reopened'), counts.reopened ?? 0, 'undecided', { reopened: 'last-import' }),
    of(t('review:chips.decided'), decidedOf(counts), 'decided'),
    of(t('review:chips.doubtful'), counts.doubtful ?? 0, 'decided', { doubtful: true }),
    of(t('review:chips.all'), counts.total, 'all'),
    ...rarer.map((status) => of(t(`review:chips.${status}`), counts[status], status))
  ].filter((chip) => chip.on || chip.count > 0 || isAlways(chip))
}
