/** Rounds that start by themselves, in an app that stays open, with a learner that only speaks the protocol. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createCore, type Core, type WindowSession } from '../../src/core'
import { environmentFolder } from '../../src/core/learning'
import { openStore } from '../../src/core/store'
import type { EndpointName, Input, Output } from '../../src/shared/contract'
import type { Generation } from '../../src/shared/contract/learning'
import { writeBars } from '../fixtures/bars'
import { createCommandLine, type CommandLine } from '../fixtures/cli'
import { addSecondReader } from '../fixtures/second-reader'
import { setUpLearner } from '../fixtures/set-up-learner'

const FIELDS = 48

let line: CommandLine
let core: Core
let window: WindowSession
let ids: number[]
let arrived: Generation[]
let ended: string[]
let reading = false
const power = { battery: false, listeners: new Set<() => void>() }
const inWork = (...parts: string[]): string => join(line.folder, ...parts)

beforeEach(async () => {
  power.battery = false
  line = await createCommandLine()
  mkdirSync(inWork('scans'))
  for (let at = 0; at < FIELDS; at++) {
    const text = [...at.toString(3).padStart(4, '0')].map((digit) => 'ABC'[Number(digit)]).join('')
    await writeBars(inWork('scans', `${String(at).padStart(2, '0')}.png`), text)
  }
  await line.run('import', inWork('p'), inWork('scans'))
  await line.run('recognise', inWork('p'))
})
afterEach(async () => {
  await core.close()
  line.remove()
})

async function openApp(): Promise<void> {
  const { settings } = line
  core = await createCore({
    dataDir: settings.dataDir,
    modelsDirs: [settings.shippedModels],
    samplesDir: settings.samplesDir,
    enginePath: settings.enginePath,
    pagesPath: settings.pagesPath,
    shell: 'browser',
    version: '0',
    provider: 'cpu',
    power: {
      onBattery: () => power.battery,
      onChange: (listener) => {
        power.listeners.add(listener)
        return () => power.listeners.delete(listener)
      }
    }
  })
  window = core.window()
  arrived = []
  ended = []
  window.on('run.progress', ({ kind, status }) => kind === 'recognise' && (reading = status === 'running'))
  window.on('learning.changed', (told) => told.arrived && arrived.push(told.arrived))
  window.on('run.progress', ({ kind, status }) => kind === 'learn' && status !== 'running' && ended.push(status))
  await call('project.open', { path: inWork('p') })
  ids = (await call('fields.ids', { filter: {}, order: 'file' })).ids
}

async function call<N extends EndpointName>(name: N, input: Input<N>): Promise<Output<N>> {
  const reply = await window.call(name, input)
  if (!reply.ok) throw new Error(`${reply.error.code}: ${reply.error.message}`)
  return reply.value as Output<N>
}

async function decide(from: number, to: number): Promise<void> {
  for (const id of ids.slice(from, to)) await call('review.decide', { ids: [id], kind: 'accepted', how: 'field' })
}

const rounds = (): string[] =>
  existsSync(inWork('log'))
    ? readFileSync(inWork('log'), 'utf8')
        .trim()
        .split('\n')
        .map((row) => (JSON.parse(row) as { name: string }).name)
    : []
const until = (holds: () => unknown): Promise<void> =>
  vi.waitFor(async () => expect(await holds()).toBeTruthy(), { timeout: 20_000, interval: 50 })
/** Longer than decisions gather before they are counted. */
const aWhile = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 1500))

test('the first round starts after 30 decisions, and tells of what arrived; the next after half as many again', async () => {
  setUpLearner(line.settings.dataDir, `log=${inWork('log')}`)
  await openApp()
  await decide(0, 29)
  await aWhile()
  expect(rounds()).toEqual([])
  expect(await call('learning.status', {})).toMatchObject({ decided: 29, nextAt: 30, waits: null, reader: 'bars' })
  await decide(29, 30)
  await until(() => ended.length === 1)
  expect(rounds()).toEqual(['bars-1', 'bars-2'])
  expect(arrived).toMatchObject([{ number: 1 }, { number: 2, inUse: true, trainedOn: 30 }])
  expect(await call('learning.status', {})).toMatchObject({ inUse: 2, decided: 30, nextAt: 45, problem: null })
  await decide(30, 44)
  await aWhile()
  expect(rounds()).toHaveLength(2)
  await decide(44, 45)
  await until(() => ended.length === 2)
  expect(rounds()).toHaveLength(4)
})

