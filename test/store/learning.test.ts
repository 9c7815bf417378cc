/** From decisions to a generation in use, through the command line, with a learner that only speaks the protocol. */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeEach, expect, test } from 'vitest'
import type { Generation } from '../../src/core/learning/describe'
import { openStore } from '../../src/core/store'
import { writeBars } from '../fixtures/bars'
import { createCommandLine, type CommandLine } from '../fixtures/cli'
import { setUpLearner } from '../fixtures/set-up-learner'

interface Learnt {
  inUse: number | null
  generations: Generation[]
}
interface Asked {
  inUse: string | null
  name: string
  selfTraining: boolean
  rows: { image: string; text: string | null; part: string; group: string }[]
}

const opened: CommandLine[] = []
let line: CommandLine
const inWork = (...parts: string[]): string => join(line.folder, ...parts)

beforeEach(async () => {
  line = await createCommandLine()
  opened.push(line)
  mkdirSync(inWork('scans'))
  for (const name of ['1', '2', '3', '4', '5', '6'])
    await writeBars(inWork('scans', `${name}.png`), `AB${'C'.repeat(Number(name))}`)
  await run('import', inWork('p'), inWork('scans'))
  drawNoJudges()
  await run('recognise', inWork('p'))
  decide('1.png,AB,\n2.png,ABCC,\n3.png,,blank\n4.png,,illegible\n')
  await run('decide', inWork('p'), '--from', inWork('decisions.csv'))
})
afterAll(() => opened.forEach((one) => one.remove()))

async function run<T = Record<string, never>>(...given: string[]): Promise<T> {
  const ran = await line.run(...given, '--json')
  expect(ran.code, ran.stderr).toBe(0)
  return ran.json<T>()
}

const decide = (rows: string): void => writeFileSync(inWork('decisions.csv'), `file,text,state\n${rows}`)

/** @param told see fixtures/learner.mjs */
function setUp(...told: string[]): void {
  setUpLearner(line.settings.dataDir, `log=${inWork('log')}`, ...told)
}

/** One field in ten is drawn to judge, and nothing learns from it: with two undecided fields both may be. */
function drawNoJudges(): void {
  const db = openStore(inWork('p'), { create: false })
  db.exec('UPDATE draws SET draw = 500')
  db.close()
}

const asked = (): Asked[] =>
  readFileSync(inWork('log'), 'utf8')
    .trim()
    .split('\n')
    .map((row) => JSON.parse(row) as Asked)

interface Field {
  path: string
  status: string
  text: string | null
  by: string | null
}
function fields(): Field[] {
  const db = openStore(inWork('p'), { create: false })
  try {
    return db
      .prepare<[], Field>(
        `SELECT s.path, f.status, f.text, m.name AS "by" FROM fields f JOIN sources s ON s.id = f.source_id
         LEFT JOIN readings r ON r.id = f.reading_id LEFT JOIN models m ON m.id = r.model_id ORDER BY s.path`
      )
      .all()
  } finally {
    db.close()
  }
}

test('what was decided is learnt from, twice, and what is undecided is read again', async () => {
  setUp()
  const before = fields()
  const learnt = await run<Learnt>('learn', inWork('p'), '--budget', '5')
  expect(learnt.inUse).toBe(2)
  expect(learnt.generations).toMatchObject([
    { number: 1, reader: 'bars', base: 'bars', taken: true, trainedOn: 3, selfTraining: false, file: 'bars-1.json' },
    { number: 2, inUse: true, selfTraining: true }
  ])
  const [shown] = learnt.generations[0]!.learnt[0]!.examples
  expect(shown).toMatchObject({ text: 'AB', before: 'ABX', after: 'AB' })
  expect(shown!.field.imageVersion).toMatch(/^[0-9a-f]{16}-1-0$/)
  const [first, second] = asked()
  expect(first!.rows.map(({ text, part }) => [text, part])).toEqual([
    ['AB', 'train'],
    ['ABCC', 'train'],
    ['', 'train']
  ])
  expect(second!.inUse).toBe(join(inWork('p'), 'models', 'bars-1.json'))
  const undecided = second!.rows.filter(({ part }) => part === 'undecided')
  expect(undecided.every(({ text }) => text === null)).toBe(true)
  expect(undecided.length).toBeGreaterThan(0)
  const after = fields()
  expect(after.map(({ path, text, status }) => [path, text, status])).toEqual(
    before.map(({ path, text, status }) => [path, text, status])
  )
  expect(after.map(({ path, by }) => [path, by])).toEqual([
    ...['1.png', '2.png', '3.png', '4.png'].map((path) => [path, 'bars']),
    ...['5.png', '6.png'].map((path) => [path, 'bars-2'])
  ])
  expect(await run('recognise', inWork('p'))).toMatchObject({ model: 'bars-2', read: 0, failed: 0 })
})

test('one that the judges do not call better is kept and not used', async () => {
  setUp('taken=false')
  const learnt = await run<Learnt>('learn', inWork('p'))
  expect(learnt).toMatchObject({ inUse: null, generations: [{ number: 1, taken: false, inUse: false }] })
  expect(asked()).toHaveLength(1)
  expect(new Set(fields().map(({ by }) => by))).toEqual(new Set(['bars']))
  const chosen = await run<Learnt>('generations', inWork('p'), 'use', '1')
  expect(chosen.inUse).toBe(1)
  expect(fields().at(-1)!.by).toBe('bars-1')
  // What is in use may teach itself, though what the decisions alone taught was not better.
  await run('learn', inWork('p'))
  expect(asked().map(({ selfTraining }) => selfTraining)).toEqual([false, false, true])
})

