import { describe, expect, test } from 'vitest'
import { compareModels, errorsOf, overview, readRight, scores } from '../../src/core/quality/figures'
import { keepSelection } from '../../src/core/store/selections'
import { listExports } from '../../src/core/quality'
import { markOf, recordExport } from '../../src/core/store/exports'
import { calibrationState, fitProject, followCalibration, forgetProject } from '../../src/core/confidence'
import { decide, queueIds, readRow, redo, undo, undoableActs, undoTo } from '../../src/core/review'
import { closeStore, setSetting, type Database } from '../../src/core/store'
import type { Filter } from '../../src/shared/domain'
import { addReading, project, reopen, temporaryFolder, type TestField } from '../fixtures/small-project'
import { plainExport } from '../fixtures/plain-export'

const reviewer = 'Ada'
const correct = (db: Database, id: number, text: string) => decide(db, { ids: [id], kind: 'corrected', text, reviewer })
/** As somebody does who looks at each by itself. */
const accept = (db: Database, ids: number[]) => decide(db, { ids, kind: 'accepted', reviewer, how: 'field' })
const count = (db: Database, filter: Filter): number => queueIds(db, { filter, order: 'file' }).length

describe('the overview', () => {
  const fields: TestField[] = [
    { imported: 'ANNA', reading: 'ANNA', confidence: 1 },
    { imported: 'ANNA', reading: 'ANNE', confidence: 0.42 },
    { imported: '', importedState: 'blank', reading: '', confidence: 0.9 },
    { reading: 'CHLOÉ-𝒜', confidence: 0.05 },
    { reading: 'CHLOÉ-𝒜', confidence: 0 },
    { source: 'failed' }
  ]

  test('counts, and every bar leads to as many fields', async () => {
    const db = project(fields)
    accept(db, [1, 2])
    const figures = await overview(db)
    expect(figures.fields).toBe(6)
    expect(figures.names).toEqual([
      { label: 'ANNA', count: 2, filter: { text: 'ANNA' } },
      { label: 'CHLOÉ-𝒜', count: 2, filter: { text: 'CHLOÉ-𝒜' } }
    ])
    expect(figures.differentNames).toBe(2)
    expect(figures.characters.find(({ label }) => label === 'É')?.count).toBe(2)
    expect(figures.lengths.map(({ length, count: fields }) => [length, fields])).toEqual([
      [4, 2],
      [7, 2]
    ])
    const bars = [
      ...figures.status,
      ...figures.imported,
      ...figures.lengths,
      ...figures.widths,
      ...figures.heights,
      ...figures.confidence,
      ...figures.names,
      ...figures.throughput
    ]
    for (const bar of bars) expect(count(db, bar.filter), JSON.stringify(bar.filter)).toBe(bar.count)
    expect(figures.throughput).toEqual([
      expect.objectContaining({ reviewer, origin: 'person', count: 2, kinds: [{ kind: 'accepted', count: 2 }] })
    ])
    expect(count(db, figures.characters.find(({ label }) => label === '𝒜')!.filter)).toBe(2)
  })

  test('of an empty project is empty', async () => {
    expect(await overview(project([]))).toMatchObject({ fields: 0, names: [], widths: [], throughput: [] })
  })
})

/** Two models: the first reads HOLM as HELM, the second drops a letter of ANNA. */
function twoModels(): Database {
  const db = project([
    { reading: 'HELM' },
    { reading: 'ANNA' },
    { reading: 'EVA LEE' },
    { reading: 'X' },
    { reading: '' }
  ])
  db.prepare(
    `INSERT INTO models (id, hash, name, title, manifest, seen_at) SELECT 2, 'hash-2', 'other', 'Other', manifest, seen_at FROM models`
  ).run()
  ;['HOLM', 'ANA', 'EVA LEE', 'X', 'I'].forEach((reading, index) => addReading(db, index + 1, { reading }, 2))
  correct(db, 1, 'HOLM')
  accept(db, [2, 3])
  decide(db, { ids: [4], kind: 'illegible', reviewer })
  decide(db, { ids: [5], kind: 'blank', reviewer })
  return db
}

