import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FieldRow, Filter } from '../../src/shared/domain'
import { decide, queueIds, queueWindow, readRows, undo } from '../../src/core/review'
import type { QueueRequest } from '../../src/core/review/queue'
import { closeStore, fold, type Database } from '../../src/core/store'
import { makeProject } from '../fixtures/big-project'
import { project } from '../fixtures/small-project'

type Order = QueueRequest['order']

let folder: string
let db: Database
let rows: FieldRow[]
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'nomina-queue-'))
  db = makeProject(folder, { fields: 600, decided: 0.4, read: 0.9 })
  rows = readRows(
    db,
    Array.from({ length: 600 }, (_, index) => index + 1)
  )
})
afterAll(() => {
  closeStore(db)
  rmSync(folder, { recursive: true })
})

const filters: [string, Filter, (row: FieldRow) => boolean][] = [
  ['everything', {}, () => true],
  ['undecided', { status: 'undecided' }, (row) => row.status === 'undecided'],
  ['decided', { status: 'decided' }, (row) => !['undecided', 'failed'].includes(row.status)],
  ['flagged', { status: 'flagged' }, (row) => row.status === 'flagged'],
  ['differing', { differs: true }, (row) => row.differs],
  ['confidence', { minConfidence: 0.2, maxConfidence: 0.6 }, ({ confidence: c }) => c !== null && c >= 0.2 && c <= 0.6],
  [
    'text and status',
    { search: 'Chloé', status: 'undecided' },
    (row) =>
      row.status === 'undecided' && [row.text, row.reading, row.imported].some((t) => fold(t ?? '').includes('chloe'))
  ],
  [
    'a few letters',
    { search: 'Ø' },
    (row) => [row.text, row.reading, row.imported, row.file].some((t) => fold(t ?? '').includes('o'))
  ],
  ['imported', { imported: 'text', differs: true }, (row) => row.importedState === 'text' && row.differs],
  ['file name', { search: '000/NAME-00012' }, (row) => row.file.includes('name-00012')]
]

// The orders said naively; the rows come in file order, which is also the order of ids here.
const last = (row: FieldRow): number => row.confidence ?? Infinity
const byConfidence = (a: FieldRow, b: FieldRow): number => (last(a) === last(b) ? a.id - b.id : last(a) - last(b))
const comparisons: Record<Exclude<Order, 'random'>, (a: FieldRow, b: FieldRow) => number> = {
  file: (a, b) => a.id - b.id,
  confidence: byConfidence,
  differs: (a, b) => Number(b.differs) - Number(a.differs) || byConfidence(a, b)
}

describe.each(filters)('%s', (_name, filter, passes) => {
  test.each(Object.entries(comparisons))('by %s', (order, compare) => {
    const expected = rows.filter(passes).sort(compare)
    expect(expected.length).toBeGreaterThan(0)
    expect(queueIds(db, { filter, order: order as QueueRequest['order'] })).toEqual(expected.map((row) => row.id))
  })
  test('in random order', () => {
    const ids = queueIds(db, { filter, order: 'random', seed: 5 })
    expect([...ids].sort((a, b) => a - b)).toEqual(rows.filter(passes).map((row) => row.id))
  })
  test.each([...Object.keys(comparisons), 'random'])('its beginning by %s is the beginning of all', (order) => {
    for (const descending of [false, true]) {
      const request = { filter, order: order as QueueRequest['order'], seed: 5, descending }
      const all = queueIds(db, request)
      for (const atMost of [1, 7, all.length, 1000])
        expect(queueWindow(db, { ...request, atMost })).toEqual({ ids: all.slice(0, atMost), total: all.length })
      const without = new Set(all.filter((id) => id % 3 === 0))
      const others = all.filter((id) => !without.has(id))
      expect(queueWindow(db, { ...request, atMost: 5, without })).toEqual({
        ids: others.slice(0, 5),
        total: others.length
      })
      const through = all.at(-1)!
      expect(queueWindow(db, { ...request, atMost: 2, through }).ids).toEqual(all)
      expect(queueWindow(db, { ...request, atMost: 2, through: 9999 }).ids).toEqual(all.slice(0, 2))
    }
  })
})