test('back goes to the one before, and at last to the reader as it is installed', async () => {
  setUp()
  await run('learn', inWork('p'))
  expect((await run<Learnt>('generations', inWork('p'), 'back')).inUse).toBe(1)
  expect(fields().at(-1)!.by).toBe('bars-1')
  expect((await run<Learnt>('generations', inWork('p'), 'back')).inUse).toBeNull()
  expect(fields().at(-1)!.by).toBe('bars')
  expect((await line.run('generations', inWork('p'), 'back', '--json')).json()).toMatchObject({
    error: { code: 'not-found' }
  })
  expect((await line.run('generations', inWork('p'), 'use', '7', '--json')).json()).toMatchObject({
    error: { code: 'not-found' }
  })
})

test('a generation whose files are gone gives way to its reader, and no reading is lost', async () => {
  setUp()
  await run('learn', inWork('p'))
  rmSync(inWork('p', 'models'), { recursive: true })
  expect(await run('recognise', inWork('p'))).toMatchObject({ model: 'bars', failed: 0 })
  expect(fields().every(({ by }) => by !== null)).toBe(true)
})

test.each([
  ['die=train', 'learner', /ended: with code 3/],
  ['fail=no-memory', 'learner', /no-memory/],
  ['fail=no-space', 'learner', /no-space/]
])('a learner told to %s fails the round, with the reason, and the next one goes', async (told, code, words) => {
  setUp(told)
  const ran = await line.run('learn', inWork('p'), '--json')
  expect(ran.json()).toMatchObject({ error: { code, message: expect.stringMatching(words) as string } })
  expect(await run('status', inWork('p'))).toMatchObject({ currentModel: 'bars' })
  setUp()
  expect((await run<Learnt>('learn', inWork('p'))).inUse).toBe(2)
})

test('a round that is stopped leaves everything as it was', async () => {
  setUp('slow=300')
  const abort = new AbortController()
  const running = line.runUntil(abort.signal, 'learn', inWork('p'), '--json')
  while (!existsSync(inWork('log'))) await new Promise((resolve) => setTimeout(resolve, 10))
  abort.abort()
  expect((await running).code).toBe(130)
  expect((await run<Learnt>('generations', inWork('p'))).generations).toEqual([])
})

test('a project whose folder is called “status” is a project as any other', async () => {
  setUp()
  renameSync(inWork('p'), inWork('status'))
  const learnt = await run<Learnt>('learn', inWork('status'))
  expect(learnt.inUse).toBe(2)
  expect((await run<Learnt>('generations', inWork('status'))).generations).toHaveLength(2)
})

test('says what is missing: an environment, decisions', async () => {
  expect((await line.run('learn', inWork('p'), '--json')).json()).toMatchObject({ error: { code: 'not-set-up' } })
  setUp()
  await run('import', inWork('q'), inWork('scans'))
  expect((await line.run('learn', inWork('q'), '--json')).json()).toMatchObject({ error: { code: 'refused' } })
})

test('judges are never learnt from once there are enough of them, nor read for it', async () => {
  setUp()
  const many = Array.from({ length: 70 }, (_, at) => `${at + 10}`)
  for (const name of many)
    await writeBars(
      inWork('scans', `${name}.png`),
      `ABC${'ABC'.repeat(Number(name) % 9)}${' '.repeat(Number(name) % 7)}${Number(name) % 2 ? 'A' : 'B'}${'C'.repeat(Math.floor(Number(name) / 9))}`
    )
  await run('import', inWork('p'), inWork('scans'))
  const again = openStore(inWork('p'), { create: false })
  again.prepare('UPDATE draws SET draw = image_id % 100').run()
  again.close()
  decide(many.map((name) => `${name}.png,AB,\n`).join(''))
  await run('decide', inWork('p'), '--from', inWork('decisions.csv'))
  // All that are decided are judges now, and all others may become some; one of each is made none, to learn from.
  const last = openStore(inWork('p'), { create: false })
  last
    .prepare(
      `UPDATE draws SET draw = 500 WHERE image_id IN (SELECT image_id FROM fields f JOIN sources s ON s.id = f.source_id WHERE s.path IN ('1.png', '5.png'))`
    )
    .run()
  last.close()
  await run('learn', inWork('p'))
  const parts = (round: Asked): string[] => [...new Set(round.rows.map(({ part }) => part))].sort()
  expect(parts(asked()[0]!)).toEqual(['choose', 'judge', 'train'])
  expect(asked()[0]!.rows.filter(({ part }) => part === 'train')).toHaveLength(1)
  expect(asked()[1]!.rows.filter(({ part }) => part === 'undecided')).toHaveLength(1)
})

test('the reader that a generation began from stays usable when another one of its name is installed', async () => {
  setUp()
  await run('learn', inWork('p'), '--budget', '5')
  const manifest = join(line.settings.shippedModels, 'bars.json')
  const installed = JSON.parse(readFileSync(manifest, 'utf8')) as { input: object }
  writeFileSync(manifest, JSON.stringify({ ...installed, input: { ...installed.input, pad: 254 } }))
  decide('5.png,ABCCCCC,\n')
  await run('decide', inWork('p'), '--from', inWork('decisions.csv'))
  const again = await run<Learnt>('learn', inWork('p'), '--budget', '5')
  expect(again.generations.map(({ number, base }) => [number, base])).toEqual([
    [3, 'bars'],
    [4, 'bars']
  ])
})
