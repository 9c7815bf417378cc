import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { discardPages, layByHand, registerAgain, restorePages } from '../../src/core/forms/pipeline'
import { assignModels, dropTemplate, saveTemplate } from '../../src/core/forms/templates'
import { importPaths } from '../../src/core/ingest'
import type { Model } from '../../src/reading/models'
import { decide, queueIds, readRows, undo } from '../../src/core/review'
import { deriveFields, immediate, setSetting, type Database } from '../../src/core/store'
import { fieldsAfter } from '../../src/core/store/readings'
import { pageCounts, pageEvents, pageIds, pageRows } from '../../src/core/store/pages'
import {
  addTemplate,
  fakePages,
  matched,
  pageFields,
  pageStates,
  projectOfPages,
  register,
  unmatched
} from '../fixtures/pages'
import { runControl } from '../fixtures/scans'
import { addReading } from '../fixtures/small-project'

const who = 'Ada'
const accept = (db: Parameters<typeof decide>[0], id: number, text: string) =>
  decide(db, { ids: [id], kind: 'corrected', text, reviewer: who })
const corners = [1, 1, 399, 1, 399, 599, 1, 599]

describe('registration of pages', () => {
  it('stores fields in reading order, a few pages at a time, and goes on where it stopped', async () => {
    const { db } = await projectOfPages(7)
    expect(pageCounts(db)).toMatchObject({ total: 7, pending: 7 })
    const abort = new AbortController()
    const first = fakePages(() => (first.jobs.length >= 4 ? (abort.abort(new Error('Stopped.')), {}) : {}))
    await expect(register(db, first, {}, { signal: abort.signal })).rejects.toThrow('Stopped.')
    const done = pageCounts(db).matched
    expect(done).toBeLessThan(7)
    const second = fakePages()
    const result = await register(db, second)
    expect(result.matched + done).toBe(7)
    expect(second.jobs).toHaveLength(7 - done)
    expect(second.most).toBeLessThanOrEqual(4)
    expect(pageFields(db).map(({ name }) => name)).toEqual(Array(7).fill(['surname', 'first_name']).flat())
    // By file: pages of one import are stored in whatever order their files are looked at.
    const files = new Map(pageRows(db, pageIds(db, {})).map(({ id, file }) => [id, file]))
    const inOrder = [1, 2, 3, 4, 5, 6, 7].flatMap((page) => Array(2).fill(`page ${page}.png`))
    expect(pageFields(db).map(({ page }) => files.get(page))).toEqual(inOrder)
  })

  it('numbers fields as pages lie, whichever page is found first', async () => {
    const { db } = await projectOfPages(4)
    const slow = fakePages(async ({ sha256 }) => {
      const place = db.prepare<[string], number>(
        'SELECT p.id FROM pages p JOIN sources s ON s.id = p.source_id WHERE s.sha256 = ?'
      )
      await new Promise((resolve) => setTimeout(resolve, 60 - 15 * place.pluck().get(sha256)!))
      return {}
    })
    await register(db, slow)
    const order = db.prepare('SELECT page_id FROM fields ORDER BY id').pluck().all()
    expect(order).toEqual([1, 1, 2, 2, 3, 3, 4, 4])
  })

  it('keeps reasons: a page that matches nothing, one that can’t be decoded; the rest goes on', async () => {
    const { db } = await projectOfPages(3)
    const client = fakePages((job) => {
      if (job.path.endsWith('1.png')) return unmatched('Another form.')
      if (job.path.endsWith('2.png')) throw new Error('The image is damaged.')
      return {}
    })
    expect(await register(db, client)).toEqual({ matched: 1, unmatched: 1, failed: 1 })
    expect(pageStates(db)).toEqual([
      { status: 'unmatched', reason: 'Another form.' },
      { status: 'failed', reason: 'The image is damaged.' },
      { status: 'matched', reason: null }
    ])
    expect(pageRows(db, pageIds(db, { status: 'problems' })).map(({ file }) => file)).toEqual([
      'page 1.png',
      'page 2.png'
    ])
    expect(pageEvents(db, 1)).toMatchObject([{ what: 'unmatched', note: 'Another form.', who: null }])
  })

  it('drops what comes too late: the page was discarded meanwhile', async () => {
    const { db } = await projectOfPages(1)
    await register(
      db,
      fakePages(() => (discardPages(db, [1], who), {}))
    )
    expect(pageStates(db)).toEqual([{ status: 'discarded', reason: null }])
    expect(pageFields(db)).toEqual([])
  })

  it('proposes a blank field as an empty text with its probability, confirmed like any other', async () => {
    const { db } = await projectOfPages(1)
    const client = fakePages((job) => ({
      fields: matched(job).fields.map((field, index) => ({ ...field, blank: index ? 0.97 : 0.02 }))
    }))
    await register(db, client)
    const [, blank] = pageFields(db)
    expect(blank).toMatchObject({ status: 'undecided', text: '', origin: 'reading', confidence: 0.97 })
    expect(readRows(db, [blank!.id])).toMatchObject([{ reading: '', blank: 0.97, calibrated: true, pageId: 1 }])
    decide(db, { ids: [blank!.id], kind: 'accepted', reviewer: who })
    expect(pageFields(db)[1]).toMatchObject({ status: 'blank', origin: 'decision' })
  })

  it('takes files as pages that were whole fields before, and keeps what was decided on them', async () => {
    const { db, root } = await projectOfPages(2)
    const plain = runControl(db)
    db.exec(`DELETE FROM pages; UPDATE sources SET as_pages = 0, sha256 = NULL`)
    await importPaths(db, { paths: [root], labels: null }, plain)
    const [one] = pageFields(db)
    accept(db, one!.id, 'ANNA')
    await importPaths(db, { paths: [root], labels: null, asPages: true }, runControl(db))
    expect(pageCounts(db).pending).toBe(2)
    expect(pageFields(db).map(({ status, text }) => [status, text])).toEqual([['corrected', 'ANNA']])
    // Without saying so again: what are pages stay pages.
    await importPaths(db, { paths: [join(root, 'page 1.png')], labels: null }, runControl(db))
    expect(pageCounts(db).total).toBe(2)
  })
})