test('two windows that start a round start one, and both hear of it', async () => {
  setUpLearner(line.settings.dataDir, `log=${inWork('log')}`, 'slow=300')
  await openApp()
  const other = core.window()
  await other.call('project.open', { path: inWork('p') })
  const heard: string[] = []
  other.on('learning.changed', ({ arrived: told }) => told && heard.push(told.file))
  await decide(0, 10)
  const started = await Promise.all([window, other].map((one) => one.call('runs.start', { kind: 'learn' })))
  expect(started).toMatchObject([{ ok: true }, { ok: false, error: { code: 'busy' } }])
  await until(() => ended.length === 1)
  expect(rounds()).toEqual(['bars-1', 'bars-2'])
  expect(heard).toEqual(['bars-1.json', 'bars-2.json'])
  await other.close()
})

test('what another process learns keeps a round from starting, and the next decision asks again', async () => {
  setUpLearner(line.settings.dataDir, `log=${inWork('log')}`)
  const asOther = (sql: string): void => {
    const db = openStore(inWork('p'), { create: false })
    db.prepare(sql).run()
    db.close()
  }
  asOther(
    `INSERT INTO runs (kind, status, parameters, pid, heartbeat, started_at)
     VALUES ('learn', 'running', '{}', ${process.ppid}, strftime('%FT%TZ', 'now', '+1 minute'), strftime('%FT%TZ', 'now'))`
  )
  await openApp()
  await decide(0, 30)
  await aWhile()
  await expect(call('runs.start', { kind: 'learn' })).rejects.toThrow(/^busy/)
  expect(rounds()).toEqual([])
  asOther(`UPDATE runs SET status = 'done'`)
  await decide(30, 31)
  await until(() => ended.length === 1)
  expect(rounds()).toEqual(['bars-1', 'bars-2'])
})

test('an environment that is deleted while a round runs ends no round, and the next waits for another', async () => {
  setUpLearner(line.settings.dataDir, `log=${inWork('log')}`, 'slow=300')
  await openApp()
  await decide(0, 30)
  await until(() => rounds().length === 1)
  rmSync(environmentFolder(line.settings.dataDir), { recursive: true })
  await until(() => ended.length === 1)
  expect(ended).toEqual(['done'])
  expect(await call('learning.status', {})).toMatchObject({ inUse: 2, waits: 'set-up' })
  await expect(call('runs.start', { kind: 'learn' })).rejects.toThrow(/^not-set-up/)
  await decide(30, 45)
  setUpLearner(line.settings.dataDir, `log=${inWork('log')}`)
  await call('runs.start', { kind: 'learn' })
  await until(() => ended.length === 2)
  expect(rounds()).toEqual(['bars-1', 'bars-2', 'bars-3', 'bars-4'])
})

test('a clock that jumps, back by years or on, neither starts a round nor keeps one, and “back” finds the one before', async () => {
  setUpLearner(line.settings.dataDir, `log=${inWork('log')}`)
  await openApp()
  await decide(0, 30)
  await until(() => ended.length === 1)
  vi.useFakeTimers({ toFake: ['Date'], now: new Date('2001-01-01') })
  try {
    await decide(30, 44)
    await aWhile()
    expect(rounds()).toHaveLength(2)
    await decide(44, 45)
    await until(() => ended.length === 2)
    expect(await call('learning.status', {})).toMatchObject({ inUse: 4, decided: 45 })
    vi.setSystemTime(new Date('2060-01-01'))
    await decide(45, 46)
    await aWhile()
    expect(rounds()).toHaveLength(4)
    expect(await call('learning.use', { generation: 'back' })).toMatchObject({ inUse: 3 })
    expect((await call('learning.status', {})).generations.map(({ number }) => number)).toEqual([1, 2, 3, 4])
  } finally {
    vi.useRealTimers()
  }
})

