import { globSync, readFileSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { previewExport, writeExport } from '../../src/core/export'
import { applyRelink } from '../../src/core/ingest/relink'
import { findSuspects } from '../../src/core/quality'
import { closesWith, setSetting, type Database } from '../../src/core/store'
import { parts, slices, turn, yielding } from '../../src/core/store/slices'
import { NominaError } from '../../src/shared/failure'
import type { ExportOptions } from '../../src/shared/domain'
import { project, temporaryFolder } from '../fixtures/small-project'
import { plainExport } from '../fixtures/plain-export'

const closed = new NominaError('no-project', 'The project was closed meanwhile. Open it again to go on.')

/** A project that is being closed as soon as its event loop runs once. */
function closing(): Database {
  const db = project(Array.from({ length: 20 }, () => ({ reading: 'ANNA', imported: 'ANNE' })))
  const ending = new AbortController()
  closesWith(db, ending.signal)
  setImmediate(() => ending.abort(closed))
  return db
}

async function all(steps: AsyncGenerator<unknown>): Promise<void> {
  for await (const _ of steps);
}

const options = (): ExportOptions => ({
  out: join(temporaryFolder(), 'labels.csv'),
  format: 'training',
  rows: 'all',
  ...plainExport,
  overwrite: false
})

describe('work on a project that is being closed is refused by name', () => {
  test.each<[string, (db: Database) => Promise<unknown>]>([
    ['an export', (db) => writeExport(db, options())],
    ['a preview of one', (db) => previewExport(db, options())],
    ['a search for wrong labels', (db) => findSuspects(db, {})],
    ['a turn', (db) => turn(db)],
    ['parts', (db) => all(parts(db, [1, 2, 3], 1))],
    ['what is read bit by bit', (db) => all(yielding(db, () => [1]))]
  ])('%s', async (_, work) => {
    await expect(work(closing())).rejects.toMatchObject({ code: 'no-project' })
  })

  test('a relink', async () => {
    const db = closing()
    await expect(applyRelink(db, '/scans', temporaryFolder())).rejects.toMatchObject({ code: 'no-project' })
  })
})

test('nothing of the core yields by hand', () => {
  const root = resolve(import.meta.dirname, '../..')
  const byHand = globSync('src/core/**/*.ts', { cwd: root }).filter((file) =>
    /\bsetImmediate\b|timers\/promises/.test(readFileSync(join(root, file), 'utf8'))
  )
  expect(byHand).toEqual([join('src/core/store/slices.ts')])
})

test('what is written in slices is brought into the file in between, and by the transactions themselves again afterwards', async () => {
  const db = project([{ reading: 'ANNA' }])
  const checkpoint = () => db.pragma('wal_autocheckpoint', { simple: true })
  const before = checkpoint()
  const size = () => statSync(db.name).size
  const began = size()
  const sizes: number[] = []
  for await (const _ of slices(db)) {
    sizes.push(size())
    expect(checkpoint()).toBe(0)
    setSetting(db, 'place', 'x'.repeat(100_000))
    if (sizes.length === 6) break
  }
  expect(sizes.slice(1, 4)).toEqual([began, began, began])
  expect(sizes[4]).toBeGreaterThan(began)
  expect(checkpoint()).toBe(before)
})
