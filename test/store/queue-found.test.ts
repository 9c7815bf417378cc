/** By which index the queue is found, and that nothing is looked at twice. */
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest'
import type { FieldRow, Filter } from '../../src/shared/domain'
import { decide, queueIds, queueWindow, undo } from '../../src/core/review'
import { fewEnough } from '../../src/core/review/passing'
import type { QueueRequest } from '../../src/core/review/queue'
import type { Database } from '../../src/core/store'
import { deriveFields } from '../../src/core/store/derive'
import { makeRows } from '../fixtures/made-rows'
import { planOf } from '../fixtures/plan'
import { project } from '../fixtures/small-project'

type Order = QueueRequest['order']

let db: Database
let rows: FieldRow[]
let remove: () => void
beforeAll(() => {
  ;({ db, rows, remove } = makeRows())
})
afterAll(() => remove())

test('a letter is found by the index of letters, as each field says it now', () => {
  const db = project([{ imported: "O'NEIL-7" }, { imported: 'ZOË' }, { imported: 'WU', path: 'x/y.tif' }])
  const prepare = vi.spyOn(db, 'prepare')
  const search = (text: string) => queueIds(db, { filter: { search: text }, order: 'file' })
  expect(['7', "'", 'Z', 'ë', 'w', '/', 'q'].map(search)).toEqual([[1], [1], [2], [1, 2], [3], [3], []])
  const [query] = prepare.mock.calls.map(([sql]) => sql).filter((sql) => sql.includes('letters'))
  decide(db, { ids: [3], kind: 'corrected', text: 'QU', reviewer: 'Ada' })
  expect(search('q')).toEqual([3])
  undo(db, 'Ada')
  expect(search('q')).toEqual([])
  expect(
    prepare.mock.calls.filter(([sql]) => sql.startsWith('SELECT f.id FROM fields') && sql.includes('instr('))
  ).toEqual([])
  prepare.mockRestore()
  expect(planOf(db, query!)).toMatch(/fields_by_letters \(id>\?\)/)
})

test('what all say is counted and not looked for again, and what all but one say is', () => {
  const db = project(Array.from({ length: 1200 }, (_, index) => ({ imported: index % 2 ? 'ANNA' : 'HANNAH' })))
  const { toSort } = fewEnough
  fewEnough.toSort = 5
  onTestFinished(() => void (fewEnough.toSort = toSort))
  const prepare = vi.spyOn(db, 'prepare')
  onTestFinished(() => prepare.mockRestore())
  const found = (search: string) => {
    prepare.mockClear()
    const { ids, total } = queueWindow(db, { filter: { search }, order: 'file', atMost: 4 })
    const marked = prepare.mock.calls.filter(([sql]) => sql.includes('substr(?, f.id')).length > 0
    return { ids, total, marked }
  }
  expect(['anna', 'an', 'a'].map(found)).toEqual(Array(3).fill({ ids: [1, 2, 3, 4], total: 1200, marked: false }))
  expect(found('hann')).toEqual({ ids: [1, 3, 5, 7], total: 600, marked: true })
  // No field that is looked at first.
  decide(db, { ids: [2], kind: 'corrected', text: 'OTTO', reviewer: 'Ada' })
  db.exec(`UPDATE fields SET imported = NULL, imported_state = NULL WHERE id = 2`)
  deriveFields(db, { fieldIds: [2] }, null)
  expect(['anna', 'an'].map(found)).toEqual(Array(2).fill({ ids: [1, 3, 4, 5], total: 1199, marked: true }))
})

