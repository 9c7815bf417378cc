/** All fields that pass a filter, for an act that is said of the filter and not of each of them. */
import type { Filter } from '../../shared/domain'
import { NominaError, say } from '../../shared/failure'
import type { Database, ReadOnlyDatabase } from '../store'
import { lastDecision } from '../store/decided'
import { lastFieldId, numbers } from '../store/numbers'
import { turn } from '../store/slices'
import { actionOfRequest } from '../store/actions'
import { allOf, inOwnOrder, valuesOf } from './narrow'
import { lookAhead, passingOf } from './passing'
import { queueIds } from './queue'
import { isUnderWay } from './slices'

export interface AllOf {
  filter: Filter
  /** Fields that pass and are not meant. */
  except: number[]
  /** How many passed when the person looked. */
  total: number
}

/** Field numbers that are looked at at a time: some 5 ms. */
const step = 20_000

/** Which act it is: one that was begun before goes on. */
interface Act {
  reviewer: string
  request?: string | undefined
}

/**
 * @returns the fields, and the last decision of the project before they were looked for; of an act that is whole or under way none: it
 *   needs no more
 * @throws NominaError('conflict') where another number of fields passes than the person was shown
 */
export async function meantByAll(
  db: Database,
  { filter, except, total }: AllOf,
  { reviewer, request }: Act
): Promise<{ ids: number[]; since: number; byFilter: true }> {
  const since = lastDecision(db)
  const begun = request === undefined ? null : actionOfRequest(db, reviewer, request)
  if (begun && (begun.whole || isUnderWay(db, begun.id))) return { ids: [], since, byFilter: true }
  const passing = await allPassing(db, filter)
  // What the act has done may have left the filter.
  const there = new Set(passing)
  const gone = begun ? fieldsOf(db, begun.id).filter((id) => !there.has(id)).length : 0
  if (passing.length + gone !== total)
    throw new NominaError('conflict', say(begun ? 'otherFieldsSince' : 'otherFieldsPass'))
  const left = new Set(except)
  return { ids: passing.filter((id) => !left.has(id)), since, byFilter: true }
}

const fieldsOf = (db: ReadOnlyDatabase, actionId: number): number[] =>
  numbers(db, 'SELECT field_id FROM decisions WHERE action_id = ?', [actionId])

async function allPassing(db: ReadOnlyDatabase, filter: Filter): Promise<number[]> {
  if (inOwnOrder(db, filter)) return queueIds(db, { filter, order: 'file' })
  const ahead = lookAhead(db, filter)
  if (ahead) await ahead
  const { conditions } = passingOf(db, filter)
  const sql = `SELECT f.id FROM fields f NOT INDEXED WHERE f.id > ? AND f.id <= ? AND ${allOf(conditions)} ORDER BY f.id`
  const last = lastFieldId(db)
  const ids: number[] = []
  for (let from = 0; from < last; from += step) {
    for (const id of numbers(db, sql, [from, from + step, ...valuesOf(conditions)])) ids.push(id)
    await turn(db)
  }
  return ids
}