describe('models on decided fields', () => {
  test('have error rates, with intervals around them', async () => {
    const [current, other] = await scores(twoModels(), 'decided')
    // 15 characters and 4 words decided: HOLM, ANNA, EVA LEE and nothing; the illegible one has no text.
    expect(current).toMatchObject({ name: 'caps', current: true, fields: 4 })
    expect(current!.characterErrorRate!.value).toBeCloseTo(1 / 15, 10)
    expect(current!.wordErrorRate!.value).toBeCloseTo(1 / 4, 10)
    expect(current!.exact!.value).toBeCloseTo(3 / 4, 10)
    expect(other!.characterErrorRate!.value).toBeCloseTo(2 / 15, 10)
    expect(other!.exact!.low).toBeLessThan(other!.exact!.value)
    expect(await scores(twoModels(), 'decided')).toEqual([current, other])
  })

  test('are compared field by field', async () => {
    const compared = await compareModels(twoModels(), { a: 1, b: 2, on: 'decided' })
    expect(compared).toMatchObject({ fields: 4, bothRight: 1, onlyA: 2, onlyB: 1, bothWrong: 0, probability: 1 })
    expect(compared.ids).toEqual({ onlyA: [2, 5], onlyB: [1], bothWrong: [] })
    expect(compared.exact!.value).toBeCloseTo(-0.25, 10)
    await expect(compareModels(twoModels(), { a: 1, b: 9, on: 'decided' })).rejects.toThrow(/no model/)
  })

  test('show which character they take for which, and where', async () => {
    const { fields, wrong, confusions, classes } = await errorsOf(twoModels(), { model: 2, on: 'decided', limit: 10 })
    expect([fields, wrong]).toEqual([4, 2])
    expect(confusions).toContainEqual({ written: 'n', read: '', count: 1, of: 2, ids: [2] })
    expect(confusions).toContainEqual({ written: '', read: 'i', count: 1, of: 0, ids: [5] })
    expect(classes).toContainEqual({ class: 'consonant', characters: 7, replaced: 0, missed: 1, inserted: 0, ids: [2] })
  })

  test('that nothing was decided of have none', async () => {
    const db = project([{ reading: 'ANNA' }])
    expect(await scores(db, 'decided')).toEqual([expect.objectContaining({ fields: 0, exact: null })])
    expect(await errorsOf(db, { on: 'sample', limit: 5 })).toMatchObject({ fields: 0, confusions: [] })
  })
})

/** As its manifest says that a model was trained on these fields' pictures. */
function train(db: Database, model: number, { images = [], read = [] }: { images?: number[]; read?: number[] }): void {
  const hashes = (ids: number[]): string[] =>
    ids.map((id) => db.prepare<[number], string>('SELECT sha256 FROM images WHERE id = ?').pluck().get(id)!)
  const manifest = JSON.parse(db.prepare<[], string>('SELECT manifest FROM models').pluck().get()!) as object
  const told = { ...manifest, trainedOn: { images: hashes(images), read: hashes(read) } }
  db.prepare('UPDATE models SET manifest = ? WHERE id = ?').run(JSON.stringify(told), model)
}

describe('what a model was trained on', () => {
  test('is no part of its figures, whether as decided or as read; of the others it is', async () => {
    const db = twoModels()
    train(db, 2, { images: [1], read: [2] })
    const [current, other] = await scores(db, 'decided')
    expect(current).toMatchObject({ name: 'caps', fields: 4, leftOut: 0 })
    expect(other).toMatchObject({ name: 'other', fields: 2, leftOut: 2 })
    expect((await errorsOf(db, { model: 2, on: 'decided', limit: 10 })).fields).toBe(2)
    expect(await compareModels(db, { a: 1, b: 2, on: 'decided' })).toMatchObject({ fields: 2, leftOut: 2, onlyA: 1 })
    expect(await compareModels(db, { a: 2, b: 1, on: 'decided' })).toMatchObject({ fields: 2, leftOut: 2, onlyB: 1 })
  })

  test('is known by content: turned, or in other bytes', async () => {
    const db = twoModels()
    train(db, 2, { images: [1, 2] })
    db.exec(`
      INSERT INTO images (sha256, page, rotation, width, height) SELECT sha256, page, 2, width, height FROM images WHERE id = 1;
      UPDATE readings SET image_id = (SELECT max(id) FROM images) WHERE image_id = 1;
      UPDATE fields SET rotation = 2, image_id = (SELECT max(id) FROM images) WHERE id = 1;
      INSERT INTO contents (id) VALUES (1);
      INSERT INTO content_hashes (hash, content_id) SELECT 'file:' || sha256, 1 FROM images WHERE id = 2;
      UPDATE sources SET content_id = 1 WHERE id = 3`)
    expect((await scores(db, 'decided'))[1]).toMatchObject({ fields: 1, leftOut: 3 })
  })

  test('is known of those that ship and those that say it, of others nobody knows it', async () => {
    const db = twoModels()
    const known = async (...shipped: string[]) =>
      (await scores(db, 'decided', {}, new Set(shipped))).map(({ trainingKnown }) => trainingKnown)
    expect(await known()).toEqual([false, false])
    expect(await known('hash-1')).toEqual([true, false])
    expect(await compareModels(db, { a: 1, b: 2, on: 'decided' }, {}, new Set(['hash-1']))).toMatchObject({
      trainingKnown: false
    })
    train(db, 2, {})
    expect(await known('hash-1')).toEqual([true, true])
  })

  test('is no part of the calibration either', async () => {
    const db = project(Array.from({ length: 6 }, () => ({ reading: 'ANNA', confidence: 0.5 })))
    accept(db, [1, 2, 3, 4])
    expect((await calibrationState(db)).decisions).toBe(4)
    train(db, 1, { images: [1], read: [2] })
    expect((await calibrationState(db)).decisions).toBe(2)
  })
})

