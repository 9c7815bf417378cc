/** Kept lists of fields: the way down from a figure that no filter can say. */
import { NominaError } from '../../shared/failure'
import type { Database, ReadOnlyDatabase } from './handle'
import { immediate } from './transaction'

const KEPT = 100

/** @returns its number, for `filter.selection` @throws NominaError('not-found') one of them is no field */
export function keepSelection(db: Database, ids: readonly number[]): number {
  const wanted = JSON.stringify([...new Set(ids)])
  return immediate(db, () => {
    const missing = db
      .prepare<[string], number>('SELECT value FROM json_each(?) WHERE value NOT IN (SELECT id FROM fields) LIMIT 1')
      .pluck()
      .get(wanted)
    if (missing !== undefined) throw new NominaError('not-found', `There is no field with the number ${missing}.`)
    const { lastInsertRowid } = db
      .prepare('INSERT INTO selections (ids, made_at) VALUES (?, ?)')
      .run(wanted, new Date().toISOString())
    const id = Number(lastInsertRowid)
    db.prepare('DELETE FROM selections WHERE id <= ?').run(id - KEPT)
    return id
  })
}

/** Its fields, in their order; none where it is kept no more. */
export function readSelection(db: ReadOnlyDatabase, id: number): number[] {
  const ids = db.prepare<[number], string>('SELECT ids FROM selections WHERE id = ?').pluck().get(id)
  return ids === undefined ? [] : (JSON.parse(ids) as number[])
}
