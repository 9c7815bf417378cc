/** What a project's file holds that can be had again, and how to be without it. */
import { rmSync, statSync } from 'node:fs'
import { storeFailure } from './failures'
import type { Database, ReadOnlyDatabase } from './handle'
import { backupsOf } from './migrate'
import { turn } from './slices'
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

export const latticeBytes = (db: ReadOnlyDatabase): number =>
  reading<[], { bytes: number }>(db, 'SELECT coalesce(sum(length(bytes)), 0) AS bytes FROM lattices').get()!.bytes

/** Lattices a transaction: some ms. */
const dropped = 2000

/** In slices; then the file is made smaller, for which as much again must be free. @throws NominaError('disk-full' | 'busy') */
export async function dropLattices(db: Database, signal?: AbortSignal): Promise<void> {
  const drop = writing(db, 'DELETE FROM lattices WHERE reading_id IN (SELECT reading_id FROM lattices LIMIT ?)')
  for (let gone = dropped; gone === dropped;) {
    await turn(db, signal)
    gone = immediate(db, () => drop.run(dropped).changes)
  }
  try {
    db.exec('VACUUM')
  } catch (error) {
    throw storeFailure(error, db.name)
  }
  db.pragma('wal_checkpoint(TRUNCATE)')
}