describe('read right before a person looked', () => {
  test('by the model that was in use then, on what came at random alone, as it was read then', async () => {
    const db = project(Array.from({ length: 12 }, () => ({ reading: 'ANNA', confidence: 0.5 })))
    const say = (id: number, text: string, random: boolean) =>
      decide(db, { ids: [id], kind: 'corrected', text, reviewer, random })
    say(1, 'ANNA', true)
    say(2, 'EVA', true)
    say(3, 'EVA', false)
    db.exec(`INSERT INTO models (id, hash, name, title, manifest, seen_at, reader_id) SELECT 2, 'two', 'caps-1', 'Two', manifest, seen_at, 1 FROM models;
      UPDATE settings SET value = '2' WHERE key = 'currentModel';
      UPDATE readings SET model_id = 2, text = 'EVA' WHERE image_id > 3;`)
    for (const id of [4, 5, 6]) say(id, 'EVA', true)
    say(7, 'ANNA', true)
    undo(db, reviewer)
    decide(db, { ids: [8], kind: 'illegible', reviewer, random: true })
    // What is read later says nothing of what was read then.
    db.exec(`UPDATE readings SET text = 'OTHER'`)
    const periods = await readRight(db)
    expect(periods).toMatchObject([
      { model: 1, name: 'caps', fields: 2, leftOut: 0, exact: { value: 0.5 } },
      { model: 2, name: 'caps-1', fields: 3, leftOut: 0, exact: { value: 1 } }
    ])
    expect(periods[0]!.exact!.low).toBeLessThan(0.5)
    expect(periods[0]!.from <= periods[0]!.to).toBe(true)
    train(db, 2, { read: [5] })
    expect((await readRight(db))[1]).toMatchObject({ fields: 2, leftOut: 1 })
    expect(await readRight(project([{ reading: 'A' }]))).toEqual([])
  })
})

describe('a kept selection', () => {
  test('is a queue in its own order, narrowed by other filters', () => {
    const db = project([{ reading: 'A' }, { reading: 'B' }, { reading: 'C' }])
    const selection = keepSelection(db, [3, 1, 3])
    expect(queueIds(db, { filter: { selection }, order: 'confidence', descending: true })).toEqual([3, 1])
    accept(db, [3])
    expect(queueIds(db, { filter: { selection, status: 'undecided' }, order: 'file' })).toEqual([1])
    expect(count(db, { selection: 99 })).toBe(0)
    expect(() => keepSelection(db, [1, 7])).toThrow(/number 7/)
  })
})

describe('what changed since an export', () => {
  test('are decisions, undone ones too, whatever the clock says', () => {
    const db = project([{ reading: 'A' }, { reading: 'B' }, { reading: 'C' }])
    accept(db, [1])
    const options = {
      out: '/out.csv',
      format: 'training',
      rows: 'all',
      ...plainExport,
      overwrite: false
    } as const
    recordExport(db, markOf(db), options, 3)
    expect(listExports(db)).toEqual([expect.objectContaining({ id: 1, path: '/out.csv', rows: 3, changed: 0 })])
    undo(db, reviewer)
    correct(db, 2, 'BB')
    db.prepare(`UPDATE exports SET at = '2099-01-01T00:00:00.000Z'`).run()
    expect(queueIds(db, { filter: { changedSinceExport: 1 }, order: 'file' })).toEqual([1, 2])
    expect(listExports(db)[0]!.changed).toBe(2)
    undo(db, reviewer)
    expect(queueIds(db, { filter: { changedSinceExport: 1 }, order: 'file' }), 'one that does not stand').toEqual([1])
    expect(count(db, { changedSinceExport: 9 })).toBe(0)
  })
})

