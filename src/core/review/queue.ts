import type { Filter, Order } from '../../shared/domain'
import { fold, type ReadOnlyDatabase } from '../store'
import { isShown } from '../store/removals'
import { decidedStates } from '../store/states'
import { inOwnOrder, narrowed } from './narrow'
import { shuffle } from './shuffle'

export interface QueueRequest {
  filter: Filter
  order: Exclude<Order, 'suggested'>
  /** Of the random order: the same seed gives the same order. */
  seed?: number
  descending?: boolean
}

interface Condition {
  sql: string
  values: (string | number)[]
}

/**
 * The ids of all fields that pass the filter, in order. Lowest confidence first, fields without a reading last; `differs`
 * puts those first whose imported label is not what was read; ties are in file order. Each query is a walk along one
 * covering index (no sorting), and the parts of an order are walked one after another. A filter with an order of its own
 * (sample, selection, suspects) keeps it.
 */
export function queueIds(
  db: ReadOnlyDatabase,
  { filter, order, seed = 0, descending = false }: QueueRequest
): number[] {
  const conditions = conditionsOf(filter)
  const own = inOwnOrder(db, filter)
  const passing = ordered(db, conditions, own ? 'file' : order, descending)
  const found = filter.search?.trim() ? matching(db, fold(filter.search.trim())) : null
  const narrow = narrowed(db, filter)
  const sets = [found, narrow].filter((set) => set !== null)
  const kept = sets.length ? passing.filter((id) => sets.every((set) => set.has(id))) : passing
  if (own) {
    const all = new Set(kept)
    return own.filter((id) => all.has(id))
  }
  return order === 'random' ? shuffle(kept, seed) : kept
}

function ordered(
  db: ReadOnlyDatabase,
  conditions: Condition[],
  order: QueueRequest['order'],
  descending: boolean
): number[] {
  const direction = descending ? 'DESC' : 'ASC'
  const byPosition = `fields_by_position WHERE @ ORDER BY position ${direction}, id ${direction}`
  const byConfidence = `fields_by_confidence WHERE @ ORDER BY confidence ${direction}, position ${direction}, id ${direction}`
  if (order === 'file' || order === 'random') return walk(db, byPosition, conditions)
  const groups = order === 'differs' ? ['differs = 1', 'differs = 0'] : ['1']
  return groups.flatMap((group) =>
    ['confidence IS NOT NULL', 'confidence IS NULL'].flatMap((part) =>
      walk(db, byConfidence, [...conditions, { sql: part, values: [] }, { sql: group, values: [] }])
    )
  )
}

function walk(db: ReadOnlyDatabase, path: string, conditions: Condition[]): number[] {
  const where = conditions.map(({ sql }) => sql).join(' AND ') || '1'
  return db
    .prepare<(string | number)[], number>(`SELECT id FROM fields INDEXED BY ${path.replace('@', where)}`)
    .pluck()
    .all(...conditions.flatMap(({ values }) => values))
}

const matching = (db: ReadOnlyDatabase, folded: string): Set<number> =>
  new Set(
    db.prepare<[string], number>('SELECT id FROM fields NOT INDEXED WHERE instr(search, ?) > 0').pluck().all(folded)
  )

/** The unary plus keeps SQLite from leaving the order's index for another one. */
function conditionsOf({ status = 'all', differs, minConfidence, maxConfidence }: Filter): Condition[] {
  const conditions: Condition[] = []
  if (status === 'all') conditions.push({ sql: `+${isShown('fields')}`, values: [] })
  else if (status === 'decided') conditions.push({ sql: `+status IN ${decidedStates}`, values: [] })
  else conditions.push({ sql: '+status = ?', values: [status] })
  if (differs) conditions.push({ sql: '+differs = 1', values: [] })
  if (minConfidence !== undefined) conditions.push({ sql: '+confidence >= ?', values: [minConfidence] })
  if (maxConfidence !== undefined) conditions.push({ sql: '+confidence <= ?', values: [maxConfidence] })
  return conditions
}