test('a project that was just made learns as any other', async () => {
  setUpLearner(line.settings.dataDir, `log=${inWork('log')}`)
  await openApp()
  await call('project.create', { path: inWork('new') })
  await call('import.start', { paths: [inWork('scans')], recognise: true, labels: null })
  await until(async () => (await call('project.info', {})).counts.read === FIELDS)
  ids = (await call('fields.ids', { filter: {}, order: 'file' })).ids
  await decide(0, 30)
  await until(() => ended.length === 1)
  expect(rounds()).toEqual(['bars-1', 'bars-2'])
})

test('each reader in use learns from the fields that it reads', async () => {
  setUpLearner(line.settings.dataDir, `log=${inWork('log')}`)
  expect(await addSecondReader(inWork('p'), line.settings.shippedModels)).toBe(FIELDS / 2)
  await openApp()
  await decide(0, 30)
  await aWhile()
  expect(rounds()).toEqual([])
  const counted = await call('learning.status', {})
  expect(counted).toMatchObject({ decided: 15, reader: 'bars', others: [{ reader: 'bars-two', inUse: null }] })
  await call('runs.start', { kind: 'learn' })
  await until(() => ended.length === 1)
  expect(rounds()).toEqual(['bars-1', 'bars-2', 'bars-two-1', 'bars-two-2'])
  const { inUse, others } = await call('learning.status', {})
  expect([inUse, others[0]!.inUse]).toEqual([2, 2])
  expect(others[0]!.generations.map(({ trainedOn }) => trainedOn)).toEqual([15, 15])
  const readBy = async (): Promise<unknown[]> => {
    await until(() => !reading)
    const db = openStore(inWork('p'), { create: false })
    const names = db.prepare(
      `SELECT DISTINCT m.name FROM fields f JOIN readings r ON r.id = f.reading_id JOIN models m ON m.id = r.model_id
       WHERE f.status = 'undecided' AND f.id % 2 = ? ORDER BY m.name`
    )
    const found = [0, 1].map((half) => names.pluck().all(half))
    db.close()
    return found
  }
  expect(await readBy()).toEqual([['bars-two-2'], ['bars-2']])
  expect(await call('learning.use', { generation: 'back', reader: 'bars-two' })).toMatchObject({
    inUse: 2,
    others: [{ reader: 'bars-two', inUse: 1 }]
  })
  expect(await readBy()).toEqual([['bars-two-1'], ['bars-2']])
  await expect(call('learning.use', { generation: 1, reader: 'none' })).rejects.toThrow(/bars, bars-two/)
})

test('what another process decides counts as well', async () => {
  setUpLearner(line.settings.dataDir, `log=${inWork('log')}`)
  await openApp()
  const rows = Array.from({ length: 30 }, (_, at) => `${String(at).padStart(2, '0')}.png,AB`)
  writeFileSync(inWork('decisions.csv'), ['file,text', ...rows, ''].join('\n'))
  await line.run('decide', inWork('p'), '--from', inWork('decisions.csv'))
  await until(() => ended.length === 1)
  expect(rounds()).toHaveLength(2)
})

