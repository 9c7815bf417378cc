/** A newer reader is installed: the project goes on with its own until a person takes the newer one, and loses nothing. */
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openStore } from '../../src/core/store'
import { writeBars } from '../fixtures/bars'
import { aWhile, FIELDS, LearningApp, until } from '../fixtures/learning-app'
import { addSecondReader } from '../fixtures/second-reader'

let app: LearningApp
/** Of the model that the project was read with. */
let former: string

beforeEach(async () => {
  app = await LearningApp.begin()
  former = await app.line.run('models', '--json').then((ran) => ran.json<Models>().models[0]!.hash)
})
afterEach(() => app.core?.close().then(() => app.line.remove()))

interface Models {
  models: { id: string; hash: string }[]
}
interface Read {
  model: string
  modelHash: string
  read: number
  failed: number
  newer: { id: string; hash: string; reader: string }[]
}

/** Another file under the name that the project was read with, as a newer Nomina brings it. */
function ship(changes: object = { version: 2 }, id = 'bars'): void {
  const folder = app.line.settings.shippedModels
  const manifest = JSON.parse(readFileSync(join(folder, `${id}.json`), 'utf8')) as { decoder?: object }
  const decoder = { ...manifest.decoder, greedyAbove: 0.98 }
  const shipped = { id, ...manifest, decoder, ...changes }
  writeFileSync(join(folder, `${shipped.id}.json`), JSON.stringify(shipped))
}

const recognise = async (...given: string[]): Promise<Read> => {
  const ran = await app.line.run('recognise', app.inWork('p'), '--json', ...given)
  expect(ran.code, ran.stderr).toBe(0)
  return ran.json<Read>()
}

/** How many fields show a reading of each model, by its hash; null: of none. */
function shown(where = 'TRUE'): Map<string | null, number> {
  const db = openStore(app.inWork('p'), { create: false })
  try {
    const rows = db
      .prepare<[], { hash: string | null; count: number }>(
        `SELECT m.hash, count(*) AS count FROM fields f LEFT JOIN readings r ON r.id = f.reading_id
         LEFT JOIN models m ON m.id = r.model_id WHERE ${where} GROUP BY m.hash`
      )
      .all()
    return new Map(rows.map(({ hash, count }) => [hash, count]))
  } finally {
    db.close()
  }
}

const newer = async () => (await app.call('project.info', {})).newer
const settled = async (): Promise<void> => {
  await aWhile()
  await until(() => !app.reading)
}

test('the project goes on with its own, which it has kept, and says so in one line', async () => {
  ship()
  const { newer, ...before } = await recognise()
  expect(before).toMatchObject({ model: 'bars', modelHash: former, read: 0 })
  expect(newer).toEqual([{ id: 'bars', hash: expect.not.stringContaining(former) as string, reader: 'bars' }])
  await writeBars(app.inWork('scans', 'new.png'), 'CABCAB')
  await app.line.run('import', app.inWork('p'), app.inWork('scans'))
  const ran = await app.line.run('recognise', app.inWork('p'))
  expect(ran.stderr).toMatch(/A newer model than bars is installed: bars\..*--newer/)
  expect(shown()).toEqual(new Map([[former, FIELDS + 1]]))
})

test('the newer one reads what is undecided where it is asked to; decisions and what they were made on stay', async () => {
  ship()
  await app.open()
  await app.decide(0, 5)
  const decided = async () => (await app.call('fields.rows', { ids: app.ids.slice(0, 5) })).rows
  const before = await decided()
  const [offered] = await newer()
  await app.call('models.newer', { hash: offered!.hash, take: true })
  expect(shown('f.reading_id IS NULL')).toEqual(new Map())
  await settled()
  expect(shown("f.status = 'undecided'")).toEqual(new Map([[offered!.hash, FIELDS - 5]]))
  expect(shown("f.status <> 'undecided'")).toEqual(new Map([[former, 5]]))
  expect(await decided()).toEqual(before)
  expect(await newer()).toEqual([])
  // The earlier one is there to go back to, and is not offered as a newer one then, nor is the other.
  const { models } = await app.call('models.list', {})
  expect(models.map(({ hash, kept, current }) => [hash, kept, current])).toEqual([
    [offered!.hash, false, true],
    [former, true, false]
  ])
  await app.call('models.select', { id: 'bars', hash: former, recognise: false })
  await settled()
  expect(shown()).toEqual(new Map([[former, FIELDS]]))
  expect(await newer()).toEqual([])
})

