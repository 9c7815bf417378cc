import { describe, expect, test } from 'vitest'
import {
  confidenceHistogram,
  decide,
  readDetail,
  readRow,
  readRows,
  redo,
  rotateField,
  undo
} from '../../src/core/review'
import { closeStore, deriveFields, readCounts, type Database } from '../../src/core/store'
import { addReading, project, reopen, temporaryFolder } from '../fixtures/small-project'

const reviewer = 'Ada'
const say = (
  db: Database,
  ids: number[],
  kind: 'accepted' | 'corrected' | 'blank' | 'illegible' | 'flagged',
  text?: string
) => decide(db, { ids, kind, text, reviewer })
const stored = (db: Database) =>
  db.prepare('SELECT field_id AS field, kind, text FROM decisions ORDER BY id').all() as object[]

describe('accepting', () => {
  test('records the label as it is', () => {
    const db = project([{ imported: 'Anna', reading: 'ANNE' }])
    const { rows, changed, counts, action } = say(db, [1], 'accepted', 'Anna')
    expect(rows).toEqual([expect.objectContaining({ status: 'accepted', text: 'Anna', origin: 'decision', reviewer })])
    expect({ changed, accepted: counts.accepted, undecided: counts.undecided }).toEqual({
      changed: 1,
      accepted: 1,
      undecided: 0
    })
    expect(action).toBe(1)
  })
  test('writes an imported label as it writes the same text typed', () => {
    const untidy = ['ANNA ', 'DE\u00a0LA  TOUR', 'E\u0301LODIE']
    const db = project(untidy.flatMap((imported) => [{ imported }, { imported }, { imported }, { reading: 'NO' }]))
    for (const [index, text] of untidy.entries()) {
      say(db, [index * 4 + 1], 'accepted')
      expect(say(db, [index * 4 + 2], 'accepted', text).rows[0]!.status).toBe('accepted')
      say(db, [index * 4 + 3], 'corrected', text)
      say(db, [index * 4 + 4], 'corrected', text)
    }
    const texts = readRows(
      db,
      Array.from({ length: 12 }, (_, index) => index + 1)
    ).map(({ text }) => text)
    expect(texts).toEqual(['ANNA', 'DE LA TOUR', 'ÉLODIE'].flatMap((text) => [text, text, text, text]))
  })
  test('another text than the label records that text, as a correction', () => {
    const db = project([{ imported: 'Anna', reading: 'ANNE' }])
    expect(say(db, [1], 'accepted', 'ANNE').rows[0]).toMatchObject({ status: 'corrected', text: 'ANNE' })
  })
  test('in bulk takes each its own label, in one act, and leaves alone what has none', () => {
    const db = project([
      { imported: 'ANNA' },
      { reading: 'BEA' },
      { imported: '', importedState: 'blank' },
      { imported: '', importedState: 'illegible' },
      {},
      { reading: '' }
    ])
    const { changed, rows } = say(db, [1, 2, 3, 4, 5, 6, 6], 'accepted')
    expect(changed).toBe(5)
    expect(rows.map((row) => [row.id, row.status, row.text])).toEqual([
      [1, 'accepted', 'ANNA'],
      [2, 'accepted', 'BEA'],
      [3, 'blank', null],
      [4, 'illegible', null],
      [6, 'blank', null]
    ])
    expect(db.prepare('SELECT count(*) FROM actions').pluck().get()).toBe(1)
    undo(db, reviewer)
    expect(readCounts(db)).toMatchObject({ undecided: 6, accepted: 0, blank: 0 })
  })
  test('in bulk leaves those whose label and reading differ, unless all do or they are decided', () => {
    const differing = { imported: 'ANNA', reading: 'HANNA' }
    const db = project([differing, { imported: 'BEA', reading: 'BEA' }, differing, { imported: 'CLEO' }])
    const agreeing = (ids: number[]): number => decide(db, { ids, kind: 'accepted', agreeing: true, reviewer }).changed
    expect(agreeing([1, 2, 3, 4])).toBe(2)
    expect(readCounts(db)).toMatchObject({ undecided: 2, accepted: 2 })
    expect(agreeing([1, 3])).toBe(2)
    expect(readRows(db, [1])[0]).toMatchObject({ status: 'accepted', text: 'ANNA' })
  })
  test('takes readings in place of labels where that is asked, and leaves alone what has none', () => {
    const db = project([
      { imported: 'ANNA', reading: 'HANNA' },
      { imported: 'BEA', reading: 'BEA' },
      { imported: 'CLEO' },
      { imported: 'DORA', reading: '' }
    ])
    const { changed, rows } = decide(db, { ids: [1, 2, 3, 4], kind: 'accepted', take: 'reading', reviewer })
    expect(changed).toBe(3)
    expect(rows.map((row) => [row.id, row.status, row.text])).toEqual([
      [1, 'corrected', 'HANNA'],
      [2, 'accepted', 'BEA'],
      [4, 'blank', null]
    ])
  })
  test('a field without any label is refused', () => {
    const db = project([{}])
    expect(() => say(db, [1], 'accepted')).toThrow(/no text to accept/)
    expect(stored(db)).toEqual([])
  })
  test('a flagged field has no label until a text is given', () => {
    const db = project([{ reading: 'ANNA' }])
    expect(decide(db, { ids: [1], kind: 'flagged', note: ' two names ', reviewer }).rows[0]).toMatchObject({
      status: 'flagged',
      text: null,
      origin: 'none',
      note: 'two names'
    })
    expect(() => say(db, [1], 'accepted')).toThrow(/no text to accept/)
    expect(say(db, [1], 'accepted', 'ANNA').rows[0]).toMatchObject({ status: 'corrected', text: 'ANNA' })
  })
})