test('what earlier generations read goes, but for what a field shows', async () => {
  setUpLearner(line.settings.dataDir, `log=${inWork('log')}`)
  await openApp()
  await decide(0, 30)
  await until(() => ended.length === 1)
  await call('learning.use', { generation: 1 })
  const readBy = (): Record<string, number> => {
    const db = openStore(inWork('p'), { create: false })
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
  const { generations } = await call('learning.status', {})
  expect(generations.map(({ judges }) => judges.after.cer)).toEqual([0.1, 0.1])
  const { rows } = await call('fields.rows', { ids })
  expect(rows.every(({ reading }) => reading !== null)).toBe(true)
})

test('nothing starts where it is switched off, on battery, or not set up', async () => {
  await openApp()
  await decide(0, 30)
  await aWhile()
  expect(await call('learning.status', {})).toMatchObject({ waits: 'set-up' })
  setUpLearner(line.settings.dataDir, `log=${inWork('log')}`)
  expect(await call('learning.settings', { on: false })).toMatchObject({ waits: 'switched-off' })
  power.battery = true
  expect(await call('learning.settings', { on: true })).toMatchObject({ waits: 'mains' })
  await decide(30, 31)
  await aWhile()
  expect(rounds()).toEqual([])
  power.battery = false
  for (const listener of power.listeners) listener()
  await until(() => ended.length === 1)
  expect(rounds()).toHaveLength(2)
})

test('on battery it learns where it was told to', async () => {
  setUpLearner(line.settings.dataDir, `log=${inWork('log')}`)
  await openApp()
  power.battery = true
  await decide(0, 30)
  await aWhile()
  expect(rounds()).toEqual([])
  await call('learning.settings', { onBattery: true })
  await until(() => ended.length === 1)
})

test('a round that fails is told once and is not tried again before there is more to learn from', async () => {
  setUpLearner(line.settings.dataDir, `log=${inWork('log')}`, 'fail=no-memory')
  await openApp()
  await decide(0, 30)
  await until(() => ended.length === 1)
  await decide(30, 34)
  await aWhile()
  expect(ended).toEqual(['failed'])
  expect(rounds()).toEqual(['bars-1'])
  expect(await call('learning.status', {})).toMatchObject({
    nextAt: 45,
    problem: expect.stringContaining('no-memory') as string
  })
  setUpLearner(line.settings.dataDir, `log=${inWork('log')}`)
  await call('runs.start', { kind: 'learn' })
  await until(() => ended.length === 2)
  expect(await call('learning.status', {})).toMatchObject({ problem: null, inUse: 2 })
})

test('a round that was cut off begins again with the project, unless it is switched off meanwhile', async () => {
  setUpLearner(line.settings.dataDir, `log=${inWork('log')}`, 'slow=400')
  await openApp()
  await decide(0, 30)
  await until(() => rounds().length === 1)
  await core.close()
  setUpLearner(line.settings.dataDir, `log=${inWork('log')}`)
  const db = openStore(inWork('p'), { create: false })
  db.prepare(`INSERT INTO settings (key, value) VALUES ('learning', '{"on":false}')`).run()
  db.close()
  await openApp()
  await aWhile()
  expect(rounds()).toHaveLength(1)
  await call('learning.settings', { on: true })
  await until(() => ended.length === 1)
  expect(rounds()).toEqual(['bars-1', 'bars-1', 'bars-2'])
})

test('generations are among the models of their project, and one of them takes the place of another', async () => {
  setUpLearner(line.settings.dataDir, `log=${inWork('log')}`)
  await openApp()
  await decide(0, 30)
  await until(() => ended.length === 1)
  const list = async () => (await call('models.list', {})).models.map((one) => [one.id, one.generation?.number ?? null, one.current]) // prettier-ignore
  expect(await list()).toEqual([
    ['bars', null, false],
    ['bars-1', 1, false],
    ['bars-2', 2, true]
  ])
  await call('models.select', { id: 'bars-1', recognise: false })
  expect(await list()).toEqual([
    ['bars', null, false],
    ['bars-1', 1, true],
    ['bars-2', 2, false]
  ])
  expect((await call('learning.status', {})).inUse).toBe(1)
  expect(await call('learning.use', { generation: null })).toMatchObject({ inUse: null })
  expect(await call('learning.use', { generation: 2 })).toMatchObject({ inUse: 2 })
  expect(await call('learning.use', { generation: 'back' })).toMatchObject({ inUse: 1 })
})

test('a generation is given away as files that are a model elsewhere, and the next project can begin with it', async () => {
  setUpLearner(line.settings.dataDir, `log=${inWork('log')}`)
  await openApp()
  await decide(0, 30)
  await until(() => ended.length === 1)
  const { files } = await call('learning.give', { generation: 2, folder: inWork('given') })
  expect(readdirSync(inWork('given')).sort()).toEqual(['bars-2.json', 'bars-2.onnx'])
  expect(files).toHaveLength(2)
  await expect(call('learning.give', { generation: 2, folder: inWork('given') })).rejects.toThrow(/^exists/)
  const models = await line.run('models', '--models', inWork('given'), '--json')
  expect(models.json()).toMatchObject({ models: [{ id: 'bars' }, { id: 'bars-2' }], refused: [] })

  expect(await call('learning.beginNext', { generation: 2 })).toMatchObject({ beginsNext: 'bars-2-p' })
  expect(await call('project.create', { path: inWork('next') })).toMatchObject({ currentModel: 'bars-2-p' })
  expect(await call('learning.status', {})).toMatchObject({ reader: 'bars-2-p', inUse: null, beginsNext: null })
  expect(await call('project.create', { path: inWork('one after') })).toMatchObject({ currentModel: 'bars' })
})
