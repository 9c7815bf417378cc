/** All fields that pass a filter, for an act that is said of the filter and not of each of them. */
import type { Filter } from '../../shared/domain'
import { NominaError, say } from '../../shared/failure'
import type { ReadOnlyDatabase } from '../store'
import { lastFieldId, numbers } from '../store/numbers'
import { turn } from '../store/slices'
import { allOf, inOwnOrder, valuesOf } from './narrow'
import { passingOf } from './passing'
import { queueIds } from './queue'

export interface AllOf {
  filter: Filter
  /** Fields that pass and are not meant. */
  except: number[]
  /** How many passed when the person looked. */
  total: number
}

/** Field numbers that are looked at at a time: some 5 ms. */
const step = 20_000

/**
 * @param begun the act was begun already: what it did may have left the filter
 * @throws NominaError('conflict') where another number of fields passes than the person was shown
 */
export async function idsOfAll(
  db: ReadOnlyDatabase,
  { filter, except, total }: AllOf,
  begun: boolean
): Promise<number[]> {
  const left = new Set(except)
  const refuseOthers = (passing: number): void => {
    if (!begun && passing !== total) throw new NominaError('conflict', say('otherFieldsPass'))
  }
  if (inOwnOrder(db, filter)) {
    const ids = queueIds(db, { filter, order: 'file' })
    refuseOthers(ids.length)
    return ids.filter((id) => !left.has(id))
  }
  const { conditions, total: passing } = passingOf(db, filter)
  refuseOthers(passing)
  const sql = `SELECT f.id FROM fields f NOT INDEXED WHERE f.id > ? AND f.id <= ? AND ${allOf(conditions)} ORDER BY f.id`
  const last = lastFieldId(db)
  const ids: number[] = []
  for (let from = 0; from < last; from += step) {
    for (const id of numbers(db, sql, [from, from + step, ...valuesOf(conditions)])) if (!left.has(id)) ids.push(id)
    await turn(db)
  }
  return ids
}