describe('correcting', () => {
  test('stays a correction where the text is the reading', () => {
    const db = project([{ reading: 'ANNA' }])
    expect(say(db, [1], 'corrected', ' ANNA ').rows[0]).toMatchObject({ status: 'corrected', text: 'ANNA' })
  })
  test('to nothing is a blank, and keeps composed characters', () => {
    const db = project([{ reading: 'ANNA' }, { reading: 'CHLOE' }])
    expect(say(db, [1], 'corrected', '  ').rows[0]).toMatchObject({ status: 'blank', text: null })
    expect(say(db, [2], 'corrected', 'CHLOE\u0301').rows[0]?.text).toBe('CHLO\u00c9')
    expect(() => say(db, [1], 'corrected')).toThrow(/needs its text/)
  })
  test('a field that failed is as good as any other', () => {
    const db = project([{ source: 'failed' }])
    expect(say(db, [1], 'corrected', 'ANNA').rows[0]).toMatchObject({ status: 'corrected', text: 'ANNA', note: null })
    expect(readCounts(db).failed).toBe(0)
    expect(undo(db, reviewer).rows[0]?.status).toBe('failed')
  })
})

test('an unknown field is refused and nothing of the act is kept', () => {
  const db = project([{ reading: 'ANNA' }])
  expect(() => say(db, [1, 77], 'blank')).toThrow(/number 77/)
  expect(stored(db)).toEqual([])
  expect(readRow(db, 1).status).toBe('undecided')
})

test('a rule decides only what nobody decided', () => {
  const db = project([{ reading: 'ANNA' }, { reading: 'BEA' }])
  say(db, [1], 'corrected', 'HANNA')
  const { changed } = decide(db, { ids: [1, 2], kind: 'accepted', reviewer: 'rule', origin: 'rule' })
  expect(changed).toBe(1)
  expect(readRows(db, [2, 1]).map((row) => row.text)).toEqual(['BEA', 'HANNA'])
  expect(decide(db, { ids: [1], kind: 'blank', reviewer: 'rule', origin: 'rule' }).action).toBeNull()
})

describe('undo and redo', () => {
  const texts = (db: Database) => readRows(db, [1, 2, 3]).map((row) => `${row.status} ${row.text}`)
  const start = (folder: string) => project([{ reading: 'A' }, { reading: 'B' }, { reading: 'C' }], { folder })

  test('go back and forth over a restart, step by step', () => {
    const folder = temporaryFolder()
    let db = start(folder)
    const states = [texts(db)]
    const acts = [
      () => say(db, [1, 2], 'accepted'),
      () => say(db, [1], 'corrected', 'AA'),
      () => say(db, [2, 3], 'blank'),
      () => say(db, [3], 'corrected', 'CC')
    ]
    for (const act of acts) {
      act()
      states.push(texts(db))
    }
    const restart = () => {
      closeStore(db)
      db = reopen(folder)
    }
    for (const walk of [3, 2, 1, 0, 1, 2, 1, 2, 3, 4]) {
      const back = texts(db).join() === states[walk + 1]?.join()
      restart()
      const change = back ? undo(db, reviewer) : redo(db, reviewer)
      expect(change.changed).toBeGreaterThan(0)
      expect(texts(db)).toEqual(states[walk])
    }
    expect(redo(db, reviewer)).toMatchObject({ action: null, changed: 0, rows: [] })
  })

  test('a new decision leaves nothing to redo, and undo goes on beneath it', () => {
    const db = start(temporaryFolder())
    say(db, [1], 'blank')
    say(db, [2], 'blank')
    undo(db, reviewer)
    say(db, [3], 'blank')
    expect(redo(db, reviewer).action).toBeNull()
    undo(db, reviewer)
    expect(undo(db, reviewer).rows.map((row) => row.id)).toEqual([1])
    expect(undo(db, reviewer).action).toBeNull()
    redo(db, reviewer)
    redo(db, reviewer)
    expect(redo(db, reviewer).action).toBeNull()
    expect(texts(db)).toEqual(['blank null', 'undecided B', 'blank null'])
  })

  test('each reviewer has their own, and the latest decision on a field counts', () => {
    const db = start(temporaryFolder())
    decide(db, { ids: [1], kind: 'corrected', text: 'BY ADA', reviewer: 'Ada' })
    decide(db, { ids: [1], kind: 'corrected', text: 'BY BEA', reviewer: 'Bea' })
    undo(db, 'Ada')
    expect(readRow(db, 1)).toMatchObject({ text: 'BY BEA', reviewer: 'Bea' })
    undo(db, 'Bea')
    expect(readRow(db, 1)).toMatchObject({ text: 'A', reviewer: null, decidedAt: null })
    redo(db, 'Ada')
    expect(readRow(db, 1)).toMatchObject({ text: 'BY ADA', reviewer: 'Ada' })
    expect(stored(db)).toHaveLength(5)
  })
})

