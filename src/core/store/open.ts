import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import BetterSqlite3 from 'better-sqlite3'
import { messageOf, NominaError, say } from '../../shared/failure'
import { refuseDamaged } from './check'
import { storeFailure } from './failures'
import { makeFolders } from './folders'
import type { Database } from './handle'
import { applicationId, backupsOf, clearUnfinishedBackups, migrate, schemaVersion, type Step } from './migrate'
import { migrations as shipped, type Migration } from './migrations'
import { notePlace } from './presence'
import { dropCopy, openForReading } from './reading-only'

export const databaseName = 'nomina.db'
/** How long a write waits for another process, in ms. It blocks the event loop: writes are a few ms long. */
const busyTimeoutMs = 2000
/** In KiB. Sorted lists of 100,000 fields are read from indexes of about 4 MiB each. */
const cacheKiB = 32 * 1024
const magic = 'SQLite format 3\0'
/** Where SQLite's header has its `user_version` and `application_id`, in bytes: https://www.sqlite.org/fileformat2.html#database_header */
const header = { length: 100, version: 60, application: 68 }

/**
 * Opens the project in `folder`, and with `create` makes it where there is none. Nothing is changed in a file that is
 * refused. One that can't be written is opened for reading only.
 * @param migrations other than the shipped ones, for tests
 * @param stepped told before each part of what brings a project of an earlier Nomina up to date
 * @throws NominaError('not-found') no project there; ('refused') no database, damaged, another program's, made by a newer
 *   Nomina, or not writable; ('disk-full'), ('busy')
 */
export function openStore(
  folder: string,
  {
    create,
    migrations = shipped,
    stepped
  }: { create: boolean; migrations?: readonly Migration[]; stepped?: (step: Step) => void }
): Database {
  const file = join(resolve(folder), databaseName)
  if (!hasStore(folder)) {
    const why = existsSync(file) ? `its ${databaseName} is empty` : `no ${databaseName}`
    if (!create) throw new NominaError('not-found', say('noProjectIn', { folder, why }))
    makeFolder(folder)
  } else {
    refuseOtherFiles(file)
  }
  const prepared = (path: string): BetterSqlite3.Database => {
    const db = new BetterSqlite3(path, { timeout: busyTimeoutMs })
    try {
      refuseOtherDatabases(db, file, migrations.length)
      configure(db)
      clearUnfinishedBackups(db)
      migrate(db, migrations, stepped)
      refuseDamaged(db, file)
      tryToWrite(db)
      return db
    } catch (error) {
      db.close()
      throw error
    }
  }
  try {
    return openWith(prepared, file) as Database
  } catch (error) {
    throw openingFailure(error, file)
  }
}

function openWith(prepared: (path: string) => BetterSqlite3.Database, file: string): BetterSqlite3.Database {
  try {
    const db = prepared(file)
    notePlace(db)
    return db
  } catch (error) {
    const db = openForReading(file, error, prepared)
    if (!db) throw error
    return db
  }
}

/** Writes what is there already: a file that can't be written, or not be added to, tells of it now. */
function tryToWrite(db: BetterSqlite3.Database): void {
  try {
    db.transaction(() => db.pragma(`user_version = ${schemaVersion(db)}`)).immediate()
  } catch (error) {
    // Somebody else writes just now: so it can be written.
    if (!(error instanceof BetterSqlite3.SqliteError && error.code.startsWith('SQLITE_BUSY'))) throw error
  }
}

/** Nothing that SQLite says of a file is a fault of the program's while that is opened: the file is not what it should be. */
function openingFailure(error: unknown, file: string): unknown {
  const failure = storeFailure(error, file)
  if (!(failure instanceof BetterSqlite3.SqliteError)) return failure
  return new NominaError(
    'refused',
    `${file} cannot be opened as a project (${failure.message}): it is damaged, or not what its beginning says. ` +
      'Nomina leaves it as it is: put a backup of it in its place.',
    { cause: error }
  )
}

/** How large a database is that `openStore` would bring up to date; null: it needs none of it, or is none. */
export function bytesToUpdate(folder: string, newest = shipped.length): number | null {
  const file = join(resolve(folder), databaseName)
  if (!hasStore(folder)) return null
  try {
    const head = beginningOf(file, header.length)
    const version = head.readUInt32BE(header.version)
    const isOurs =
      head.toString('latin1', 0, magic.length) === magic && head.readUInt32BE(header.application) === applicationId
    return isOurs && version > 0 && version < newest ? statSync(file).size : null
  } catch {
    return null // to open it says why
  }
}

/** Whether anything was ever stored there. A process that ends while it makes a project can leave an empty file. */
export function hasStore(folder: string): boolean {
  const found = statSync(join(resolve(folder), databaseName), { throwIfNoEntry: false })
  return found !== undefined && found.size > 0
}

/** Writes back what is in the write-ahead log and lets go of the file. Closing twice does nothing. */
export function closeStore(db: Database): void {
  if (db.open) db.close()
  dropCopy(db)
}

function makeFolder(folder: string): void {
  try {
    makeFolders(folder)
  } catch (error) {
    throw new NominaError('refused', say('cannotBeMade', { folder, why: messageOf(error) }), { cause: error })
  }
}

function refuseOtherFiles(file: string): void {
  let head: Buffer
  try {
    head = beginningOf(file, magic.length)
  } catch (error) {
    throw new NominaError('refused', `${file} cannot be read: ${messageOf(error)}`, { cause: error })
  }
  if (head.toString('latin1') !== magic) {
    throw new NominaError('refused', `${file} is no database, or its beginning is damaged. Nomina leaves it as it is.`)
  }
}

/** @throws the system's error */
function beginningOf(file: string, length: number): Buffer {
  const head = Buffer.alloc(length)
  const handle = openSync(file, 'r')
  try {
    readSync(handle, head, 0, length, 0)
  } finally {
    closeSync(handle)
  }
  return head
}

function refuseOtherDatabases(db: BetterSqlite3.Database, file: string, newest: number): void {
  const id = db.pragma('application_id', { simple: true }) as number
  const version = schemaVersion(db)
  const objects = db.prepare('SELECT count(*) FROM sqlite_schema').pluck().get() as number
  const untouched = id === 0 && version === 0 && objects === 0
  if (id !== applicationId && !untouched) {
    throw new NominaError('refused', `${file} is a database of another program. Nomina leaves it as it is.`)
  }
  if (version > newest) {
    const copy = olderCopy(file, newest)
    if (copy) throw new NominaError('newer-kept', say('newerKept', { file, version, newest, copy }))
    throw new NominaError('refused', say('newerProject', { file, version, newest }))
  }
}

/** The latest copy beside it, made before a newer Nomina changed it, that this one can open; or null. */
export function olderCopy(file: string, newest = shipped.length): string | null {
  const copies = backupsOf(file).filter(({ version, isWhole }) => isWhole && version <= newest)
  return copies.sort((a, b) => (a.at < b.at ? 1 : -1))[0]?.path ?? null
}

function configure(db: BetterSqlite3.Database): void {
  db.pragma('auto_vacuum = INCREMENTAL') // of a file that is made now; of an older one, once it is vacuumed
  db.pragma('journal_mode = WAL')
  db.pragma('synchronous = FULL') // a decision survives a power cut once the call has returned
  db.pragma('foreign_keys = ON')
  db.pragma('trusted_schema = OFF')
  db.pragma(`cache_size = -${cacheKiB}`)
  db.exec('CREATE VIRTUAL TABLE temp.field_terms USING fts5vocab (main, field_texts, instance)') // see store/search.ts
}
