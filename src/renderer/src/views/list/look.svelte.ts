/** What the list looks at: the review's filter and order as it opens, kept while other views are shown. */
import type { Filter, Order } from '../../../../shared/domain'
import type { Queue } from '../review/queue.svelte'
import { isFromChart } from '../data/filterWords'

export interface Look {
  filter: Filter
  order: Order
  descending: boolean
  /** Of the random order: the same as long as it is not chosen anew. */
  seed: number
}

const first: Look = { filter: { status: 'undecided' }, order: 'confidence', descending: false, seed: 1 }
const kept = $state<{ project: string | null; look: Look }>({ project: null, look: first })
let seenInReview = ''

const written = ({ filter, order }: Pick<Look, 'filter' | 'order'>): string => JSON.stringify([filter, order])

export const look = (): Look => kept.look

export function setLook(change: Partial<Look>): void {
  const seed = change.order === 'random' ? Math.floor(Math.random() * 2 ** 31) : kept.look.seed
  kept.look = { ...kept.look, seed, ...change }
}

/** On opening the list: what was last chosen, in the review or here. */
export function adoptLook(project: string, queue: Queue): void {
  const inReview = written(queue)
  if (kept.project !== project) {
    kept.look = first
    lastPlace = null
  }
  if (queue.loaded && (kept.project !== project || inReview !== seenInReview))
    kept.look = { ...kept.look, filter: queue.filter, order: queue.order, descending: false }
  kept.project = project
  seenInReview = inReview
}

/** After the review was started with this look: it is not news when the list opens again. */
export const lookHandedOver = (queue: Pick<Queue, 'filter' | 'order'>): void => {
  seenInReview = written(queue)
}

/** Id of the row that was active when the list was left. */
let lastPlace: number | null = null

export const leaveAt = (id: number | undefined): void => {
  lastPlace = id ?? null
}

/** Where the list goes on: at the review's field while both look at the same, else where it was left. */
export const placeToGoOn = (queue: Queue): number | null =>
  queue.loaded && queue.currentId !== null && written(queue) === written(kept.look) ? queue.currentId : lastPlace

/** Whether a filter leaves anything out. */
export const isFiltering = (filter: Filter): boolean => isFilteringItself(filter) || isFromChart(filter)

const isFilteringItself = ({ status, differs, minConfidence, maxConfidence, search }: Filter): boolean =>
  (status ?? 'all') !== 'all' ||
  differs === true ||
  minConfidence !== undefined ||
  maxConfidence !== undefined ||
  !!search