describe('acts to take back', () => {
  test('are there after a restart, and are taken back down to one', async () => {
    const folder = temporaryFolder()
    const first = project([{ reading: 'A' }, { reading: 'B' }, { reading: 'C' }], { folder })
    accept(first, [1, 2])
    correct(first, 3, 'CC')
    correct(first, 1, 'AA')
    undo(first, reviewer)
    closeStore(first)
    const db = reopen(folder)
    const { acts, undone } = undoableActs(db, reviewer, 50)
    expect(acts.map(({ id, kind, size, field, text }) => ({ id, kind, size, field, text }))).toEqual([
      { id: 2, kind: 'corrected', size: 1, field: 3, text: 'CC' },
      { id: 1, kind: 'accepted', size: 2, field: 1, text: 'A' }
    ])
    expect(undone).toBe(1)
    await expect(undoTo(db, reviewer, 3)).rejects.toThrow(/any more/)
    expect(await undoTo(db, reviewer, 1)).toMatchObject({ changed: 3 })
    expect(undoableActs(db, reviewer, 50)).toEqual({ acts: [], undone: 3 })
    redo(db, reviewer)
    expect(undoableActs(db, reviewer, 50).acts).toHaveLength(1)
    expect(undoableActs(db, 'Grace', 50)).toEqual({ acts: [], undone: 0 })
  })
})

describe("a project's calibration", () => {
  /** A model that says 0.95 and is right in 7 of 10. */
  const fields = Array.from({ length: 200 }, (_, index): TestField => ({
    reading: `N${'ABCDEFGHIJ'[index % 10]}`,
    confidence: index % 2 ? 0.95 : 0.949
  }))
  function decided(): Database {
    const db = project(fields)
    const isWrong = (id: number): boolean => id % 10 < 3
    const ids = fields.slice(0, 150).map((_, index) => index + 1)
    accept(
      db,
      ids.filter((id) => !isWrong(id))
    )
    for (const id of ids.filter(isWrong)) correct(db, id, 'OTHER')
    return db
  }

  test('is fitted on decisions and shown everywhere, and taken away again', async () => {
    const db = decided()
    const before = await calibrationState(db)
    expect(before).toMatchObject({ source: 'none', decisions: 150, since: 150, shown: { fields: 150 } })
    expect(before.shown.error).toBeGreaterThan(0.2)
    const after = await fitProject(db)
    expect(after).toMatchObject({ source: 'project', fittedOn: 150, since: 0 })
    expect(after.shown.error! / after.shown.noise!).toBeLessThan(1.5)
    expect(after.own.error).toBeCloseTo(before.own.error!, 10)
    expect(readRow(db, 160)).toMatchObject({ calibrated: true, confidence: expect.closeTo(0.7, 1) })
    expect(await forgetProject(db)).toMatchObject({ source: 'none', fittedOn: null })
    expect(readRow(db, 160)).toMatchObject({ calibrated: false, confidence: 0.95 })
  })

  test('that was cut off is gone on with', async () => {
    const db = decided()
    await fitProject(db)
    db.prepare('UPDATE fields SET confidence = 0.95').run()
    setSetting(db, 'calibrationPending', 100)
    await followCalibration(db)
    expect([readRow(db, 100).confidence, readRow(db, 101).confidence]).toEqual([0.95, expect.closeTo(0.7, 1)])
  })

  test('is refused on three decisions, and where all are right', async () => {
    const few = project(fields)
    accept(few, [1, 2, 3])
    await expect(fitProject(few)).rejects.toThrow(/3 right and 0 wrong/)
    const right = project(fields)
    accept(
      right,
      fields.map((_, index) => index + 1)
    )
    await expect(fitProject(right)).rejects.toThrow(/200 right and 0 wrong/)
    expect(await calibrationState(project([{ reading: 'A', confidence: 0.5 }]))).toMatchObject({
      decisions: 0,
      shown: { error: null, bins: [] }
    })
  })

  test('says when all confidences are equal', async () => {
    const db = project(fields.map((field) => ({ ...field, confidence: 0.8 })))
    accept(db, [1, 2, 3])
    expect(await calibrationState(db)).toMatchObject({ constant: true })
  })
})

test('what was decided in bulk, or as one of many tiles, says nothing of how well the model reads', async () => {
  const db = project(Array.from({ length: 7 }, () => ({ reading: 'ANNA', confidence: 0.5 })))
  decide(db, { ids: [1, 2], kind: 'accepted', reviewer })
  decide(db, { ids: [3], kind: 'accepted', reviewer, how: 'tile' })
  decide(db, { ids: [4], kind: 'accepted', reviewer })
  decide(db, { ids: [5], kind: 'accepted', reviewer, how: 'blind' })
  decide(db, { ids: [6, 7], kind: 'accepted', reviewer, how: 'unseen', tiles: [7] })
  expect((await calibrationState(db)).decisions).toBe(2)
  expect((await scores(db, 'decided'))[0]!.fields).toBe(2)
  expect(db.prepare('SELECT seen FROM decisions ORDER BY id').pluck().all()).toEqual([
    'unseen', 'unseen', 'tile', 'field', 'blind', 'unseen', 'tile'
  ]) // prettier-ignore
})
