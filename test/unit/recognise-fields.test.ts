import { createHash } from 'node:crypto'
import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, utimesSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Model } from '../../src/reading/models'
import { recogniseFields } from '../../src/core/recognise'
import type { Engine, EngineItem, EngineResult } from '../../src/reading/engine'
import type { JobControl } from '../../src/core/jobs'
import { closeStore, openStore, setSetting, type Database } from '../../src/core/store'
import { modelHash, rememberModel } from '../../src/core/store/models'
import { barsModel, writeBars } from '../fixtures/bars'

let folder: string
let db: Database
let model: Model
let runId: number

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'nomina-fields-'))
  db = openStore(join(folder, 'project'), { create: true })
  model = await barsModel()
  db.prepare('INSERT INTO roots (id, path) VALUES (1, ?)').run(folder)
  runId = newRun()
  setSetting(db, 'currentModel', rememberModel(db, model))
})
afterEach(() => {
  closeStore(db)
  rmSync(folder, { recursive: true, force: true })
})

const newRun = (): number =>
  Number(
    db
      .prepare(
        `INSERT INTO runs (kind, status, parameters, pid, heartbeat, started_at) VALUES ('recognise', 'running', '{}', 1, '', '')`
      )
      .run().lastInsertRowid
  )

/** A file, its source, image and field, as import makes them. */
async function addField(name: string, text: string): Promise<number> {
  const path = join(folder, name)
  await writeBars(path, text)
  const sha256 = createHash('sha256').update(readFileSync(path)).digest('hex')
  const { size, mtimeMs } = statSync(path)
  const source = db
    .prepare(
      `INSERT INTO sources (root_id, path, size, modified_ms, sha256, format, status, run_id, added_at)
       VALUES (1, ?, ?, ?, ?, 'png', 'ok', ?, '')`
    )
    .run(name, size, mtimeMs, sha256, runId).lastInsertRowid
  db.prepare('INSERT OR IGNORE INTO images (sha256, width, height) VALUES (?, 16, 8)').run(sha256)
  const image = db.prepare<[string], number>('SELECT id FROM images WHERE sha256 = ?').pluck().get(sha256)
  const field = db
    .prepare('INSERT INTO fields (source_id, image_id, position) VALUES (?, ?, ?)')
    .run(source, image, Number(source) * 1000)
  return Number(field.lastInsertRowid)
}

/** Answers with the file's name; `onRead` may change or refuse that. */
function playedEngine(onRead: (items: EngineItem[]) => Promise<EngineResult[] | null> = () => Promise.resolve(null)) {
  const asked: EngineItem[][] = []
  const engine: Engine = {
    load: () => Promise.resolve({ provider: 'cpu', providers: [], note: null }),
    read: async (items, signal) => {
      asked.push(items)
      const changed = await onRead(items)
      signal?.throwIfAborted()
      return (
        changed ??
        items.map(({ key, path }) => ({
          key,
          ok: true as const,
          text: path.slice(folder.length + 1),
          confidence: 0.5,
          calibrated: false,
          characters: [],
          alternatives: [],
          width: 16,
          height: 8
        }))
      )
    },
    report: () => ({ running: true, provider: 'cpu', fieldsPerSecond: null, providers: [] }),
    stop: () => Promise.resolve()
  }
  return { engine, asked }
}

function control(signal = new AbortController().signal, whenNotPaused = () => Promise.resolve()) {
  const reports: Parameters<JobControl['report']>[0][] = []
  const run: JobControl = { id: runId, signal, whenNotPaused, report: (progress) => void reports.push(progress) }
  return { run, reports }
}

const texts = (): unknown[] => db.prepare('SELECT text FROM fields ORDER BY id').pluck().all()

