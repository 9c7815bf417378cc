/** Rounds that something comes in the way of: another process, a lost environment, a clock, a failure, the end of the app. */
import { rmSync } from 'node:fs'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { environmentFolder } from '../../src/core/learning'
import { openStore } from '../../src/core/store'
import { aWhile, LearningApp, until } from '../fixtures/learning-app'

let app: LearningApp

beforeEach(async () => {
  app = await LearningApp.begin()
})
afterEach(() => app.end())

test('what another process learns keeps a round from starting, and the next decision asks again', async () => {
  app.setUpLearner()
  const asOther = (sql: string): void => {
    const db = openStore(app.inWork('p'), { create: false })
    db.prepare(sql).run()
    db.close()
  }
  asOther(
    `INSERT INTO runs (kind, status, parameters, pid, heartbeat, started_at)
     VALUES ('learn', 'running', '{}', ${process.ppid}, strftime('%FT%TZ', 'now', '+1 minute'), strftime('%FT%TZ', 'now'))`
  )
  await app.open()
  await app.decide(0, 30)
  await aWhile()
  await expect(app.call('runs.start', { kind: 'learn' })).rejects.toThrow(/^busy/)
  expect(app.rounds()).toEqual([])
  asOther(`UPDATE runs SET status = 'done'`)
  await app.decide(30, 31)
  await until(() => app.ended.length === 1)
  expect(app.rounds()).toEqual(['bars-1', 'bars-2'])
})

test('an environment that is deleted while a round runs ends no round, and the next waits for another', async () => {
  app.setUpLearner('slow=300')
  await app.open()
  await app.decide(0, 30)
  await until(() => app.rounds().length === 1)
  rmSync(environmentFolder(app.line.settings.dataDir), { recursive: true })
  await until(() => app.ended.length === 1)
  expect(app.ended).toEqual(['done'])
  expect(await app.call('learning.status', {})).toMatchObject({ inUse: 2, waits: 'set-up' })
  await expect(app.call('runs.start', { kind: 'learn' })).rejects.toThrow(/^not-set-up/)
  await app.decide(30, 45)
  app.setUpLearner()
  await app.call('runs.start', { kind: 'learn' })
  await until(() => app.ended.length === 2)
  expect(app.rounds()).toEqual(['bars-1', 'bars-2', 'bars-3', 'bars-4'])
})

test('a clock that jumps, back by years or on, neither starts a round nor keeps one, and “back” finds the one before', async () => {
  app.setUpLearner()
  await app.open()
  await app.decide(0, 30)
  await until(() => app.ended.length === 1)
  vi.useFakeTimers({ toFake: ['Date'], now: new Date('2001-01-01') })
  try {
    await app.decide(30, 44)
    await aWhile()
    expect(app.rounds()).toHaveLength(2)
    await app.decide(44, 45)
    await until(() => app.ended.length === 2)
    expect(await app.call('learning.status', {})).toMatchObject({ inUse: 4, decided: 45 })
    vi.setSystemTime(new Date('2060-01-01'))
    await app.decide(45, 46)
    await aWhile()
    expect(app.rounds()).toHaveLength(4)
    expect(await app.call('learning.use', { generation: 'back' })).toMatchObject({ inUse: 3 })
    expect((await app.call('learning.status', {})).generations.map(({ number }) => number)).toEqual([1, 2, 3, 4])
  } finally {
    vi.useRealTimers()
  }
})

test('a round that fails is told once and is not tried again before there is more to learn from', async () => {
  app.setUpLearner('fail=no-memory')
  await app.open()
  await app.decide(0, 30)
  await until(() => app.ended.length === 1)
  await app.decide(30, 34)
  await aWhile()
  expect(app.ended).toEqual(['failed'])
  expect(app.rounds()).toEqual(['bars-1'])
  expect(await app.call('learning.status', {})).toMatchObject({
    nextAt: 45,
    problem: expect.stringContaining('no-memory') as string
  })
  app.setUpLearner()
  await app.call('runs.start', { kind: 'learn' })
  await until(() => app.ended.length === 2)
  expect(await app.call('learning.status', {})).toMatchObject({ problem: null, inUse: 2 })
})

test('a round that was cut off begins again with the project, unless it is switched off meanwhile', async () => {
  app.setUpLearner('slow=400')
  await app.open()
  await app.decide(0, 30)
  await until(() => app.rounds().length === 1)
  await app.core.close()
  app.setUpLearner()
  const db = openStore(app.inWork('p'), { create: false })
  db.prepare(`INSERT INTO settings (key, value) VALUES ('learning', '{"on":false}')`).run()
  db.close()
  await app.open()
  await aWhile()
  expect(app.rounds()).toHaveLength(1)
  await app.call('learning.settings', { on: true })
  await until(() => app.ended.length === 1)
  expect(app.rounds()).toEqual(['bars-1', 'bars-1', 'bars-2'])
})

test('two that learn at once, as where a clock has jumped and one is taken for dead, write two names', async () => {
  app.setUpLearner('slow=300')
  await app.open()
  await app.decide(0, 30)
  await until(() => app.rounds().length === 1)
  // The other Nomina has this one's number, and so takes its round for one that was cut off.
  const other = await app.line.run('learn', app.inWork('p'), '--json')
  expect(other.code, other.stderr).toBe(0)
  await until(() => app.ended.length === 1)
  const names = app.rounds()
  expect(names.slice(0, 2)).toEqual(['bars-1', 'bars-2'])
  expect(new Set(names).size).toBe(names.length)
  const { generations } = await app.call('learning.status', {})
  expect(generations.map(({ file }) => file)).toEqual(names.map((name) => `${name}.json`))
})
