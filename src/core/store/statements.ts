import type { Statement } from 'better-sqlite3'
import type { Database, ReadOnlyDatabase, ReadStatement } from './handle'

const kept = new WeakMap<object, Map<string, unknown>>()

/**
 * A statement that is compiled once a database: what runs once a file costs its run, not its compilation. It gives rows as objects,
 * however it was asked for before: `pluck` and `raw` are for whoever goes on with it at once.
 */
export const reading = <Parameters extends unknown[], Row>(
  db: ReadOnlyDatabase,
  sql: string
): ReadStatement<Parameters, Row> =>
  keptOf(db, sql, () => db.prepare<Parameters, Row>(sql) as ReadStatement<Parameters, Row>)
    .pluck(false)
    .raw(false)

export const writing = (db: Database, sql: string): Statement<unknown[]> =>
  keptOf(db, sql, () => db.prepare<unknown[]>(sql))

function keptOf<T>(db: object, sql: string, prepare: () => T): T {
  let statements = kept.get(db)
  if (!statements) kept.set(db, (statements = new Map()))
  const found = statements.get(sql)
  if (found) return found as T
  const made = prepare()
  statements.set(sql, made)
  return made
}
