import { copyFileSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import BetterSqlite3 from 'better-sqlite3'
import { expect, test } from 'vitest'
import type { NominaError } from '../../src/shared/failure'
import { closeStore, databaseName, getSetting, openStore, setSetting } from '../../src/core/store'
import { checkOrder } from '../../src/core/store/migrate'
import { migrations } from '../../src/core/store/migrations'
import { makeProject } from '../fixtures/big-project'
import { reopen, temporaryFolder } from '../fixtures/small-project'

const refusal = (code: string, words: RegExp) =>
  expect.objectContaining({ name: 'NominaError', code, message: expect.stringMatching(words) })
const opening = (folder: string, create = false) => {
  try {
    openStore(folder, { create })
    return null
  } catch (error) {
    return error
  }
}

test('makes a project and opens it again', () => {
  const folder = join(temporaryFolder(), 'with spaces “and” 🖋', 'project')
  const made = openStore(folder, { create: true })
  setSetting(made, 'copyOf', { path: 'deep', at: 'two' })
  closeStore(made)
  closeStore(made)
  const db = reopen(folder)
  expect(getSetting(db, 'copyOf')).toEqual({ path: 'deep', at: 'two' })
  expect(getSetting(db, 'savedFrom')).toBeNull()
  expect(db.pragma('journal_mode', { simple: true })).toBe('wal')
  expect(db.pragma('synchronous', { simple: true })).toBe(2)
  expect(db.pragma('foreign_keys', { simple: true })).toBe(1)
})

test('says that there is no project, and makes none', () => {
  const folder = temporaryFolder()
  expect(opening(folder)).toEqual(refusal('not-found', /no Nomina project/))
  expect(readdirSync(folder)).toEqual([])
})

test('refuses a folder that cannot be made', () => {
  const file = join(temporaryFolder(), 'file')
  writeFileSync(file, '')
  expect(opening(join(file, 'project'), true)).toEqual(refusal('refused', /cannot be made/))
})

test('refuses a database of a newer version and leaves it as it is', () => {
  const folder = temporaryFolder()
  const db = openStore(folder, { create: true })
  db.pragma('user_version = 999')
  closeStore(db)
  const before = readFileSync(join(folder, databaseName))
  expect(opening(folder)).toEqual(refusal('refused', /newer Nomina.*999/))
  expect(readFileSync(join(folder, databaseName)).equals(before)).toBe(true)
  for (const copy of ['version-1-20260101T000000Z', 'version-2-20260201T000000Z', 'version-998-20260301T000000Z'])
    writeFileSync(join(folder, `${databaseName}.${copy}.backup`), '')
  expect(opening(folder)).toEqual(refusal('newer-kept', /newer Nomina.*version-2-20260201T000000Z\.backup/))
})

test('opens in an older Nomina again, as its sentence says: by the copy that the newer one kept', () => {
  const folder = temporaryFolder()
  const older = { create: true, migrations: migrations.slice(0, -1) }
  const before = openStore(folder, older)
  setSetting(before, 'currentModel', 42)
  closeStore(before)
  closeStore(openStore(folder, { create: false }))
  const refused = (): NominaError => {
    try {
      closeStore(openStore(folder, older))
    } catch (error) {
      return error as NominaError
    }
    throw new Error('It was opened.')
  }
  const { copy } = refused().said!.values
  copyFileSync(String(copy), join(folder, databaseName))
  const again = openStore(folder, older)
  expect(getSetting(again, 'currentModel')).toBe(42)
  closeStore(again)
})

test('refuses a database of another program and leaves it as it is', () => {
  const folder = temporaryFolder()
  const other = new BetterSqlite3(join(folder, databaseName))
  other.exec('CREATE TABLE songs (title TEXT)')
  other.close()
  const before = readFileSync(join(folder, databaseName))
  expect(opening(folder, true)).toEqual(refusal('refused', /another program/))
  expect(readFileSync(join(folder, databaseName)).equals(before)).toBe(true)
})

test('refuses what is no database', () => {
  const folder = temporaryFolder()
  writeFileSync(join(folder, databaseName), 'FILENAME,IDENTITY\n')
  expect(opening(folder, true)).toEqual(refusal('refused', /is no database/))
})

test.each([
  ['in its middle', (bytes: Buffer) => bytes.fill(0x5a, Math.floor(bytes.length / 3), Math.floor(bytes.length / 2))],
  ['by its end missing', (bytes: Buffer) => bytes.subarray(0, Math.floor(bytes.length / 2))]
])('refuses a database that is damaged %s', (_where, damage) => {
  const folder = temporaryFolder()
  closeStore(makeProject(folder, { fields: 300 }))
  const path = join(folder, databaseName)
  writeFileSync(path, damage(readFileSync(path)))
  expect(opening(folder)).toEqual(refusal('refused', /damaged/))
})

test.each([
  ['the format of its schema', 47, 0xff],
  ['the version of its schema', 63, 1]
])('says in words where %s is damaged', (_what, at, value) => {
  const folder = temporaryFolder()
  closeStore(makeProject(folder, { fields: 3 }))
  const path = join(folder, databaseName)
  const bytes = readFileSync(path)
  bytes[at] = value
  writeFileSync(path, bytes)
  expect(opening(folder)).toEqual(refusal('refused', /cannot be opened as a project \(.*\): it is damaged/))
})

test('lists every migration file once, in order', () => {
  const folder = resolve(import.meta.dirname, '../../src/core/store/migrations')
  const files = readdirSync(folder).filter((name) => name !== 'index.ts')
  expect(migrations.map(({ name }) => `${name}.ts`)).toEqual(files.sort())
  expect(() => checkOrder(migrations)).not.toThrow()
  expect(() => checkOrder([{ version: 2, name: '0002-x', sql: '' }])).toThrow(/place 1/)
  expect(() => checkOrder([...migrations, { version: 2, name: '0003-x', sql: '' }])).toThrow(/0003-x/)
})

test('keeps a whole backup before it migrates', () => {
  const folder = temporaryFolder()
  closeStore(makeProject(folder, { fields: 20, decided: 0.5 }))
  const next = {
    version: migrations.length + 1,
    name: `000${migrations.length + 1}-notes`,
    sql: 'CREATE TABLE notes (id INTEGER PRIMARY KEY) STRICT'
  }
  const told: unknown[] = []
  const db = openStore(folder, {
    create: false,
    migrations: [...migrations, next],
    stepped: (step) => told.push({ ...step, copies: readdirSync(folder).filter((name) => /backup/.test(name)).length })
  })
  expect(told).toEqual([0, 1, 2].map((done) => ({ done, of: 3, copies: Math.min(done, 1) })))
  expect(db.pragma('user_version', { simple: true })).toBe(migrations.length + 1)
  expect(db.prepare('SELECT count(*) FROM fields').pluck().get()).toBe(20)
  closeStore(db)
  const [backup, ...others] = readdirSync(folder).filter((name) => name.endsWith('.backup'))
  expect(others).toEqual([])
  const old = new BetterSqlite3(join(folder, backup!), { readonly: true })
  expect(old.pragma('user_version', { simple: true })).toBe(migrations.length)
  expect(old.pragma('integrity_check', { simple: true })).toBe('ok')
  expect(old.prepare('SELECT count(*) FROM decisions').pluck().get()).toBeGreaterThan(0)
  old.close()
  expect(opening(folder)).toEqual(refusal('newer-kept', /newer Nomina/))
})

test('clears away the copy during which a migration was killed', () => {
  const folder = temporaryFolder()
  closeStore(makeProject(folder, { fields: 3 }))
  const kept = [`${databaseName}.version-1-20260102T030405Z.backup`, `${databaseName}.mine.backup.unfinished`]
  for (const name of [...kept, `${kept[0]}.unfinished`]) writeFileSync(join(folder, name), '')
  closeStore(reopen(folder))
  expect(readdirSync(folder).sort()).toEqual([databaseName, ...kept].sort())
})

test('a migration that fails changes nothing', () => {
  const folder = temporaryFolder()
  closeStore(makeProject(folder, { fields: 5 }))
  const broken = {
    version: migrations.length + 1,
    name: `000${migrations.length + 1}-broken`,
    sql: 'DROP TABLE settings; SELECT nonsense'
  }
  expect(() => openStore(folder, { create: false, migrations: [...migrations, broken] })).toThrow(/nonsense/)
  expect(getSetting(reopen(folder), 'currentModel')).toBe(1)
  expect(statSync(join(folder, databaseName)).size).toBeGreaterThan(0)
})

test.each(['decisions', 'actions'])('%s can neither be changed nor deleted', (table) => {
  const db = makeProject(temporaryFolder(), { fields: 20, decided: 1 })
  expect(() => db.exec(`DELETE FROM ${table}`)).toThrow(/append-only/)
  expect(() => db.exec(`UPDATE ${table} SET reviewer = 'someone else'`)).toThrow(/append-only/)
  closeStore(db)
})
