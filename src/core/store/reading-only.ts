/**
 * A project that can't be written where it lies, as on a read-only or a full disk, is opened for reading: from a copy of its
 * file, which goes when the project is closed. SQLite needs a place to write even to read, and an older project its migrations.
 */
import { copyFileSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import type BetterSqlite3 from 'better-sqlite3'
import { isAlive } from '../../reading/processes'
import { inEnglish, NominaError, say } from '../../shared/failure'
import { storeFailure } from './failures'
import type { ReadOnlyDatabase } from './handle'

interface Copy {
  folder: string
  /** Of the project itself. */
  file: string
  why: 'full' | 'locked'
}

const copies = new WeakMap<ReadOnlyDatabase, Copy>()
/** Folders of this process's copies. */
const own = new Set<string>()
/** Then the process that reads from it, and what tells its copies apart. */
const prefix = 'nomina-reading-'
const locked = /^(SQLITE_READONLY|SQLITE_CANTOPEN|SQLITE_PERM|EACCES|EPERM|EROFS)/
/** Where the folder for temporary files is full as well, Linux still has one in memory. */
const places = (): string[] => [tmpdir(), ...(process.platform === 'linux' ? ['/dev/shm'] : [])]

/**
 * @param open opens and prepares the database at a path, as for writing
 * @returns null where the error is of another kind, or there is no room for a copy
 * @throws NominaError('busy') another process is changing the file just now; what `open` throws
 */
export function openForReading(
  file: string,
  error: unknown,
  open: (path: string) => BetterSqlite3.Database
): BetterSqlite3.Database | null {
  const why = whyNotWritable(error, file)
  const folder = why && copyAside(file)
  if (!folder) return null
  try {
    const db = open(join(folder, basename(file)))
    db.pragma('query_only = ON')
    copies.set(db, { folder, file, why })
    return db
  } catch (failure) {
    remove(folder)
    throw failure
  }
}

function whyNotWritable(error: unknown, file: string): Copy['why'] | null {
  const failure = storeFailure(error, file)
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (code === 'ENOSPC' || (failure instanceof NominaError && failure.code === 'disk-full')) return 'full'
  return locked.test(code) ? 'locked' : null
}

/** @returns the folder with the copy; null where none has room for it */
function copyAside(file: string): string | null {
  for (const place of places()) {
    let folder: string | null = null
    try {
      folder = mkdtempSync(join(place, `${prefix}${process.pid}-`))
      own.add(folder)
      copyUnchanged(file, join(folder, basename(file)))
      return folder
    } catch (error) {
      if (folder) remove(folder)
      if (error instanceof NominaError) throw error
    }
  }
  return null
}

const parts = ['', '-wal']
const stateOf = (file: string): string =>
  parts
    .map((part) => statSync(file + part, { bigint: true, throwIfNoEntry: false }))
    .map((found) => (found ? `${found.size} ${found.mtimeNs}` : ''))
    .join()

/** The log of what is not in the file yet belongs to it; a copy of one of two states is none. */
function copyUnchanged(file: string, to: string): void {
  for (let tries = 0; tries < 3; tries++) {
    const before = stateOf(file)
    for (const part of parts) if (statSync(file + part, { throwIfNoEntry: false })) copyFileSync(file + part, to + part)
    if (stateOf(file) === before) return
    rmSync(`${to}-wal`, { force: true })
  }
  throw new NominaError('busy', `Another process is writing to ${file}. Nothing was changed; try again in a moment.`)
}

/** That the project is open for reading only, and why, in words; null where it can be written. */
export function readingOnly(db: ReadOnlyDatabase): string | null {
  const copy = copies.get(db)
  if (!copy) return null
  const { file, why } = copy
  return inEnglish(why === 'full' ? say('readingOnlyFull', { file }) : say('readingOnlyLocked', { file }))
}

/** @throws NominaError('read-only') */
export function refuseReadingOnly(db: ReadOnlyDatabase): void {
  const copy = copies.get(db)
  if (!copy) return
  const { file, why } = copy
  throw new NominaError('read-only', why === 'full' ? say('readOnlyFull', { file }) : say('readOnlyLocked', { file }))
}

/** Once it is closed. */
export function dropCopy(db: ReadOnlyDatabase): void {
  const copy = copies.get(db)
  if (copy) remove(copy.folder)
}

function remove(folder: string): void {
  rmSync(folder, { recursive: true, force: true })
  own.delete(folder)
}

/** Copies of processes that were killed. What belongs to another user, or can't go now, stays for another time. */
export function clearDroppedCopies(): void {
  for (const place of places())
    for (const name of namesIn(place)) {
      const pid = Number(new RegExp(`^${prefix}(\\d+)-`).exec(name)?.[1] ?? NaN)
      const folder = join(place, name)
      const isDropped = pid === process.pid ? !own.has(folder) : pid > 0 && !isAlive(pid)
      if (!isDropped) continue
      try {
        remove(folder)
      } catch {
        // as said above
      }
    }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}
