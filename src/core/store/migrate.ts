import { closeSync, fsyncSync, openSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type BetterSqlite3 from 'better-sqlite3'
import type { Migration } from './migrations'

/** 'Nomi' in ASCII: how a project is told from any other SQLite database. */
export const applicationId = 0x4e6f6d69

export const schemaVersion = (db: BetterSqlite3.Database): number =>
  db.pragma('user_version', { simple: true }) as number

/** @throws Error where the list is not 1, 2, 3 …: a mistake in the program, not in a project */
export function checkOrder(migrations: readonly Migration[]): void {
  migrations.forEach(({ version, name }, index) => {
    const inOrder = version === index + 1 && Number.parseInt(name, 10) === version
    if (!inOrder) throw new Error(`Migration ${name} (version ${version}) is at place ${index + 1} of the list.`)
  })
}

/**
 * Brings the database to the newest version, in one transaction; what it was before is copied beside it first. Another process that
 * migrates at the same time is waited for.
 * @param stepped told before each part of the work
 * @returns the backup's path, or null where there was nothing to keep
 */
export function migrate(
  db: BetterSqlite3.Database,
  migrations: readonly Migration[],
  stepped?: (step: Step) => void
): string | null {
  checkOrder(migrations)
  const from = schemaVersion(db)
  if (from === migrations.length) return null
  const of = 1 + (migrations.length - from) + 1
  let done = 0
  const next = (): void => stepped?.({ done: done++, of })
  next()
  const backup = from > 0 ? backUp(db, from) : null
  db.pragma('foreign_keys = OFF') // so that a migration can rebuild a table; checked at the end
  db.unsafeMode(true) // so that it can change the text of a table whose rows stay as they are
  try {
    db.transaction(() => applyAll(db, migrations, next)).immediate()
  } finally {
    db.unsafeMode(false)
    db.pragma('foreign_keys = ON')
  }
  return backup
}

/** How many of its parts are done: the copy, each migration, the look at what points where. */
export interface Step {
  /** With the share of the copy that there is. */
  done: number
  of: number
}

function applyAll(db: BetterSqlite3.Database, migrations: readonly Migration[], next: () => void): void {
  const rest = migrations.slice(schemaVersion(db))
  if (!rest.length) return
  for (const { sql } of rest) {
    next()
    db.exec(sql)
  }
  next()
  // Once for all of them: of a million fields it takes seconds.
  const broken = db.pragma('foreign_key_check') as unknown[]
  const names = rest.map(({ name }) => name).join(', ')
  if (broken.length) throw new Error(`${broken.length} rows point nowhere after the migrations ${names}.`)
  db.pragma(`application_id = ${applicationId}`)
  db.pragma(`user_version = ${migrations.length}`)
}

const backupName = /\.version-(?<version>\d+)-(?<at>\d{8}T\d{6}Z)\.backup(?<unfinished>\.unfinished)?$/

/** Copies beside a database that were made before a migration: of which version, and when. */
export function backupsOf(file: string): { path: string; version: number; at: string; isWhole: boolean }[] {
  return readdirSync(dirname(file)).flatMap((name) => {
    const found = name.startsWith(basename(file)) ? backupName.exec(name)?.groups : null
    if (!found) return []
    const { version, at, unfinished } = found
    return [{ path: join(dirname(file), name), version: Number(version), at: at!, isWhole: unfinished === undefined }]
  })
}

/** Clears away copies during which a migration was killed; one that is being made just now is held by its lock. */
export function clearUnfinishedBackups(db: BetterSqlite3.Database): void {
  for (const { path, isWhole } of backupsOf(db.name)) if (!isWhole) rmSync(path, { force: true })
}

/** A whole, compact copy, on the disk before this returns: `nomina.db` → `nomina.db.version-1-20260102T030405Z.backup`. */
function backUp(db: BetterSqlite3.Database, version: number): string {
  const time = new Date().toISOString().replace(/[-:]|\.\d+/g, '')
  const path = `${db.name}.version-${version}-${time}.backup`
  const unfinished = `${path}.unfinished`
  rmSync(unfinished, { force: true })
  try {
    db.prepare('VACUUM INTO ?').run(unfinished)
    const file = openSync(unfinished, 'r+')
    fsyncSync(file)
    closeSync(file)
    renameSync(unfinished, path)
  } catch (error) {
    rmSync(unfinished, { force: true })
    throw error
  }
  return path
}