describe('reading the fields of a project', () => {
  it('reads each image once, in file order, and brings the fields up to date', async () => {
    await addField('b.png', 'AB')
    await addField('a.png', 'C')
    await addField('twin of b.png', 'AB')
    const { engine, asked } = playedEngine()
    const { run, reports } = control()
    const told: number[] = []
    const result = await recogniseFields(db, { engine, model }, run, { onFields: (ids) => told.push(...ids) })
    expect(result).toEqual({ read: 2, failed: 0, skipped: 0 })
    expect(asked.flat()).toHaveLength(2)
    expect(texts()).toEqual(['b.png', 'a.png', 'b.png'])
    expect(told.sort()).toEqual([1, 2, 3])
    expect(reports.at(-1)).toMatchObject({ done: 2, total: 2, failed: 0 })
  })

  it('reads nothing twice, and tries again in the next run what failed', async () => {
    await addField('good.png', 'A')
    await addField('bad.png', 'B')
    const failing = playedEngine((items) =>
      Promise.resolve(items.map(({ key }) => ({ key, ok: false, reason: `Image ${key} is odd.` })))
    )
    expect(await recogniseFields(db, { engine: failing.engine, model }, control().run)).toMatchObject({ failed: 2 })
    expect(failing.asked.flat()).toHaveLength(2) // not again in the same run
    const statuses = db.prepare('SELECT status FROM fields').pluck()
    expect(statuses.all()).toEqual(['failed', 'failed'])
    const second = playedEngine()
    expect(await recogniseFields(db, { engine: second.engine, model }, control().run)).toMatchObject({ read: 2 })
    expect(statuses.all()).toEqual(['undecided', 'undecided'])
    const third = playedEngine()
    const result = await recogniseFields(db, { engine: third.engine, model }, control().run)
    expect(result).toEqual({ read: 0, failed: 0, skipped: 2 })
    expect(third.asked).toEqual([])
  })

  it('reads again with another model, and keeps both readings', async () => {
    await addField('a.png', 'A')
    await recogniseFields(db, { engine: playedEngine().engine, model }, control().run)
    const other = { ...model, hash: 'another' }
    await recogniseFields(db, { engine: playedEngine().engine, model: other }, control().run)
    expect(db.prepare('SELECT COUNT(*) FROM readings').pluck().get()).toBe(2)
    expect(modelHash(db, 2)).toBe('another')
  })

  it('lets fields be read by a model of their own, after the project’s, and shows that reading', async () => {
    const own = { ...model, hash: 'own', manifest: { ...model.manifest, id: 'own' } }
    await addField('a.png', 'A')
    const asking = await addField('b.png', 'B')
    const ownId = rememberModel(db, own)
    db.prepare('UPDATE fields SET model_id = ? WHERE id = ?').run(ownId, asking)
    const loaded: string[] = []
    const played = playedEngine()
    const engine = { ...played.engine, load: (one: Model) => (loaded.push(one.hash), played.engine.load(one, null)) }
    const { run, reports } = control()
    const all = { engine, model, others: () => [own] }
    expect(await recogniseFields(db, all, run)).toEqual({ read: 2, failed: 0, skipped: 0 })
    expect(loaded).toEqual([model.hash, 'own'])
    expect(reports.map(({ done, total }) => [done, total])).toContainEqual([1, 2])
    expect(reports.at(-1)).toMatchObject({ done: 2, total: 2 })
    const readBy = db.prepare('SELECT f.text, r.model_id AS model FROM fields f JOIN readings r ON r.id = f.reading_id')
    expect(readBy.all()).toEqual([
      { text: 'a.png', model: 1 },
      { text: 'b.png', model: ownId }
    ])
    // Nothing is left: the other model is not even loaded.
    expect(await recogniseFields(db, all, control().run)).toMatchObject({ read: 0, skipped: 1 })
    expect(loaded).toEqual([model.hash, 'own', model.hash])
    // Asked for no more, the field waits for the project's model.
    db.exec('UPDATE fields SET model_id = NULL')
    expect(await recogniseFields(db, { engine, model }, control().run)).toMatchObject({ read: 1, skipped: 1 })
  })

  it('fails a file that has changed or vanished with its reason, unless a twin is left', async () => {
    await addField('changed.png', 'A')
    await addField('vanished.png', 'B')
    await addField('moved.png', 'C')
    await addField('twin of moved.png', 'C')
    await addField('touched.png', 'CC')
    appendFileSync(join(folder, 'changed.png'), 'more')
    rmSync(join(folder, 'vanished.png'))
    rmSync(join(folder, 'moved.png'))
    utimesSync(join(folder, 'touched.png'), 1, 1)
    const { engine } = playedEngine()
    const { run } = control()
    expect(await recogniseFields(db, { engine, model }, run)).toEqual({ read: 2, failed: 2, skipped: 0 })
    expect(texts()).toEqual([null, null, 'twin of moved.png', 'twin of moved.png', 'touched.png'])
    const reasons = db
      .prepare<[], string>(`SELECT reason FROM readings WHERE status = 'failed' ORDER BY image_id`)
      .pluck()
    expect(reasons.all()).toEqual([
      expect.stringMatching(/changed since it was imported/),
      expect.stringMatching(/not there any more/)
    ])
  })

  it('waits for an import that runs beside it, also for fields that come before what it has read', async () => {
    await addField('first.png', 'A')
    let more = true
    const added: (() => Promise<unknown>)[] = [
      () => addField('second.png', 'B'),
      async () => {
        const id = await addField('late.png', 'C')
        db.prepare('UPDATE fields SET position = 1 WHERE id = ?').run(id)
        more = false
      }
    ]
    const { engine } = playedEngine()
    const { run, reports } = control()
    const waitForMore = async (): Promise<void> => void (await added.shift()?.())
    const result = await recogniseFields(db, { engine, model, moreToCome: () => more, waitForMore }, run)
    expect(result.read).toBe(3)
    expect(reports[0]!.total).toBeNull()
    expect(reports.at(-1)).toMatchObject({ done: 3, total: 3 })
  })

  it('stores what was read before it is cancelled, and goes on from there', async () => {
    for (let index = 0; index < 100; index++)
      await addField(`${index}.png`, 'ABC'.slice(0, 1 + (index % 3)).repeat(1 + index))
    const abort = new AbortController()
    let chunks = 0
    const { engine } = playedEngine(() => {
      if (++chunks === 2) abort.abort(new Error('Stopped.'))
      return Promise.resolve(null)
    })
    const { run } = control(abort.signal)
    await expect(recogniseFields(db, { engine, model }, run)).rejects.toThrow('Stopped.')
    const stored = db.prepare<[], number>(`SELECT COUNT(*) FROM readings WHERE status = 'ok'`).pluck()
    const before = stored.get()!
    expect(before).toBeLessThan(100)
    const images = db.prepare<[], number>('SELECT COUNT(*) FROM images').pluck().get()!
    const result = await recogniseFields(db, { engine: playedEngine().engine, model }, control().run)
    expect(result.read).toBe(images - before)
    expect(stored.get()).toBe(images)
  })

  it('cancelled while it waits for the import, it ends', async () => {
    const abort = new AbortController()
    const never = (): Promise<void> => new Promise(() => {})
    const run = control(abort.signal).run
    const reading = recogniseFields(
      db,
      { engine: playedEngine().engine, model, moreToCome: () => true, waitForMore: never },
      run
    )
    setTimeout(() => abort.abort(new Error('Stopped.')), 20)
    await expect(reading).rejects.toThrow('Stopped.')
  })

  it('stops when the engine does, and says why', async () => {
    await addField('a.png', 'A')
    const { engine } = playedEngine(() => Promise.reject(new Error('The engine process ends again and again.')))
    await expect(recogniseFields(db, { engine, model }, control().run)).rejects.toThrow('again and again')
  })
})