test('the random order depends on the seed alone, not on what else is in the queue', () => {
  const all = queueIds(db, { filter: {}, order: 'random', seed: 5 })
  expect(queueIds(db, { filter: {}, order: 'random', seed: 5 })).toEqual(all)
  expect(queueIds(db, { filter: {}, order: 'random', seed: 6 })).not.toEqual(all)
  const some = new Set(queueIds(db, { filter: { status: 'undecided' }, order: 'file' }))
  const queue = queueIds(db, { filter: { status: 'undecided' }, order: 'random', seed: 5 })
  expect(queue).toEqual(all.filter((id) => some.has(id)))
})

test('descending turns the order round and leaves unread fields last', () => {
  const ids = queueIds(db, { filter: {}, order: 'confidence', descending: true })
  const confidences = readRows(db, ids).map((row) => row.confidence)
  const read = confidences.filter((confidence) => confidence !== null)
  expect(confidences.slice(0, read.length)).toEqual([...read].sort((a, b) => b - a))
  expect(queueIds(db, { filter: {}, order: 'file', descending: true })[0]).toBe(600)
})

test('a search takes its text as it is', () => {
  const db = project([{ imported: '50%_OFF' }, { imported: "O'NEIL" }, { imported: '<b>', path: 'İstanbul.png' }])
  const search = (text: string) => queueIds(db, { filter: { search: text }, order: 'file' })
  expect(search('%_')).toEqual([1])
  expect(search("'")).toEqual([2])
  expect(search('<B')).toEqual([3])
  expect(search('ISTANBUL')).toEqual([3])
  expect(search('  ')).toEqual([1, 2, 3])
})

test('the search finds what a field says now', () => {
  const db = project([{ imported: 'ALVEZ' }, { imported: 'COSTA' }])
  const search = (text: string) => queueIds(db, { filter: { search: text }, order: 'file' })
  decide(db, { ids: [1], kind: 'corrected', text: 'ÅLVESØN', reviewer: 'Ada' })
  expect(search('alveson')).toEqual([1])
  undo(db, 'Ada')
  expect(search('alveson')).toEqual([])
  expect(search('alvez')).toEqual([1])
  expect(search('a"v')).toEqual([])
  // Throws where the index and the fields say different things.
  db.exec(`INSERT INTO field_texts (field_texts, rank) VALUES ('integrity-check', 1)`)
})

test('no order sorts and no filter leaves the covering index', () => {
  const prepare = vi.spyOn(db, 'prepare')
  for (const [, filter] of filters.filter(([, { search, imported }]) => !search && !imported)) {
    for (const order of [...Object.keys(comparisons), 'random'] as QueueRequest['order'][]) {
      for (const descending of [false, true]) {
        queueIds(db, { filter, order, descending })
        queueWindow(db, { filter, order, descending, atMost: 10 })
      }
    }
  }
  // Counts by state are known, and the beginning of a random order is looked up.
  const walks = (sql: string) => !/FROM tallies|max\(f?\.?id\)|json_each/.test(sql)
  const queries = new Set(prepare.mock.calls.map(([sql]) => sql).filter(walks))
  prepare.mockRestore()
  expect(queries.size).toBeGreaterThan(10)
  for (const query of queries) {
    const unbound = query.replaceAll('?', `'x'`)
    const plan = db.prepare<[], { detail: string }>(`EXPLAIN QUERY PLAN ${unbound}`).all()
    const detail = plan.map((step) => step.detail).join('; ')
    expect(detail, query).toMatch(/COVERING INDEX fields_by_/)
    expect(detail, query).not.toMatch(/TEMP B-TREE/)
  }
})
