import type { Filter, Order } from '../../shared/domain'
import type { ReadOnlyDatabase } from '../store'
import type { ReadStatement } from '../store/handle'
import { isShown } from '../store/removals'
import { indexedSearch } from '../store/search'
import { decidedStates } from '../store/states'
import { inOwnOrder, narrowed, type Condition } from './narrow'
import { shuffle, shuffledNumbers } from './shuffle'

export interface QueueRequest {
  filter: Filter
  order: Exclude<Order, 'suggested'>
  /** Of the random order: the same seed gives the same order. */
  seed?: number
  descending?: boolean
}

/** The beginning of a queue. */
export interface WindowRequest extends QueueRequest {
  /** So many of it; absent: all. */
  atMost?: number | undefined
  /** Where this field comes later, so many from it on, and all before it. */
  through?: number | undefined
  /** Fields that are left out. */
  without?: ReadonlySet<number> | undefined
}

/** Fewer fields than these are put in order; of more, the order's index is walked until enough are found. */
const fewEnoughToSort = 20_000

/** What passes: by columns of the queue's indexes, and of the fields in `kept` where that is not null. */
interface Passing {
  conditions: Condition[]
  kept: ReadonlySet<number> | null
  /** What says which they are, where they are few. */
  few: Condition | null
  /** What was sought, where an index finds it. */
  search: ReturnType<typeof indexedSearch>
}
type Value = string | number

/**
 * The ids of all fields that pass the filter, in order. Lowest confidence first, fields without a reading last; `differs`
 * puts those first whose imported label is not what was read; ties are in file order. Each query is a walk along one
 * covering index (no sorting), and the parts of an order are walked one after another. A filter with an order of its own
 * (sample, selection, suspects) keeps it.
 */
export const queueIds = (db: ReadOnlyDatabase, request: QueueRequest): number[] => queueWindow(db, request).ids

/** The beginning of `queueIds`, and how many there are in all: only as far is walked as is asked for. */
export function queueWindow(db: ReadOnlyDatabase, request: WindowRequest): { ids: number[]; total: number } {
  const { atMost = Infinity, through } = request
  const first = windowOf(db, request, atMost)
  if (through === undefined || first.ids.length >= first.total || first.ids.includes(through)) return first
  const { ids, total } = windowOf(db, request, Infinity)
  const at = ids.indexOf(through)
  return at < 0 ? first : { ids: ids.slice(0, at + atMost), total }
}

function windowOf(
  db: ReadOnlyDatabase,
  { filter, order, seed = 0, descending = false, without }: WindowRequest,
  atMost: number
): { ids: number[]; total: number } {
  const own = inOwnOrder(db, filter)
  const passing = passingOf(db, filter, without)
  if (own) {
    const all = new Set(
      ordered(db, own.length <= fewEnoughToSort ? only(passing, own) : passing, 'file', false, Infinity)
    )
    const ids = own.filter((id) => all.has(id))
    return { ids: ids.slice(0, atMost), total: ids.length }
  }
  if (order === 'random') return inRandomOrder(db, passing, seed, atMost)
  const ids = ordered(db, passing, order, descending, atMost)
  return { ids, total: ids.length < atMost ? ids.length : count(db, passing) }
}

function passingOf(db: ReadOnlyDatabase, filter: Filter, without?: ReadonlySet<number>): Passing {
  const search = indexedSearch(db, filter.search)
  const conditions = [...conditionsOf(filter), ...(search ? [search.condition] : [])]
  if (without?.size) conditions.push(['f.id NOT IN (SELECT value FROM json_each(?))', JSON.stringify([...without])])
  const kept = narrowed(db, search ? { ...filter, search: undefined } : filter, conditions)
  const few =
    kept && kept.size <= fewEnoughToSort
      ? among([...kept])
      : search && search.matches <= fewEnoughToSort
        ? search.condition
        : null
  return { conditions, kept, few, search }
}

/** Of what passes, these. */
const only = (passing: Passing, ids: number[]): Passing => {
  const these = among(ids)
  return { ...passing, conditions: [...passing.conditions, these], few: passing.few ?? these }
}

const among = (ids: number[]): Condition => ['f.id IN (SELECT value FROM json_each(?))', JSON.stringify(ids)]

