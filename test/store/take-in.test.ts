/** What waited in a window that could not find Nomina again: taken in as far as nothing else was decided meanwhile. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Project } from '../../src/core/project'
import { decide, readRow } from '../../src/core/review'
import { takeIn } from '../../src/core/review/take-in'
import { closeStore } from '../../src/core/store'
import type { WaitingFile } from '../../src/shared/contract/waiting'
import { createCommandLine, type CommandLine } from '../fixtures/cli'
import { project, reopen, temporaryFolder } from '../fixtures/small-project'

let line: CommandLine
beforeAll(async () => void (line = await createCommandLine()))
afterAll(() => line.remove())

const path = '/projects/letters'
const start = (fields = 3) => {
  const db = project(Array.from({ length: fields }, () => ({ reading: 'ANNA' })))
  const opened = { db, path, id: 'id', team: null, signal: new AbortController().signal, tellFields: () => {} }
  return { db, take: (file: WaitingFile) => takeIn(opened as unknown as Project, file, 'Ada') }
}
let clock = Date.parse('2026-01-02T03:04:05Z')
const operation = (kind: string, input?: object) =>
  ({ kind, input, request: crypto.randomUUID(), project: path, at: (clock += 1000) }) as never
const say = (id: number, text: string, seen?: string | null) =>
  operation('decide', { ids: [id], kind: 'corrected', text, ...(seen === undefined ? {} : { seen }) })
const fileOf = (...operations: never[]): WaitingFile => ({ format: 'nomina-waiting', reviewer: 'Ada', operations })
const outcomes = (steps: { outcome: string }[]) => steps.map(({ outcome }) => outcome)

test('each is stored once, a later one on the same field after it, an undo with what it undoes', async () => {
  const { db, take } = start()
  const file = fileOf(say(1, 'BEA', null), say(1, 'CLEO', null), say(2, 'DORA'), operation('undo'))
  expect(outcomes(await take(file))).toEqual(['stored', 'stored', 'stored', 'stored'])
  expect(readRow(db, 1)).toMatchObject({ text: 'CLEO', status: 'corrected' })
  expect(readRow(db, 2).status).toBe('undecided')
  expect(outcomes(await take(file))).toEqual(['same', 'same', 'same', 'same'])
  expect(readRow(db, 1).text).toBe('CLEO')
})

test('what was decided meanwhile is left, and the others of the file are stored', async () => {
  const { db, take } = start()
  const waited = [say(1, 'OLD', null), say(2, 'OLD'), say(3, 'GOOD')] as never[]
  decide(db, { ids: [1, 2], kind: 'corrected', text: 'NEW', reviewer: 'Ben' })
  const steps = await take(fileOf(...waited))
  expect(outcomes(steps)).toEqual(['refused', 'refused', 'stored'])
  expect(steps[0]!.reason).toMatch(/decided meanwhile/)
  expect([1, 2, 3].map((id) => readRow(db, id).text)).toEqual(['NEW', 'NEW', 'GOOD'])
})

test('an undo of what is not in the file, and what belongs to another project, is refused', async () => {
  const { db, take } = start()
  decide(db, { ids: [1], kind: 'corrected', text: 'MINE', reviewer: 'Ada' })
  const elsewhere = { ...(say(2, 'X') as object), project: '/projects/other' } as never
  const steps = await take(fileOf(operation('undo'), elsewhere))
  expect(steps).toMatchObject([
    { outcome: 'refused', reason: expect.stringContaining('/projects/other') },
    { outcome: 'refused', reason: expect.stringMatching(/not done in this file/) }
  ])
  expect(readRow(db, 1).text).toBe('MINE')
  expect(readRow(db, 2).status).toBe('undecided')
})

test('the command line takes it in, and says what a file of another kind is not', async () => {
  const folder = join(temporaryFolder(), 'project')
  closeStore(project([{ reading: 'ANNA' }], { folder }))
  const waiting = join(line.folder, 'waiting.json')
  const step = { ...(say(1, 'BEA', null) as object), project: folder } as never
  writeFileSync(waiting, JSON.stringify(fileOf(step)))
  const ran = await line.run('take-in', folder, waiting, '--json')
  expect(ran.json()).toMatchObject({ stored: 1, same: 0, refused: 0 })
  expect(readRow(reopen(folder), 1)).toMatchObject({ text: 'BEA', status: 'corrected' })
  writeFileSync(waiting, '{"format": "other"}')
  const other = await line.run('take-in', folder, waiting, '--json')
  expect(other.code).toBe(1)
  expect(other.json()).toMatchObject({ error: { code: 'invalid-input', message: expect.stringContaining(waiting) } })
})
