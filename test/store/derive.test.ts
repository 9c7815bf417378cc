import { describe, expect, test } from 'vitest'
import { readRow } from '../../src/core/review'
import { deriveFields, immediate, readCounts, type Database } from '../../src/core/store'
import { makeProject } from '../fixtures/big-project'
import { addReading, project, temporaryFolder, type TestField } from '../fixtures/small-project'

const rowOf = (field: TestField, charset?: string[]) => readRow(project([field], charset ? { charset } : {}), 1)

describe('label', () => {
  test('is the imported one before the reading', () => {
    expect(rowOf({ imported: 'Anna', reading: 'ANNE' })).toMatchObject({ text: 'Anna', origin: 'imported' })
  })
  test('is the reading where nothing was imported', () => {
    expect(rowOf({ reading: 'ANNE' })).toMatchObject({ text: 'ANNE', origin: 'reading', status: 'undecided' })
  })
  test('is nothing where there is neither', () => {
    expect(rowOf({})).toMatchObject({ text: null, origin: 'none', status: 'undecided' })
  })
  test('of an imported blank has no text', () => {
    const row = rowOf({ imported: 'EMPTY', importedState: 'blank', reading: 'ANNE' })
    expect(row).toMatchObject({ text: null, origin: 'imported', importedState: 'blank', reading: 'ANNE' })
  })
  test('of a model that read nothing is an empty text', () => {
    expect(rowOf({ reading: '' })).toMatchObject({ text: '', origin: 'reading', status: 'undecided', reading: '' })
  })
})

describe('status', () => {
  test('is failed, with its reason, where the file is unusable', () => {
    expect(rowOf({ source: 'failed' })).toMatchObject({ status: 'failed', note: 'The file is cut off.', width: 0 })
  })
  test('is failed, with its reason, where reading failed', () => {
    const row = rowOf({ imported: 'ANNA', reading: { failed: 'Not a number.' } })
    expect(row).toMatchObject({ status: 'failed', note: 'Not a number.', reading: null, confidence: null })
  })
  test('is not failed where a reading is left of a file that is gone', () => {
    expect(rowOf({ source: 'missing', reading: 'ANNA' }).status).toBe('undecided')
  })
})

describe('label and reading', () => {
  const differs = (imported: string, reading: string, charset?: string[]) =>
    rowOf({ imported, reading }, charset).differs
  test.each([
    ['case', 'Anna', 'ANNA', false],
    ['an accent that the charset lacks', 'CHLOÉ', 'CHLOE', false],
    ['a letter with a stroke that it lacks', 'Jørgen', 'JORGEN', false],
    ['decomposed accents', 'CHLOE\u0301', 'CHLOE', false],
    ['white space', ' ANNA  LEE', 'ANNA LEE', false],
    ['a letter', 'ANNA', 'ANNE', true],
    ['nothing read', 'ANNA', '', true]
  ])('differ or not by %s', (_what, imported, reading, expected) => {
    expect(differs(imported, reading)).toBe(expected)
  })
  test('differ by an accent that the charset has', () => {
    expect(differs('CHLOE', 'CHLOÉ', [...'CHLOEÉ'])).toBe(true)
    expect(differs('chloé', 'CHLOÉ', [...'CHLOEÉ'])).toBe(false)
  })
  test.each(['blank', 'illegible'] as const)('differ where %s was imported and something read', (importedState) => {
    expect(rowOf({ imported: '', importedState, reading: 'ANNA' }).differs).toBe(true)
    expect(rowOf({ imported: '', importedState, reading: '' }).differs).toBe(false)
  })
  test('do not differ where one of them is missing', () => {
    expect(rowOf({ imported: 'ANNA' }).differs).toBe(false)
    expect(rowOf({ reading: 'ANNA' }).differs).toBe(false)
  })
})

test('another model changes readings, never what a person or a file said', () => {
  const db = project([{ reading: 'ANNA' }, { imported: 'BEA', reading: 'BEA' }])
  db.prepare(
    `INSERT INTO models (id, hash, name, title, manifest, seen_at) SELECT 2, 'hash-2', 'other', 'Other', manifest, seen_at FROM models`
  ).run()
  addReading(db, 1, { reading: 'HANNA', confidence: 0.7 }, 2)
  immediate(db, () => deriveFields(db, 'all', 2))
  expect(readRow(db, 1)).toMatchObject({ text: 'HANNA', reading: 'HANNA', confidence: 0.7, model: 'other' })
  expect(readRow(db, 2)).toMatchObject({ text: 'BEA', reading: null, confidence: null, model: null, differs: false })
  expect(readCounts(db).read).toBe(1)
})

test('counts are those of the fields, whatever changed them', () => {
  const db = makeProject(temporaryFolder(), { fields: 400, decided: 0.4 })
  expect(readCounts(db)).toEqual(recount(db))
  immediate(db, () => deriveFields(db, 'all', null))
  expect(readCounts(db)).toEqual(recount(db))
  expect(readCounts(db)).toMatchObject({ total: 400, read: 0, differs: 0 })
  db.close()
})

function recount(db: Database) {
  const one = (where: string) => db.prepare(`SELECT count(*) FROM fields WHERE ${where}`).pluck().get()
  const status = ['undecided', 'accepted', 'corrected', 'blank', 'illegible', 'flagged', 'failed']
  return {
    total: one('1'),
    ...Object.fromEntries(status.map((name) => [name, one(`status = '${name}'`)])),
    read: one('reading_id IS NOT NULL'),
    differs: one(`differs = 1 AND status = 'undecided'`)
  }
}