function ordered(
  db: ReadOnlyDatabase,
  passing: Passing,
  order: 'file' | 'confidence' | 'differs',
  descending: boolean,
  atMost: number
): number[] {
  const direction = descending ? 'DESC' : 'ASC'
  const byPosition = `f.position ${direction}, f.id ${direction}`
  if (order === 'file') return walk(db, passing, 'fields_by_position', byPosition, atMost)
  const ids: number[] = []
  for (const group of order === 'differs' ? ['+f.differs = 1', '+f.differs = 0'] : ['1'])
    for (const part of ['f.confidence IS NOT NULL', 'f.confidence IS NULL']) {
      const conditions: Condition[] = [...passing.conditions, [part], [group]]
      const by = `f.confidence ${direction}, ${byPosition}`
      const some = walk(db, { ...passing, conditions }, 'fields_by_confidence', by, atMost - ids.length)
      for (const id of some) ids.push(id)
    }
  return ids
}

/** As many as are wanted, in the order of an index. */
function walk(
  db: ReadOnlyDatabase,
  { conditions, kept, few }: Passing,
  index: string,
  order: string,
  atMost: number
): number[] {
  if (atMost <= 0) return []
  const all = few && kept ? [...conditions, few] : conditions
  const from = few ? 'fields f NOT INDEXED' : `fields f INDEXED BY ${index}`
  const limit = atMost < Infinity && (!kept || few) ? ` LIMIT ${atMost}` : ''
  const statement = select(db, `SELECT f.id FROM ${from} WHERE ${allOf(all)} ORDER BY ${order}${limit}`)
  const values = valuesOf(all)
  if (!kept || few) return statement.all(...values)
  const ids: number[] = []
  for (const id of statement.iterate(...values)) {
    if (kept.has(id)) ids.push(id)
    if (ids.length === atMost) break
  }
  return ids
}

/** Of one number a row. */
const select = (db: ReadOnlyDatabase, sql: string): ReadStatement<Value[], number> =>
  db.prepare<Value[], number>(sql).pluck()

const allOf = (conditions: Condition[]): string => conditions.map(([sql]) => sql).join(' AND ') || '1'
const valuesOf = (conditions: Condition[]): Value[] => conditions.flatMap(([, ...values]) => values)

/** How many pass. What follows from state and difference alone is known already. */
function count(db: ReadOnlyDatabase, { conditions, kept, search }: Passing): number {
  if (kept) return kept.size
  // No hidden field says anything.
  if (search && conditions.every(([sql]) => sql === search.condition[0] || sql === `+${isShown('f')}`))
    return search.matches
  const where = allOf(conditions)
  const tallied = conditions.every(([sql]) => /^\+f\.(status|differs) /.test(sql))
  const sql = tallied
    ? `SELECT coalesce(sum(f.count), 0) FROM tallies f WHERE ${where}`
    : `SELECT count(*) FROM fields f ${search ? 'NOT INDEXED' : 'INDEXED BY fields_by_confidence'} WHERE ${where}`
  return select(db, sql).get(...valuesOf(conditions))!
}

/** The unary plus keeps SQLite from leaving the order's index for another one. */
function conditionsOf({ status = 'all', differs, minConfidence, maxConfidence }: Filter): Condition[] {
  const conditions: Condition[] = []
  if (status === 'all') conditions.push([`+${isShown('f')}`])
  else if (status === 'decided') conditions.push([`+f.status IN ${decidedStates}`])
  else conditions.push(['+f.status = ?', status])
  if (differs) conditions.push(['+f.differs = 1'])
  if (minConfidence !== undefined) conditions.push(['f.confidence >= ?', minConfidence])
  if (maxConfidence !== undefined) conditions.push(['f.confidence <= ?', maxConfidence])
  return conditions
}

/** Fields that are looked up one by one at most, so that the first of a random order are found without the others. */
const lookedUpAtMost = 20_000

function inRandomOrder(
  db: ReadOnlyDatabase,
  passing: Passing,
  seed: number,
  atMost: number
): { ids: number[]; total: number } {
  const total = count(db, passing)
  const last = select(db, 'SELECT coalesce(max(id), 0) FROM fields').get()!
  const share = (1.2 * atMost) / total
  if (passing.kept || passing.few || share * last > lookedUpAtMost) {
    const ids = shuffle(ordered(db, passing, 'file', false, Infinity), seed)
    return { ids: ids.slice(0, atMost), total: ids.length }
  }
  const ids: number[] = []
  for (const numbers of shuffledNumbers(last, seed, share)) {
    const passed = [...passing.conditions, among(numbers)]
    const found = new Set(select(db, `SELECT f.id FROM fields f WHERE ${allOf(passed)}`).all(...valuesOf(passed)))
    for (const id of numbers) if (found.has(id)) ids.push(id)
    if (ids.length >= atMost) break
  }
  return { ids: ids.slice(0, atMost), total }
}