test('a machine never overwrites a decision, and all of the past stays in the history', () => {
  const db = project([{ imported: 'ANNA', reading: 'ANNE', sha256: 'aa' }, { sha256: 'aa' }])
  say(db, [1], 'corrected', 'HANNAH')
  undo(db, reviewer)
  say(db, [1], 'illegible')
  db.prepare(`UPDATE readings SET text = 'HANNA'`).run()
  deriveFields(db, { imageIds: [1] }, 1)
  const { row, history, readings, path, identical } = readDetail(db, 1)
  expect(row).toMatchObject({ status: 'illegible', reading: 'HANNA', text: null })
  expect(history.map(({ what, kind, text, who }) => [what, kind, text, who])).toEqual([
    ['imported', 'ok', 'name-1.png', null],
    ['read', 'ok', 'HANNA', 'caps'],
    ['decided', 'corrected', 'HANNAH', 'Ada'],
    ['undone', 'corrected', null, 'Ada'],
    ['decided', 'illegible', null, 'Ada']
  ])
  expect(readings.map((reading) => [reading.text, reading.model, reading.modelHash])).toEqual([
    ['HANNA', 'caps', 'hash-1']
  ])
  expect({ path, identical }).toEqual({ path: '/scans/name-1.png', identical: 1 })
})

test('turning a field keeps its decision, gives it the turned image, and shares that with its twins', () => {
  const db = project([
    { reading: 'ANNA', sha256: 'aa' },
    { reading: 'ANNA', sha256: 'aa', path: 'twin.png' },
    { source: 'failed' }
  ])
  say(db, [1], 'accepted')
  const { row, imageId } = rotateField(db, 1, 1, { reviewer: 'Ada' })
  expect(row).toMatchObject({
    rotation: 1,
    width: 48,
    height: 320,
    reading: null,
    confidence: null,
    status: 'accepted'
  })
  expect(row.imageVersion).not.toBe(readRow(db, 2).imageVersion)
  expect(readRow(db, 2)).toMatchObject({ rotation: 0, width: 320, reading: 'ANNA' })
  expect(rotateField(db, 2, 1, { reviewer: 'Ada' }).imageId).toBe(imageId)
  addReading(db, imageId!, { reading: 'HANNA' })
  deriveFields(db, { imageIds: [imageId!] }, 1)
  expect(readRow(db, 2)).toMatchObject({ reading: 'HANNA', text: 'HANNA' })
  expect(rotateField(db, 1, 0, { reviewer: 'Ada' }).row).toMatchObject({ rotation: 0, width: 320, reading: 'ANNA' })
  expect(rotateField(db, 3, 2, { reviewer: 'Ada' })).toMatchObject({ imageId: null, row: { rotation: 2 } })
  expect(readDetail(db, 1).history.map((entry) => entry.kind)).toEqual(['ok', 'ok', 'accepted', '90°', '0°'])
})

test('the histogram holds every reading once', () => {
  const db = project([0, 0.049, 0.05, 0.5, 0.999, 1].map((confidence) => ({ reading: 'A', confidence })).concat([]))
  const { bins, read, calibrated } = confidenceHistogram(db, 20)
  expect(bins[0]).toBe(2)
  expect([bins[1], bins[10], bins[19]]).toEqual([1, 1, 2])
  expect({ read, calibrated }).toEqual({ read: 6, calibrated: false })
})

test('an act that is sent again because its reply was lost is done once', () => {
  const db = project([{ reading: 'ANNE' }, { reading: 'JEAN' }])
  const request = { ids: [1], kind: 'corrected' as const, text: 'ANNA', reviewer, request: 'one' }
  const first = decide(db, request)
  expect(decide(db, request)).toEqual(first)
  expect(stored(db)).toHaveLength(1)
  say(db, [2], 'blank')
  const undone = undo(db, reviewer, 'two')
  expect(undo(db, reviewer, 'two')).toEqual(undone)
  expect(readRows(db, [1, 2]).map((row) => row.status)).toEqual(['corrected', 'undecided'])
  const redone = redo(db, reviewer, 'three')
  expect(redo(db, reviewer, 'three')).toEqual(redone)
  expect(readRows(db, [1, 2]).map((row) => row.status)).toEqual(['corrected', 'blank'])
})