test('where few of the many that pass differ, these are put in order, and no order is walked for them', () => {
  const { toSort } = fewEnough
  onTestFinished(() => void (fewEnough.toSort = toSort))
  const texts = new Map<string, FieldRow[]>()
  for (const row of rows) if (row.text !== null) texts.set(row.text, [...(texts.get(row.text) ?? []), row])
  const differing = (some: FieldRow[]): number => some.filter((row) => row.differs).length
  const [text, said] = [...texts].find(([, some]) => differing(some) > 0 && differing(some) < some.length)!
  const ask = (order: Order, descending: boolean) => ({ filter: { text }, order, descending })
  const sorted = [false, true].map((descending) => queueIds(db, ask('differs', descending)))
  expect(sorted[0]).toHaveLength(said.length)
  fewEnough.toSort = differing(said)
  const prepare = vi.spyOn(db, 'prepare')
  const windows = [false, true].map((descending) =>
    said.flatMap((_, from) => queueWindow(db, { ...ask('differs', descending), from, atMost: 1 }).ids)
  )
  const queries = prepare.mock.calls.map(([sql]) => sql)
  prepare.mockRestore()
  expect(windows).toEqual(sorted)
  expect(
    queries.filter((sql) => sql.includes('INDEXED BY fields_by_confidence') && sql.includes('differs = 1'))
  ).toEqual([])
  expect(queries.filter((sql) => sql.includes('INDEXED BY fields_by_confidence')).length).toBeGreaterThan(0)
  for (const id of sorted[0]!) {
    const around = queueWindow(db, { ...ask('differs', false), around: id, atMost: 1 })
    expect(around).toMatchObject({ ids: [id], from: sorted[0]!.indexOf(id) })
  }
})

test('where nothing that passes differs, no order is walked for it', () => {
  const { toSort } = fewEnough
  fewEnough.toSort = 0
  onTestFinished(() => void (fewEnough.toSort = toSort))
  const prepare = vi.spyOn(db, 'prepare')
  onTestFinished(() => prepare.mockRestore())
  const walksFor = (filter: Filter): number => {
    prepare.mockClear()
    queueWindow(db, { filter, order: 'differs', atMost: 10 })
    const queries = prepare.mock.calls.map(([sql]) => sql)
    return queries.filter((sql) => sql.includes('fields_by_confidence') && sql.includes('f.differs = 1')).length
  }
  const same = rows.find((row) => row.text !== null && rows.every((one) => one.text !== row.text || !one.differs))!
  const other = rows.find((row) => row.text !== null && row.differs)!
  expect(walksFor({ text: same.text! })).toBe(0)
  expect(walksFor({ text: other.text! })).toBeGreaterThan(0)
})

test('what somebody decided is looked for among the decisions, and counts where it is the last', () => {
  const db = project([{ imported: 'A' }, { imported: 'B' }, { imported: 'C' }])
  decide(db, { ids: [2, 1], kind: 'accepted', reviewer: 'Ada' })
  decide(db, { ids: [1], kind: 'corrected', text: 'AA', reviewer: 'Bea' })
  decide(db, { ids: [3], kind: 'blank', reviewer: 'Ada' })
  const prepare = vi.spyOn(db, 'prepare')
  const decidedBy = (reviewer: string, filter: Filter = {}) =>
    queueIds(db, { filter: { reviewer, ...filter }, order: 'file' })
  expect(decidedBy('Ada')).toEqual([2, 3])
  expect(decidedBy('Bea')).toEqual([1])
  expect(decidedBy('Ada', { status: 'blank' })).toEqual([3])
  expect(decidedBy('Ada', { search: 'name-2' })).toEqual([2])
  undo(db, 'Bea')
  expect(decidedBy('Ada')).toEqual([1, 2, 3])
  const queries = prepare.mock.calls.map(([sql]) => sql)
  prepare.mockRestore()
  expect(
    planOf(
      db,
      queries.find((sql) => sql.includes('d.reviewer'))!
    )
  ).toBe('SCAN d')
  const counting = queries.find((sql) => sql.includes('substr(?, f.decision_id'))!
  expect(planOf(db, counting)).toBe('SEARCH f USING COVERING INDEX fields_by_decision (decision_id>?)')
})

test('what is rare is found by its state, and nothing else is walked', () => {
  const prepare = vi.spyOn(db, 'prepare')
  queueWindow(db, { filter: { status: 'flagged' }, order: 'file', atMost: 10 })
  const queries = prepare.mock.calls.map(([sql]) => sql).filter((sql) => /FROM fields/.test(sql))
  prepare.mockRestore()
  expect(queries).toHaveLength(1)
  expect(planOf(db, queries[0]!)).toMatch(/SEARCH f USING .*fields_by_status/)
})

test('nothing else is looked for by its state', () => {
  expect(planOf(db, `SELECT count(*) FROM fields WHERE id IN (1, 2) AND status = 'undecided'`)).toMatch(/PRIMARY KEY/)
})