test('the command line takes it, and a model by its name is the installed one', async () => {
  ship()
  const taken = await recognise('--newer')
  expect(taken).toMatchObject({ read: FIELDS, failed: 0, newer: [] })
  expect(taken.modelHash).not.toBe(former)
  ship({ version: 3, title: 'Third', decoder: { greedyAbove: 0.97 } })
  expect(await recognise('--model', 'bars')).toMatchObject({ read: FIELDS, newer: [] })
  expect(readdirSync(app.inWork('p', 'models', 'begun-from'))).toHaveLength(3)
})

test('“not now” is kept with the project, and it can be taken later all the same', async () => {
  ship()
  await app.open()
  const [offered] = await newer()
  expect((await app.call('models.newer', { hash: offered!.hash, take: false })).newer).toEqual([])
  await app.core.close()
  await app.open()
  expect(await newer()).toEqual([])
  expect((await app.call('models.list', {})).models.map((one) => [one.newer, one.kept, one.current])).toEqual([
    [true, false, false],
    [false, true, true]
  ])
  await app.call('models.newer', { hash: offered!.hash, take: true })
  await settled()
  expect(shown()).toEqual(new Map([[offered!.hash, FIELDS]]))
  await expect(app.call('models.newer', { hash: offered!.hash, take: true })).rejects.toThrow(/^not-found/)
})

test('one under another name says what it replaces; an earlier one and any other are not offered', async () => {
  ship({ id: 'bars-new' })
  ship({ id: 'bars-other', replaces: ['none'] })
  expect((await recognise()).newer).toEqual([])
  ship({ id: 'bars-new', replaces: ['bars'] })
  expect((await recognise()).newer).toMatchObject([{ id: 'bars-new', reader: 'bars' }])
  expect(await recognise('--newer')).toMatchObject({ model: 'bars-new', read: FIELDS })
  ship({ version: 2, decoder: { greedyAbove: 0.9 } }, 'bars-new')
  expect(await recognise('--newer')).toMatchObject({ model: 'bars-new', read: FIELDS })
  ship({ version: 1, decoder: { greedyAbove: 0.8 } }, 'bars-new')
  expect((await recognise()).newer).toEqual([])
})

test('what the kept one read elsewhere is taken in', async () => {
  ship()
  const crop = app.inWork('brought', 'crops', 'a.png')
  await writeBars(crop, 'CCBA')
  const sha256 = createHash('sha256').update(readFileSync(crop)).digest('hex')
  const row = { sha256, text: 'CCBA', confidence: 0.9, alternatives: [], spans: [], model: former }
  writeFileSync(app.inWork('brought', 'readings.jsonl'), `${JSON.stringify(row)}\n`)
  const ran = await app.line.run('import', app.inWork('p'), '--readings', app.inWork('brought'), '--json')
  expect(ran.json()).toMatchObject({ readings: { stored: 1, without: 0 } })
  expect(shown()).toEqual(new Map([[former, FIELDS + 1]]))
})

test('where a project was read before readers were kept, its readings stand until the newer one has read', async () => {
  rmSync(app.inWork('p', 'models'), { recursive: true })
  ship()
  await app.open()
  const { currentModel, newer } = await app.call('project.info', {})
  expect([currentModel, newer.map(({ id }) => id)]).toEqual([null, ['bars']])
  expect(shown()).toEqual(new Map([[former, FIELDS]]))
  await app.call('models.newer', { hash: newer[0]!.hash, take: true })
  expect(shown('f.reading_id IS NULL')).toEqual(new Map())
  await settled()
  expect(shown()).toEqual(new Map([[newer[0]!.hash, FIELDS]]))
})

test('a project that was read before readers were kept keeps its own when it is opened', async () => {
  rmSync(app.inWork('p', 'models'), { recursive: true })
  await app.open()
  await until(() => existsSync(app.inWork('p', 'models', 'begun-from', former.slice(0, 16))))
})

test('a reader whose files changed under Nomina is not kept under its name', async () => {
  rmSync(app.inWork('p', 'models'), { recursive: true })
  await app.open()
  await until(() => existsSync(app.inWork('p', 'models', 'begun-from', former.slice(0, 16))))
  rmSync(app.inWork('p', 'models'), { recursive: true })
  ship()
  await app.call('runs.start', { kind: 'recognise' })
  await settled()
  const left = join(app.inWork('p', 'models', 'begun-from'))
  expect(existsSync(left) ? readdirSync(left) : []).toEqual([])
})

