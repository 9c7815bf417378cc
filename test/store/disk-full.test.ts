import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import BetterSqlite3 from 'better-sqlite3'
import { beforeAll, expect, test } from 'vitest'
import { decide, readRow, undo } from '../../src/core/review'
import { closeStore, databaseName, readCounts } from '../../src/core/store'
import { makeProject } from '../fixtures/big-project'
import { bundleProgram, startProgram } from '../fixtures/program'
import { reopen, temporaryFolder } from '../fixtures/small-project'

let decideProgram: string
let exportProgram: string
beforeAll(async () => {
  decideProgram = await bundleProgram('decide')
  exportProgram = await bundleProgram('export')
})

test('a full database refuses the decision in clear words, keeps the others, and goes on after space is freed', () => {
  const folder = temporaryFolder()
  closeStore(makeProject(folder, { fields: 50 }))
  const db = reopen(folder)
  const pages = db.pragma('page_count', { simple: true }) as number
  db.pragma(`max_page_count = ${pages + 16}`)
  const long = 'A'.repeat(1500)
  const say = (id: number) => decide(db, { ids: [id], kind: 'corrected', text: long, reviewer: 'Ada' })
  let decided = 0
  const failure = expect.objectContaining({ code: 'disk-full', message: expect.stringContaining(databaseName) })
  expect(() => {
    for (let id = 1; id <= 50; id++) {
      say(id)
      decided = id
    }
  }).toThrow(failure)
  expect(decided).toBeGreaterThan(0)
  expect(db.inTransaction).toBe(false)
  expect(readRow(db, decided + 1).status).toBe('undecided')
  expect(readCounts(db).corrected).toBe(decided)
  expect(db.pragma('integrity_check', { simple: true })).toBe('ok')
  db.pragma('max_page_count = 1000000')
  expect(say(decided + 1).rows[0]?.status).toBe('corrected')
  expect(undo(db, 'Ada').changed).toBe(1)
})

/** Runs a program with a limit on the size of the files it writes, in KiB. */
const limited = (program: string, args: string[], kib: number) =>
  startProgram(program, args, ['bash', '-c', `ulimit -f ${kib}; exec "$0" "$@"`, process.execPath])

test('a limit on the size of files: what was said to be saved is saved, the rest is refused in clear words', async () => {
  const folder = temporaryFolder()
  closeStore(makeProject(folder, { fields: 400 }))
  const size = readFileSync(join(folder, databaseName)).length
  const run = limited(decideProgram, [folder, 'Ada', '1', '400', 'B'.repeat(1900)], Math.ceil(size / 1024) + 64)
  await run.ended
  const saved = run.lines.filter((line) => /^\d+$/.test(line)).map(Number)
  const refused = run.lines.filter((line) => !/^\d+$/.test(line))
  expect(saved.length, run.errors()).toBeGreaterThan(0)
  expect(refused.length).toBeGreaterThan(0)
  expect(refused.filter((line) => !/^disk-full: .*nomina\.db.*Free some space/.test(line))).toEqual([])
  const db = reopen(folder)
  expect(db.pragma('integrity_check', { simple: true })).toBe('ok')
  const stored = db.prepare<[], number>('SELECT field_id FROM decisions ORDER BY id').pluck().all()
  expect(stored).toEqual(saved)
  expect(decide(db, { ids: [400], kind: 'blank', reviewer: 'Ada' }).changed).toBe(1)
})

test('an export that does not fit leaves the old file as it was and nothing beside it', async () => {
  const folder = temporaryFolder()
  closeStore(makeProject(folder, { fields: 2000 }))
  const out = join(folder, 'out.csv')
  await startProgram(exportProgram, [folder, out]).ended
  const before = readFileSync(out)
  expect(before.length).toBeGreaterThan(100 * 1024)
  const run = limited(exportProgram, [folder, out], 64)
  await run.ended
  expect(run.lines.at(-1), run.errors()).toMatch(/^disk-full: .*out\.csv.*limit on the size/)
  expect(readFileSync(out).equals(before)).toBe(true)
})

test('a database that cannot be written says so', () => {
  const folder = temporaryFolder()
  const db = makeProject(folder, { fields: 5 })
  const other = new BetterSqlite3(join(folder, databaseName))
  other.exec('BEGIN IMMEDIATE')
  db.pragma('busy_timeout = 20')
  expect(() => decide(db, { ids: [1], kind: 'blank', reviewer: 'Ada' })).toThrow(
    expect.objectContaining({ code: 'busy', message: expect.stringMatching(/Another process.*Nothing was changed/) })
  )
  other.exec('ROLLBACK')
  expect(decide(db, { ids: [1], kind: 'blank', reviewer: 'Ada' }).changed).toBe(1)
  other.close()
  closeStore(db)
})
