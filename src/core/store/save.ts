/** A project whose folder is gone while it is open can still be read: it is written to another one. */
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { NominaError } from '../../shared/failure'
import { storeFailure } from './failures'
import { makeFolders } from './folders'
import type { Database } from './handle'
import { closeStore, databaseName, openStore } from './open'
import { setSetting } from './settings'
import { immediate } from './transaction'

/**
 * Writes all that the open project holds into a folder in which there is none, with where it lay before: what windows have
 * waiting for that one is stored here.
 * @throws NominaError('exists') there is a project; ('refused' | 'disk-full')
 */
export function saveElsewhere(db: Database, folder: string, before: string): void {
  const file = join(resolve(folder), databaseName)
  if (existsSync(file))
    throw new NominaError('exists', `There is a project in ${folder} already. Choose another folder.`)
  try {
    makeFolders(folder)
    writeAll(db, file)
  } catch (error) {
    throw storeFailure(error, file)
  }
  const saved = openStore(folder, { create: false })
  immediate(saved, () => setSetting(saved, 'savedFrom', before))
  closeStore(saved)
}

/** Also of a project that is open for reading only: its own file is not touched. */
function writeAll(db: Database, file: string): void {
  const reading = db.pragma('query_only', { simple: true }) as number
  db.pragma('query_only = OFF')
  try {
    db.prepare('VACUUM INTO ?').run(file)
  } finally {
    db.pragma(`query_only = ${reading}`)
  }
}
