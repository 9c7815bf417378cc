/** Rounds that start by themselves, in an app that stays open, with a learner that only speaks the protocol. */
import { readdirSync, writeFileSync } from 'node:fs'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openStore } from '../../src/core/store'
import { aWhile, FIELDS, LearningApp, until } from '../fixtures/learning-app'
import { addSecondReader } from '../fixtures/second-reader'

let app: LearningApp

beforeEach(async () => {
  app = await LearningApp.begin()
})
afterEach(() => app.end())

test('the first round starts after 30 decisions, and tells of what arrived; the next after half as many again', async () => {
  app.setUpLearner()
  await app.open()
  await app.decide(0, 29)
  await aWhile()
  expect(app.rounds()).toEqual([])
  expect(await app.call('learning.status', {})).toMatchObject({ decided: 29, nextAt: 30, waits: null, reader: 'bars' })
  await app.decide(29, 30)
  await until(() => app.ended.length === 1)
  expect(app.rounds()).toEqual(['bars-1', 'bars-2'])
  expect(app.arrived).toMatchObject([{ number: 1 }, { number: 2, inUse: true, trainedOn: 30 }])
  expect(await app.call('learning.status', {})).toMatchObject({ inUse: 2, decided: 30, nextAt: 45, problem: null })
  await app.decide(30, 44)
  await aWhile()
  expect(app.rounds()).toHaveLength(2)
  await app.decide(44, 45)
  await until(() => app.ended.length === 2)
  expect(app.rounds()).toHaveLength(4)
})

test('two windows that start a round start one, and both hear of it', async () => {
  app.setUpLearner('slow=300')
  await app.open()
  const other = app.core.window()
  await other.call('project.open', { path: app.inWork('p') })
  const heard: string[] = []
  other.on('learning.changed', ({ arrived: told }) => told && heard.push(told.file))
  await app.decide(0, 10)
  const started = await Promise.all([app.window, other].map((one) => one.call('runs.start', { kind: 'learn' })))
  expect(started).toMatchObject([{ ok: true }, { ok: false, error: { code: 'busy' } }])
  await until(() => app.ended.length === 1)
  expect(app.rounds()).toEqual(['bars-1', 'bars-2'])
  expect(heard).toEqual(['bars-1.json', 'bars-2.json'])
  await other.close()
})

test('a project that was just made learns as any other', async () => {
  app.setUpLearner()
  await app.open()
  await app.call('project.create', { path: app.inWork('new') })
  await app.call('import.start', { paths: [app.inWork('scans')], recognise: true, labels: null })
  await until(async () => (await app.call('project.info', {})).counts.read === FIELDS)
  app.ids = (await app.call('fields.ids', { filter: {}, order: 'file' })).ids
  await app.decide(0, 30)
  await until(() => app.ended.length === 1)
  expect(app.rounds()).toEqual(['bars-1', 'bars-2'])
})

test('each reader in use learns from the fields that it reads', async () => {
  app.setUpLearner()
  expect(await addSecondReader(app.inWork('p'), app.line.settings.shippedModels)).toBe(FIELDS / 2)
  await app.open()
  await app.decide(0, 30)
  await aWhile()
  expect(app.rounds()).toEqual([])
  const counted = await app.call('learning.status', {})
  expect(counted).toMatchObject({ decided: 15, reader: 'bars', others: [{ reader: 'bars-two', inUse: null }] })
  await app.call('runs.start', { kind: 'learn' })
  await until(() => app.ended.length === 1)
  expect(app.rounds()).toEqual(['bars-1', 'bars-2', 'bars-two-1', 'bars-two-2'])
  const { inUse, others } = await app.call('learning.status', {})
  expect([inUse, others[0]!.inUse]).toEqual([2, 2])
  expect(others[0]!.generations.map(({ trainedOn }) => trainedOn)).toEqual([15, 15])
  const readBy = async (): Promise<unknown[]> => {
    await until(() => !app.reading)
    const db = openStore(app.inWork('p'), { create: false })
    const names = db.prepare(
      `SELECT DISTINCT m.name FROM fields f JOIN readings r ON r.id = f.reading_id JOIN models m ON m.id = r.model_id
       WHERE f.status = 'undecided' AND f.id % 2 = ? ORDER BY m.name`
    )
    const found = [0, 1].map((half) => names.pluck().all(half))
    db.close()
    return found
  }
  expect(await readBy()).toEqual([['bars-two-2'], ['bars-2']])
  expect(await app.call('learning.use', { generation: 'back', reader: 'bars-two' })).toMatchObject({
    inUse: 2,
    others: [{ reader: 'bars-two', inUse: 1 }]
  })
  expect(await readBy()).toEqual([['bars-two-1'], ['bars-2']])
  await expect(app.call('learning.use', { generation: 1, reader: 'none' })).rejects.toThrow(/bars, bars-two/)
})