describe('a model of a field’s own', () => {
  const installed = (id: string, hash: string) => ({ hash, manifest: { id, title: id } }) as unknown as Model
  const asking = (name: string) => ({ ...box, name, model: 'lines' })
  const box = { x: 10, y: 20, width: 100, height: 30 }
  const models = (db: Database): unknown[] =>
    db.prepare('SELECT m.hash FROM fields f LEFT JOIN models m ON m.id = f.model_id ORDER BY f.id').pluck().all()

  it('is given as fields are cut, follows the newest file, and falls back to the project’s where it is gone', async () => {
    const { db } = await projectOfPages(1)
    saveTemplate(db, 1, 'Form', [{ ...box, name: 'surname' }, asking('first_name')])
    expect(assignModels(db, [installed('caps', 'c'), installed('lines', 'one')])).toEqual([])
    await register(db, fakePages())
    expect(models(db)).toEqual([null, 'one'])
    const [, first] = pageFields(db)
    expect(assignModels(db, [installed('lines', 'two')])).toEqual([first!.id])
    expect(models(db)).toEqual([null, 'two'])
    expect(assignModels(db, [installed('lines', 'two')])).toEqual([])
    expect(assignModels(db, [installed('caps', 'c')])).toEqual([first!.id])
    expect(models(db)).toEqual([null, null])
  })

  it('shows that model’s reading, and no other’s', async () => {
    const { db } = await projectOfPages(1)
    saveTemplate(db, 1, 'Form', [{ ...box, name: 'surname' }, asking('first_name')])
    assignModels(db, [installed('lines', 'one')])
    await register(db, fakePages())
    db.exec(
      `INSERT INTO models (id, hash, name, title, manifest, seen_at) VALUES (9, 'nine', 'caps', 'Caps', '{}', '')`
    )
    setSetting(db, 'currentModel', 9)
    const insert = db.prepare(
      `INSERT INTO readings (image_id, model_id, status, text, confidence, provider, read_at)
       SELECT image_id, @model, 'ok', @text, 0.9, 'cpu', '' FROM fields`
    )
    insert.run({ model: 1, text: 'by its own' })
    insert.run({ model: 9, text: 'by the project’s' })
    immediate(db, () => deriveFields(db, 'all', 9))
    expect(pageFields(db).map(({ text }) => text)).toEqual(['by the project’s', 'by its own'])
    const waiting = (modelId: number, isProjects: boolean): number =>
      fieldsAfter(db, { modelId, isProjects }, { position: -1, id: 0 }, 10).length
    expect([waiting(9, true), waiting(1, false), waiting(9, false)]).toEqual([1, 1, 0])
  })
})

