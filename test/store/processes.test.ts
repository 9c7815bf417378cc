import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { beforeAll, expect, test } from 'vitest'
import { writeExport } from '../../src/core/export'
import { readRow, redo, undo } from '../../src/core/review'
import { closeStore, readCounts } from '../../src/core/store'
import { makeProject } from '../fixtures/big-project'
import { bundleProgram, startProgram } from '../fixtures/program'
import { reopen, temporaryFolder } from '../fixtures/small-project'
import { plainExport } from '../fixtures/plain-export'

let decideProgram: string
let exportProgram: string
beforeAll(async () => {
  decideProgram = await bundleProgram('decide')
  exportProgram = await bundleProgram('export')
})

function makeFolder(fields: number): string {
  const folder = temporaryFolder()
  closeStore(makeProject(folder, { fields }))
  return folder
}

test('killed in the middle of review: every decision that was returned is there, whole, and can be undone', async () => {
  const folder = makeFolder(5000)
  const run = startProgram(decideProgram, [folder, 'Ada', '1', '5000'])
  await run.wroteLines(40)
  run.child.kill('SIGKILL')
  expect(await run.ended).toBe('SIGKILL')
  const db = reopen(folder)
  expect(db.pragma('integrity_check', { simple: true })).toBe('ok')
  const stored = db.prepare<[], number>('SELECT field_id FROM decisions ORDER BY id').pluck().all()
  const said = run.lines.map(Number)
  expect(stored.slice(0, said.length)).toEqual(said)
  expect(stored.length - said.length).toBeLessThanOrEqual(1) // one may be saved whose line never got out
  expect(stored.length).toBeLessThan(5000)
  expect(readCounts(db).corrected).toBe(stored.length)
  expect(undo(db, 'Ada').rows[0]).toMatchObject({ id: stored.at(-1), status: 'undecided' })
  expect(redo(db, 'Ada').rows[0]).toMatchObject({ id: stored.at(-1), status: 'corrected', text: 'CORRECTED' })
})

test('killed in the middle of export: the old file stays whole, and the next export clears the rest away', async () => {
  const folder = makeFolder(20_000)
  const out = join(folder, 'out', 'fields.csv')
  const first = startProgram(exportProgram, [folder, out])
  await first.ended
  const whole = readFileSync(out)
  const run = startProgram(exportProgram, [folder, out, '100'])
  await run.wroteLines(8)
  run.child.kill('SIGKILL')
  await run.ended
  expect(readFileSync(out).equals(whole)).toBe(true)
  const names = readdirSync(join(folder, 'out'))
  expect(names.some((name) => name.startsWith('.nomina-export-'))).toBe(true)
  const db = reopen(folder)
  expect(db.pragma('integrity_check', { simple: true })).toBe('ok')
  await writeExport(db, {
    out,
    format: 'full',
    rows: 'all',
    ...plainExport,
    overwrite: true
  })
  expect(readdirSync(join(folder, 'out'))).toEqual(['fields.csv'])
  expect(parse(readFileSync(out))).toHaveLength(20_001)
})

test('two processes decide on the same fields at the same time: both are kept, the last one counts', async () => {
  const folder = makeFolder(150)
  const runs = ['Ada', 'Bea'].map((name) => startProgram(decideProgram, [folder, name, '1', '150', `BY ${name}`]))
  expect(await Promise.all(runs.map((run) => run.ended))).toEqual([0, 0])
  for (const run of runs) expect(run.lines, run.errors()).toEqual(Array.from({ length: 150 }, (_, i) => String(i + 1)))
  const db = reopen(folder)
  expect(db.pragma('integrity_check', { simple: true })).toBe('ok')
  expect(db.prepare('SELECT count(*) FROM decisions').pluck().get()).toBe(300)
  const latest = db.prepare<[number], string>('SELECT text FROM decisions WHERE field_id = ? ORDER BY id DESC').pluck()
  for (const id of [1, 75, 150]) expect(readRow(db, id).text).toBe(latest.get(id))
})

test('a process that is ended while it makes a project leaves one that opens', async () => {
  const folder = join(temporaryFolder(), 'new')
  const half = join(makeFolder(1), 'nomina.db')
  writeFileSync(half, '') // SQLite makes the file before it writes to it
  expect(existsSync(folder)).toBe(false)
  const db = makeProject(join(half, '..'), { fields: 3 })
  expect(readCounts(db).total).toBe(3)
  closeStore(db)
})
