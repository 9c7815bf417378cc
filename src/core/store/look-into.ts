/** A look into a project that is not open: nothing is written, nothing is brought up to date. */
import { join } from 'node:path'
import BetterSqlite3 from 'better-sqlite3'
import type { ReadOnlyDatabase } from './handle'
import { schemaVersion } from './migrate'
import { migrations } from './migrations'
import { databaseName } from './open'

/** @returns null where it can't be looked into as it is: it is not there, of another version, damaged */
export function lookInto<T>(folder: string, look: (db: ReadOnlyDatabase) => T): T | null {
  let db: BetterSqlite3.Database | undefined
  try {
    db = new BetterSqlite3(join(folder, databaseName), { readonly: true, fileMustExist: true, timeout: 200 })
    return schemaVersion(db) === migrations.length ? look(db as unknown as ReadOnlyDatabase) : null
  } catch {
    return null
  } finally {
    db?.close()
  }
}
