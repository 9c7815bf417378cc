/** What a project's file holds that can be had again, and how to be without it. */
import { rmSync, statSync } from 'node:fs'
import { storeFailure } from './failures'
import type { Database, ReadOnlyDatabase } from './handle'
import { backupsOf } from './migrate'
import { numbers } from './numbers'
import { slices, turn } from './slices'
import { reading, writing } from './statements'
import { immediate } from './transaction'

/** In bytes. */
export const sizeOf = (file: string): number => statSync(file, { throwIfNoEntry: false })?.size ?? 0

/** The file with its write-ahead log. */
export const databaseBytes = (db: ReadOnlyDatabase): number => sizeOf(db.name) + sizeOf(`${db.name}-wal`)

/** Copies from before a newer Nomina changed the file. */
export const backupBytes = (db: ReadOnlyDatabase): number =>
  backupsOf(db.name).reduce((sum, { path }) => sum + sizeOf(path), 0)

export function dropBackups(db: ReadOnlyDatabase): void {
  for (const { path, isWhole } of backupsOf(db.name)) if (isWhole) rmSync(path, { force: true })
}

/** Readings whose lattices are measured in one go: some ms. */
const measured = 10_000

/** In slices: a million takes a second. @throws as `turn` */
export async function latticeBytes(db: ReadOnlyDatabase, signal?: AbortSignal): Promise<number> {
  const last = numbers(db, 'SELECT coalesce(max(reading_id), 0) FROM lattices')[0]!
  const some = reading<[number, number], { bytes: number }>(
    db,
    'SELECT coalesce(sum(length(bytes)), 0) AS bytes FROM lattices WHERE reading_id > ? AND reading_id <= ?'
  )
  let sum = 0
  for (let from = 0; from < last; from += measured) {
    sum += some.get(from, from + measured)!.bytes
    await turn(db, signal)
  }
  return sum
}

export interface Measured {
  /** Of the whole project. */
  fields: number
  /** Of them, those that lie on pages. */
  onPages: number
  /** Bytes of the files that hold pages. */
  pageBytes: number
}

/** By which is said what more scans will take. */
export function measuredBy(db: ReadOnlyDatabase): Measured {
  const one = (sql: string): number => numbers(db, sql)[0]!
  const fields = one('SELECT count(*) FROM fields')
  const onPages = one('SELECT count(*) FROM fields WHERE page_id IS NOT NULL')
  const pageBytes = onPages && one('SELECT coalesce(sum(size), 0) FROM sources WHERE as_pages = 1')
  return { fields, onPages, pageBytes }
}

/** Files of the project at or under a folder, with `/` in it. In slices. @throws as `turn` */
export async function knownUnder(
  db: ReadOnlyDatabase,
  folder: string,
  signal?: AbortSignal
): Promise<{ files: number; bytes: number }> {
  const last = numbers(db, 'SELECT coalesce(max(id), 0) FROM sources')[0]!
  const some = reading<[string, number, number], { files: number; bytes: number }>(
    db,
    `SELECT count(*) AS files, coalesce(sum(size), 0) AS bytes FROM sources JOIN roots ON roots.id = sources.root_id
     WHERE instr(replace(roots.path, '\\', '/') || '/' || replace(sources.path, '\\', '/') || '/', ?) = 1
       AND status != 'missing' AND sources.id > ? AND sources.id <= ?`
  )
  const sum = { files: 0, bytes: 0 }
  for (let from = 0; from < last; from += measured) {
    const { files, bytes } = some.get(`${folder}/`, from, from + measured)!
    sum.files += files
    sum.bytes += bytes
    await turn(db, signal)
  }
  return sum
}

/** Lattices a transaction: some ms. */
const dropped = 2000

/** In slices; then the file is made smaller. @throws NominaError('disk-full' | 'busy'); as `turn` */
export async function dropLattices(db: Database, signal?: AbortSignal): Promise<void> {
  const drop = writing(db, 'DELETE FROM lattices WHERE reading_id IN (SELECT reading_id FROM lattices LIMIT ?)')
  for (let gone = dropped; gone === dropped;) {
    await turn(db, signal)
    gone = immediate(db, () => drop.run(dropped).changes)
  }
  if (shrinksBySlices(db)) return freePages(db, signal)
  try {
    db.exec('VACUUM')
  } catch (error) {
    throw storeFailure(error, db.name)
  }
  db.pragma('wal_checkpoint(TRUNCATE)')
}

/** False of a file of an earlier Nomina, which is written anew at once, the first time: as much again must be free, and all else waits. */
export const shrinksBySlices = (db: Database): boolean => db.pragma('auto_vacuum', { simple: true }) === 2

/** Gives free pages back to the disk, so many for each field of a slice. */
async function freePages(db: Database, signal?: AbortSignal): Promise<void> {
  const pages = 4
  for await (const size of slices(db)) {
    signal?.throwIfAborted()
    immediate(db, () => db.pragma(`incremental_vacuum(${pages * size})`))
    if (db.pragma('freelist_count', { simple: true }) === 0) break
  }
  db.pragma('wal_checkpoint(TRUNCATE)')
}
