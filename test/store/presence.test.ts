/** A project's file that is deleted, moved, replaced or damaged while it is open. */
import { copyFileSync, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { decide, readRow } from '../../src/core/review'
import { absence, checkLater, closeStore, databaseName, readCounts, saveElsewhere } from '../../src/core/store'
import { project, reopen, temporaryFolder } from '../fixtures/small-project'

const blank = { ids: [1], kind: 'blank' as const, reviewer: 'Ada' }
const gone = expect.objectContaining({ code: 'gone' }) as Error
const start = () => {
  const folder = join(temporaryFolder(), 'project')
  return { folder, db: project([{ reading: 'ANNA' }, { reading: 'BEA' }], { folder }) }
}

test('nothing is acknowledged once the folder is deleted, and what there is can be saved elsewhere', () => {
  const { folder, db } = start()
  decide(db, { ...blank, ids: [2] })
  rmSync(folder, { recursive: true })
  expect(() => decide(db, blank)).toThrow(gone)
  expect(absence(db)).toMatch(/was deleted or moved/)
  const elsewhere = join(temporaryFolder(), 'saved')
  saveElsewhere(db, elsewhere, folder)
  const saved = reopen(elsewhere)
  expect(readCounts(saved)).toMatchObject({ total: 2, blank: 1 })
  expect(decide(saved, blank).changed).toBe(1)
  expect(() => saveElsewhere(db, elsewhere, folder)).toThrow(expect.objectContaining({ code: 'exists' }))
})

test('a folder that comes back is worked on as before', () => {
  const { folder, db } = start()
  renameSync(folder, `${folder} away`)
  expect(() => decide(db, blank)).toThrow(gone)
  expect(existsSync(join(folder, databaseName))).toBe(false)
  renameSync(`${folder} away`, folder)
  expect(decide(db, blank).changed).toBe(1)
  closeStore(db)
  expect(readRow(reopen(folder), 1).status).toBe('blank')
})

test('a file in the place of the one that was opened is left alone', () => {
  const { folder, db } = start()
  const file = join(folder, databaseName)
  copyFileSync(file, `${file}.copy`)
  renameSync(`${file}.copy`, file)
  const before = readFileSync(file)
  expect(() => decide(db, blank)).toThrow(/was replaced by another file/)
  expect(readFileSync(file).equals(before)).toBe(true)
})

test('a large file is looked through beside the work', async () => {
  const { folder, db } = start()
  const { signal } = new AbortController()
  expect(await checkLater(db, signal, 0)).toBeNull()
  closeStore(db)
  const file = join(folder, databaseName)
  const opened = reopen(folder)
  const bytes = readFileSync(file)
  writeFileSync(file, bytes.fill(0x5a, Math.floor(bytes.length / 3), Math.floor(bytes.length / 2)))
  expect(await checkLater(opened, signal, 0)).toMatch(/is damaged: /)
})
