/** A project that can't be written where it lies: all of it can be looked at, exported and saved elsewhere, nothing changed. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import BetterSqlite3 from 'better-sqlite3'
import { expect, onTestFinished, test, vi } from 'vitest'
import { writeExport } from '../../src/core/export'
import { identify } from '../../src/core/project/identity'
import { markOf, recordExport } from '../../src/core/store/exports'
import { decide, queueIds, readRow } from '../../src/core/review'
import { closeStore, databaseName, openStore, readingOnly, saveElsewhere } from '../../src/core/store'
import { migrations } from '../../src/core/store/migrations'
import { clearDroppedCopies, openForReading } from '../../src/core/store/reading-only'
import { project, reopen, temporaryFolder } from '../fixtures/small-project'

const options = {
  format: 'full' as const,
  rows: 'all' as const,
  unreadable: 'mark' as const,
  crops: false,
  stale: false,
  split: { train: 80, validation: 10, test: 10 },
  spreadsheetSafe: false,
  overwrite: false
}
const blank = { ids: [1], kind: 'blank' as const, reviewer: 'Ada' }
const copies = (): string[] => readdirSync(tmpdir()).filter((name) => name.startsWith('nomina-reading-'))

/** SQLite finds a folder where it makes its file of shared memory: what it says of every place that it can't write. */
function start() {
  const folder = join(temporaryFolder(), 'project')
  const db = project([{ reading: 'ANNA' }, { reading: 'BEA' }], { folder })
  identify(db)
  decide(db, { ...blank, ids: [2] })
  closeStore(db)
  const shared = join(folder, `${databaseName}-shm`)
  mkdirSync(shared)
  const file = join(folder, databaseName)
  return { folder, file, bytes: readFileSync(file), unlock: () => rmdirSync(shared) }
}

test('it is opened for reading, and every write is refused in a sentence', async () => {
  const { folder, file, bytes, unlock } = start()
  const before = copies()
  const db = reopen(folder)
  expect(readingOnly(db)).toMatch(/nomina\.db is opened for reading only: its file or its folder may not be written/)
  expect(queueIds(db, { filter: {}, order: 'file' })).toEqual([1, 2])
  expect(readRow(db, 2).status).toBe('blank')
  expect(() => decide(db, blank)).toThrow(
    expect.objectContaining({ code: 'read-only', message: expect.stringMatching(/reading only.*Nothing was changed/) })
  )
  expect(() => db.prepare('DELETE FROM decisions').run()).toThrow(/readonly/)
  const out = join(temporaryFolder(), 'out')
  const { rows } = await writeExport(db, { ...options, out })
  recordExport(db, markOf(db), { ...options, out }, rows)
  expect(rows).toBe(2)
  closeStore(db)
  expect(copies()).toEqual(before)
  expect(readFileSync(file).equals(bytes)).toBe(true)
  unlock()
  const again = reopen(folder)
  expect(readingOnly(again)).toBeNull()
  expect(decide(again, blank).changed).toBe(1)
})

test('what was not written back to the file yet is seen', () => {
  const { folder, file, unlock } = start()
  unlock()
  const other = reopen(folder)
  decide(other, blank)
  const db = openForReading(file, Object.assign(new Error(), { code: 'EROFS' }), (path) => new BetterSqlite3(path))!
  expect(db.prepare('SELECT status FROM fields WHERE id = 1').pluck().get()).toBe('blank')
  closeStore(db as never)
})

test('it is saved elsewhere and worked on there', () => {
  const { folder } = start()
  const db = reopen(folder)
  const elsewhere = join(temporaryFolder(), 'saved')
  saveElsewhere(db, elsewhere, folder)
  const saved = reopen(elsewhere)
  expect(decide(saved, blank).changed).toBe(1)
  expect(identify(saved)).not.toBe(identify(db))
})

test('one of an earlier schema is opened for reading as well', () => {
  const folder = temporaryFolder()
  closeStore(openStore(folder, { create: true, migrations: migrations.slice(0, 5) }))
  mkdirSync(join(folder, `${databaseName}-shm`))
  const db = reopen(folder)
  expect(db.pragma('user_version', { simple: true })).toBe(migrations.length)
})

test('a full disk is said to be one; without room for a copy anywhere nothing is left behind', () => {
  const { file } = start()
  const full = Object.assign(new Error(), { code: 'SQLITE_FULL' })
  const open = (path: string) => new BetterSqlite3(path)
  const db = openForReading(file, full, open)!
  expect(readingOnly(db)).toMatch(/its disk is full/)
  closeStore(db as never)
  if (existsSync('/dev/shm')) return
  vi.stubEnv('TMPDIR', join(temporaryFolder(), 'missing'))
  onTestFinished(() => void vi.unstubAllEnvs())
  expect(openForReading(file, full, open)).toBeNull()
})

test('copies of processes that were killed are tidied away, and no other', () => {
  const { folder } = start()
  const db = reopen(folder)
  const mine = copies()
  const { pid } = spawnSync(process.execPath, ['-e', ''])
  const copyOf = (owner: number | undefined): string => {
    const made = mkdtempSync(join(tmpdir(), `nomina-reading-${owner}-`))
    onTestFinished(() => rmSync(made, { recursive: true, force: true }))
    return made
  }
  const [dropped, another, again] = [copyOf(pid), copyOf(process.ppid), copyOf(process.pid)]
  clearDroppedCopies()
  expect([dropped, another, again].map((made) => existsSync(made))).toEqual([false, true, false])
  expect(copies()).toEqual(expect.arrayContaining(mine))
  closeStore(db)
})