test('a generation stays in use until a person takes the newer reader, and the next round begins from that', async () => {
  app.setUpLearner()
  await app.open()
  await app.decide(0, 30)
  await until(() => app.ended.length === 1)
  await settled()
  await app.core.close()
  ship()
  await app.open()
  await settled()
  expect(await app.call('learning.status', {})).toMatchObject({ reader: 'bars', inUse: 2 })
  expect(app.rounds()).toEqual(['bars-1', 'bars-2'])
  const [offered] = await newer()
  expect(offered).toMatchObject({ id: 'bars', reader: 'bars' })
  await app.call('models.newer', { hash: offered!.hash, take: true })
  await until(() => app.ended.length === 1)
  await settled()
  const rounds = readFileSync(app.inWork('log'), 'utf8').trim().split('\n').map((row) => JSON.parse(row) as Round) // prettier-ignore
  const begunFrom = (manifest: string): string => (manifest.includes('begun-from') ? 'kept' : 'installed')
  expect(rounds.map(({ name, base, inUse }) => [name, begunFrom(base), inUse && 'a generation'])).toEqual([
    ['bars-1', 'installed', null],
    ['bars-2', 'installed', 'a generation'],
    ['bars-3', 'installed', null],
    ['bars-4', 'installed', 'a generation']
  ])
  const inUse = async (): Promise<number | null> => (await app.call('learning.status', {})).inUse
  const back = () => app.call('learning.use', { generation: 'back' })
  expect(await inUse()).toBe(4)
  await back()
  expect(await inUse()).toBe(3)
  expect(await back()).toMatchObject({ inUse: null })
  expect(shown('f.reading_id IS NULL')).toEqual(new Map())
  expect(await back()).toMatchObject({ inUse: 2 })
  // Of the former, with what that began from: it learns on from there.
  await app.call('learning.settings', { on: false })
  await app.call('runs.start', { kind: 'learn' })
  await until(() => app.ended.length === 2)
  const last = JSON.parse(readFileSync(app.inWork('log'), 'utf8').trim().split('\n').at(-2)!) as Round
  expect([last.name, begunFrom(last.base)]).toEqual(['bars-5', 'kept'])
})
interface Round {
  name: string
  base: string
  inUse: string | null
}

test('a round that ends after a person took the newer reader does not take its place', async () => {
  app.setUpLearner('slow=500')
  await app.open()
  await app.decide(0, 20)
  await app.core.close()
  ship()
  await app.open()
  await app.call('learning.settings', { on: false })
  await app.call('runs.start', { kind: 'learn' })
  await until(() => app.rounds().length === 1)
  const [offered] = await newer()
  await app.call('models.newer', { hash: offered!.hash, take: true })
  await until(() => app.ended.length === 1)
  await settled()
  expect(await app.call('learning.status', {})).toMatchObject({
    inUse: null,
    generations: [{ number: 1, taken: true, inUse: false }]
  })
  expect(shown("f.status = 'undecided'")).toEqual(new Map([[offered!.hash, FIELDS - 20]]))
  expect([app.rounds(), app.arrived]).toEqual([['bars-1'], []])
})

test('fields that a template reads with a reader of their own go on with it, and are offered the newer one', async () => {
  await addSecondReader(app.inWork('p'), app.line.settings.shippedModels)
  await recognise()
  const [two] = (await app.line.run('models', '--json')).json<Models>().models.filter(({ id }) => id === 'bars-two')
  ship({ version: 2 }, 'bars-two')
  expect(await recognise()).toMatchObject({ read: 0, newer: [{ id: 'bars-two', reader: 'bars-two' }] })
  expect(shown()).toEqual(new Map([former, two!.hash].map((hash) => [hash, FIELDS / 2])))
  const { modelHash, read } = await recognise('--newer')
  expect([modelHash, read]).toEqual([former, FIELDS / 2])
  expect(shown('f.id % 2 = 1')).toEqual(new Map([[former, FIELDS / 2]]))
  expect([...shown('f.id % 2 = 0').keys()]).not.toContain(two!.hash)
})