test('what another process decides counts as well', async () => {
  app.setUpLearner()
  await app.open()
  const rows = Array.from({ length: 30 }, (_, at) => `${String(at).padStart(2, '0')}.png,AB`)
  writeFileSync(app.inWork('decisions.csv'), ['file,text', ...rows, ''].join('\n'))
  await app.line.run('decide', app.inWork('p'), '--from', app.inWork('decisions.csv'))
  await until(() => app.ended.length === 1)
  expect(app.rounds()).toHaveLength(2)
})

test('what earlier generations read goes, but for what a field shows', async () => {
  app.setUpLearner()
  await app.open()
  await app.decide(0, 30)
  await until(() => app.ended.length === 1)
  await app.call('learning.use', { generation: 1 })
  const readBy = (): Record<string, number> => {
    const db = openStore(app.inWork('p'), { create: false })
    try {
      return Object.fromEntries(
        db
          .prepare<[], { name: string; count: number }>(
            'SELECT m.name, count(*) AS count FROM readings r JOIN models m ON m.id = r.model_id GROUP BY m.name'
          )
          .all()
          .map(({ name, count }) => [name, count])
      )
    } finally {
      db.close()
    }
  }
  await until(() => readBy()['bars-1'] === FIELDS - 30 && readBy()['bars-2'] === undefined)
  expect(readBy().bars).toBe(FIELDS)
  const { generations } = await app.call('learning.status', {})
  expect(generations.map(({ judges }) => judges.after.cer)).toEqual([0.1, 0.1])
  const { rows } = await app.call('fields.rows', { ids: app.ids })
  expect(rows.every(({ reading }) => reading !== null)).toBe(true)
})

test('nothing starts where it is switched off, on battery, or not set up', async () => {
  await app.open()
  await app.decide(0, 30)
  await aWhile()
  expect(await app.call('learning.status', {})).toMatchObject({ waits: 'set-up' })
  app.setUpLearner()
  expect(await app.call('learning.settings', { on: false })).toMatchObject({ waits: 'switched-off' })
  app.power.battery = true
  expect(await app.call('learning.settings', { on: true })).toMatchObject({ waits: 'mains' })
  await app.decide(30, 31)
  await aWhile()
  expect(app.rounds()).toEqual([])
  app.power.battery = false
  for (const listener of app.power.listeners) listener()
  await until(() => app.ended.length === 1)
  expect(app.rounds()).toHaveLength(2)
})

test('on battery it learns where it was told to', async () => {
  app.setUpLearner()
  await app.open()
  app.power.battery = true
  await app.decide(0, 30)
  await aWhile()
  expect(app.rounds()).toEqual([])
  await app.call('learning.settings', { onBattery: true })
  await until(() => app.ended.length === 1)
})

test('generations are among the models of their project, and one of them takes the place of another', async () => {
  app.setUpLearner()
  await app.open()
  await app.decide(0, 30)
  await until(() => app.ended.length === 1)
  const list = async () => (await app.call('models.list', {})).models.map((one) => [one.id, one.generation?.number ?? null, one.current]) // prettier-ignore
  expect(await list()).toEqual([
    ['bars', null, false],
    ['bars-1', 1, false],
    ['bars-2', 2, true]
  ])
  await app.call('models.select', { id: 'bars-1', recognise: false })
  expect(await list()).toEqual([
    ['bars', null, false],
    ['bars-1', 1, true],
    ['bars-2', 2, false]
  ])
  expect((await app.call('learning.status', {})).inUse).toBe(1)
  expect(await app.call('learning.use', { generation: null })).toMatchObject({ inUse: null })
  expect(await app.call('learning.use', { generation: 2 })).toMatchObject({ inUse: 2 })
  expect(await app.call('learning.use', { generation: 'back' })).toMatchObject({ inUse: 1 })
})

test('a generation is given away as files that are a model elsewhere, and the next project can begin with it', async () => {
  app.setUpLearner()
  await app.open()
  await app.decide(0, 30)
  await until(() => app.ended.length === 1)
  const { files } = await app.call('learning.give', { generation: 2, folder: app.inWork('given') })
  expect(readdirSync(app.inWork('given')).sort()).toEqual(['bars-2.json', 'bars-2.onnx'])
  expect(files).toHaveLength(2)
  await expect(app.call('learning.give', { generation: 2, folder: app.inWork('given') })).rejects.toThrow(/^exists/)
  const models = await app.line.run('models', '--models', app.inWork('given'), '--json')
  expect(models.json()).toMatchObject({ models: [{ id: 'bars' }, { id: 'bars-2' }], refused: [] })

  expect(await app.call('learning.beginNext', { generation: 2 })).toMatchObject({ beginsNext: 'bars-2-p' })
  expect(await app.call('project.create', { path: app.inWork('next') })).toMatchObject({ currentModel: 'bars-2-p' })
  expect(await app.call('learning.status', {})).toMatchObject({ reader: 'bars-2-p', inUse: null, beginsNext: null })
  expect(await app.call('project.create', { path: app.inWork('one after') })).toMatchObject({ currentModel: 'bars' })
})