describe('corrections', () => {
  it('cuts anew and keeps decisions; only what is undecided is read again', async () => {
    const { db } = await projectOfPages(1)
    await register(db, fakePages())
    const [surname, first] = pageFields(db)
    db.exec(
      `INSERT INTO models (id, hash, name, title, manifest, seen_at) VALUES (1, 'hash', 'caps', 'Caps', '{}', '')`
    )
    for (const { image } of db.prepare<[], { image: number }>('SELECT image_id AS image FROM fields').all())
      addReading(db, image, { reading: 'ANA' })
    accept(db, surname!.id, 'ANNA')
    const laid = fakePages((job) => matched(job, 7))
    await layByHand(db, laid, 1, { templateId: 1, corners, who })
    expect(laid.jobs[0]!.placing).toEqual({ by: 'corners', templateId: 1, corners })
    expect(pageFields(db)).toMatchObject([
      { id: surname!.id, status: 'corrected', text: 'ANNA', quad: expect.stringMatching(/^\[17,/) },
      { id: first!.id, status: 'undecided', quad: expect.stringMatching(/^\[17,/) }
    ])
    const toRead = fieldsAfter(db, { modelId: 1, isProjects: true }, { position: -1, id: 0 }, 10)
    expect(toRead.map(({ id, reading }) => [id, reading])).toEqual([[first!.id, null]])
    undo(db, who)
    expect(fieldsAfter(db, { modelId: 1, isProjects: true }, { position: -1, id: 0 }, 10)).toHaveLength(2)
    expect(pageRows(db, [1])[0]).toMatchObject({ byHand: true, status: 'matched' })
    expect(pageEvents(db, 1).map(({ what, who: by }) => [what, by])).toEqual([
      ['matched', null],
      ['corners', who]
    ])
  })

  it('discards a page with what is undecided on it, and restores it where it lay', async () => {
    const { db } = await projectOfPages(1)
    await register(db, fakePages())
    accept(db, pageFields(db)[0]!.id, 'ANNA')
    discardPages(db, [1], who)
    expect(pageFields(db)).toMatchObject([{ name: 'surname', status: 'corrected', text: 'ANNA' }])
    undo(db, who)
    expect(pageFields(db)[0]!.status).toBe('failed')
    expect(readRows(db, [pageFields(db)[0]!.id])[0]!.note).toBe('Its page was discarded.')
    expect(restorePages(db, [1], who)).toEqual([1])
    const client = fakePages()
    await register(db, client)
    expect(client.jobs[0]!.placing).toMatchObject({ by: 'known', templateId: 1 })
    expect(pageFields(db).map(({ status }) => status)).toEqual(['undecided', 'undecided'])
  })

  it('looks for one template where a person chose it', async () => {
    const { db } = await projectOfPages(2)
    const other = await addTemplate(db, 'Other form')
    await register(
      db,
      fakePages(() => unmatched())
    )
    expect(registerAgain(db, null, other, who)).toBe(2)
    const client = fakePages(() => ({ templateId: other }))
    await register(db, client)
    expect(client.jobs.map(({ placing }) => placing)).toEqual(Array(2).fill({ by: 'looking', templateId: other }))
    expect(pageRows(db, [1])[0]).toMatchObject({ template: 'Other form' })
  })

  it('follows a template that is changed: names, fields taken away, two that change places', async () => {
    const { db } = await projectOfPages(1)
    await register(db, fakePages())
    const [surname, first] = pageFields(db)
    accept(db, surname!.id, 'ANNA')
    const box = { x: 10, y: 20, width: 100, height: 30 }
    expect(() => saveTemplate(db, 1, 'Form', [{ name: 'a', ...box, x: 350 }])).toThrow(/“a” .* lies outside the page/)
    expect(() =>
      saveTemplate(db, 1, 'Form', [
        { name: 'a', ...box },
        { name: 'a', ...box }
      ])
    ).toThrow(/Two fields are called “a”/)
    const waiting = saveTemplate(db, 1, 'Form', [
      { name: 'first_name', was: 'surname', ...box },
      { name: 'surname', was: 'first_name', ...box }
    ])
    expect(waiting).toBe(true)
    expect(pageFields(db).map(({ id, name }) => [id, name])).toEqual([
      [surname!.id, 'first_name'],
      [first!.id, 'surname']
    ])
    await register(
      db,
      fakePages((job) => ({ fields: matched(job).fields.slice(0, 1) }))
    )
    // "first_name" was decided on and stays, though the form has no such box any more.
    expect(
      pageFields(db)
        .map(({ name, status }) => [name, status])
        .sort()
    ).toEqual([
      ['first_name', 'corrected'],
      ['surname', 'undecided']
    ])
    expect(dropTemplate(db, 1)).toBe(true)
    expect(pageCounts(db).pending).toBe(1)
  })

  it('never loses an event', async () => {
    const { db } = await projectOfPages(1)
    await register(db, fakePages())
    expect(() => db.exec('DELETE FROM page_events')).toThrow(/append-only/)
    expect(() => db.exec(`UPDATE page_events SET who = 'nobody'`)).toThrow(/append-only/)
  })
})

it('the fields of one name are a queue of their own', async () => {
  const { db } = await projectOfPages(2)
  await register(db, fakePages())
  const ids = queueIds(db, { filter: { field: 'first_name' }, order: 'file' })
  expect(readRows(db, ids).map(({ field }) => field)).toEqual(['first_name', 'first_name'])
  expect(queueIds(db, { filter: { field: 'none' }, order: 'file' })).toEqual([])
})
