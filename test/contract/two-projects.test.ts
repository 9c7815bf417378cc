/** Two projects open in one core, each with a window, a reviewer and a job: nothing of one is ever seen in the other. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Core, Project, WindowSession } from '../../src/core'
import { startImport } from '../../src/core/ingest/job'
import { decide } from '../../src/core/review'
import { closeStore } from '../../src/core/store'
import { endpoints, events, type EndpointName, type EventName } from '../../src/shared/contract'
import { makeProject } from '../fixtures/big-project'
import { createTestCore, writeImages } from './core'
import { calls, type Scene } from './endpoints'

const temporary = mkdtempSync(join(tmpdir(), 'nomina-two-'))
const names = ['ALPHA', 'BRAVO'] as const

interface Side {
  /** A text that stands in this project and nowhere else. */
  mark: string
  project: Project
  window: WindowSession
  guest: WindowSession
  scene: Scene
  heard: { name: EventName; payload: unknown }[]
}

let core: Core
const sides: Side[] = []

beforeAll(async () => {
  core = await createTestCore(join(temporary, 'home'), 'browser')
  for (const mark of names) {
    const path = join(temporary, `of ${mark}`)
    const db = makeProject(path, { fields: 12, decided: 0 })
    decide(db, { ids: [1, 2], kind: 'corrected', text: `${mark} TEXT`, reviewer: mark })
    closeStore(db)
    const images = join(temporary, `scans of ${mark}`)
    const { labels } = await writeImages(images)
    const window = core.window()
    await window.open(path)
    const project = await core.open(path)
    const guest = await core.admit(project, 'Ada')
    const heard: Side['heard'] = []
    for (const session of [window, guest])
      for (const name of Object.keys(events) as EventName[])
        session.on(name, (payload) => heard.push({ name, payload }))
    const exported = join(temporary, `${mark}.csv`)
    sides.push({
      mark,
      project,
      window,
      guest,
      heard,
      scene: { project: path, images, labels, exported, fieldIds: [3, 4, 5], runId: 0 }
    })
  }
})
afterAll(async () => {
  await core?.close()
  rmSync(temporary, { recursive: true, force: true })
})

/** Everything that a project holds, as text. */
function contentOf({ project: { db } }: Side): string {
  const tables = db
    .prepare<[], string>(
      `SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name`
    )
    .pluck()
    .all()
  return JSON.stringify(tables.map((table) => [table, db.prepare(`SELECT * FROM "${table}"`).raw().all()]))
}

const ofProjects = (Object.keys(calls) as EndpointName[]).filter((name) => endpoints[name].of === 'project')

it.each([
  [0, 1],
  [1, 0]
])('project %i is asked for everything, and project %i neither changes nor hears of it', async (one, two) => {
  const [asked, other] = [sides[one]!, sides[two]!]
  const before = contentOf(other)
  other.heard.length = 0
  for (const session of [asked.window, asked.guest]) {
    for (const name of ofProjects) {
      const reply = await session.call(name, calls[name].input(asked.scene))
      const said = JSON.stringify(reply)
      for (const foreign of [other.mark, other.project.id]) expect(said, name).not.toContain(foreign)
      if (!reply.ok) expect(reply.error.code, `${name}: ${reply.error.message}`).not.toBe('internal')
    }
  }
  await Promise.allSettled(asked.project.jobs.all.map((job) => job.finished))
  asked.project.changes.flush()
  expect(asked.heard.length).toBeGreaterThan(0)
  expect(JSON.stringify(asked.heard)).not.toContain(other.mark)
  // What is installed is the app's, and told to all.
  expect(other.heard.filter(({ name }) => name !== 'models.changed')).toEqual([])
  expect(contentOf(other)).toBe(before)
})

it('each has its own job of a kind, under numbers of its own', async () => {
  const jobs = sides.map(({ project, scene }) =>
    startImport(project, { paths: [scene.images], labels: null, recognise: false })
  )
  const current = await Promise.all(sides.map(({ guest }) => guest.call('runs.current', {})))
  for (const [index, reply] of current.entries()) {
    const runs = (reply as unknown as { value: { runId: number; kind: string }[] }).value
    expect(runs.filter(({ kind }) => kind === 'import').map(({ runId }) => runId)).toEqual([jobs[index]!.id])
  }
  await sides[0]!.window.call('runs.cancel', { runId: jobs[0]!.id })
  await Promise.allSettled(jobs.map((job) => job.finished))
  expect(jobs[1]!.progress().status).toBe('done')
})

it('a reviewer stays with the project of the link, whatever its owner opens', async () => {
  const [alpha, bravo] = sides as [Side, Side]
  await alpha.window.open(bravo.project.path)
  const seen = JSON.stringify(await alpha.guest.call('fields.rows', { ids: [1, 2] }))
  expect(seen).toContain('ALPHA TEXT')
  expect(seen).not.toContain('BRAVO')
  expect(await alpha.guest.call('review.decide', { ids: [6], kind: 'blank' })).toMatchObject({ ok: true })
  expect(JSON.stringify(await alpha.window.call('fields.rows', { ids: [6] }))).toContain('"status":"undecided"')
  expect(JSON.stringify(await alpha.window.call('fields.rows', { ids: [1, 2] }))).toContain('BRAVO TEXT')
})

it('a project that is closed meanwhile refuses by name', async () => {
  const path = join(temporary, 'closing')
  closeStore(makeProject(path, { fields: 3000, decided: 0 }))
  const window = core.window()
  await window.open(path)
  const ids = Array.from({ length: 3000 }, (_, index) => index + 1)
  const asked = [
    window.call('review.decide', { ids, kind: 'blank' }),
    window.call('dataset.overview', {}),
    window.call('export.write', calls['export.write'].input({ ...sides[0]!.scene, exported: join(temporary, 'x.csv') }))
  ]
  const closed = window.close()
  for (const reply of await Promise.all(asked))
    if (!reply.ok) expect(reply.error).toMatchObject({ code: expect.not.stringMatching(/internal/) })
  await closed
  expect(await window.call('project.info', {})).toMatchObject({ ok: false, error: { code: 'no-project' } })
})
