import { randomUUID } from 'node:crypto'
import { realpathSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import BetterSqlite3 from 'better-sqlite3'
import {
  databaseName,
  getSetting,
  immediate,
  readingOnly,
  setSetting,
  type Database,
  type ReadOnlyDatabase
} from '../store'

/** What a copied project remembers: where the one lay that it was copied from, and when it was noticed. */
export interface CopyOf {
  path: string
  at: string
}

/**
 * What a project is known by, whatever its folder is called: made once and kept in its file. A folder that was moved stays the same
 * project. One that was copied, so that the first is still there, is another from now on: what is decided in one is not in the other.
 */
export function identify(db: Database): string {
  if (readingOnly(db) !== null) return getSetting(db, 'identity') ?? randomUUID()
  const here = folderOf(db)
  return immediate(db, () => {
    const known = getSetting(db, 'identity')
    const place = getSetting(db, 'place')
    const copied = known !== null && place !== null && place !== here && identityAt(place) === known
    const identity = known === null || copied ? randomUUID() : known
    if (copied) setSetting(db, 'copyOf', { path: place, at: new Date().toISOString() } satisfies CopyOf)
    if (identity !== known) setSetting(db, 'identity', identity)
    if (place !== here) setSetting(db, 'place', here)
    return identity
  })
}

/** null for a project that is no copy. */
export const copyOf = (db: ReadOnlyDatabase): CopyOf | null => getSetting(db, 'copyOf')

const folderOf = (db: ReadOnlyDatabase): string => realpathSync(resolve(dirname(db.name)))

/** Of the project in another folder; null where there is none that can be read. */
function identityAt(folder: string): string | null {
  try {
    const other = new BetterSqlite3(join(folder, databaseName), { readonly: true, fileMustExist: true })
    try {
      return getSetting(other, 'identity')
    } finally {
      other.close()
    }
  } catch {
    return null
  }
}
