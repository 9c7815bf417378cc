import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { dirname } from 'node:path'
import type { FieldRow, Filter } from '../../src/shared/domain'
import { decide, queueIds, queueWindow, readRows, undo } from '../../src/core/review'
import { fewEnough } from '../../src/core/review/passing'
import type { QueueRequest } from '../../src/core/review/queue'
import { closeStore, fold, openStore, type Database } from '../../src/core/store'
import { makeRows } from '../fixtures/made-rows'
import { planOf } from '../fixtures/plan'
import { project } from '../fixtures/small-project'

type Order = QueueRequest['order']

let db: Database
let rows: FieldRow[]
let remove: () => void
beforeAll(() => {
  ;({ db, rows, remove } = makeRows((db) => db.exec('UPDATE images SET width = 500 WHERE id % 9 = 0')))
})
afterAll(() => remove())

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
    'two letters',
    { search: 'Hu' },
    (row) => [row.text, row.reading, row.imported].some((t) => fold(t ?? '').includes('hu'))
  ],
  ['two letters at the end of all', { search: 'NG', status: 'undecided' }, (row) => row.status === 'undecided'],
  [
    'a letter',
    { search: 'Ø' },
    (row) => [row.text, row.reading, row.imported, row.file].some((t) => fold(t ?? '').includes('o'))
  ],
  ['imported', { imported: 'text', differs: true }, (row) => row.importedState === 'text' && row.differs],
  ['wide', { minWidth: 400 }, ({ width }) => width >= 400],
  ['narrow', { maxWidth: 400, status: 'undecided' }, (row) => row.width <= 400 && row.status === 'undecided'],
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
        expect(queueWindow(db, { ...request, atMost })).toEqual({
          ids: all.slice(0, atMost),
          from: 0,
          total: all.length,
          passing: all.length
        })
      const without = new Set(all.filter((id) => id % 3 === 0))
      const others = all.filter((id) => !without.has(id))
      expect(queueWindow(db, { ...request, atMost: 5, without })).toEqual({
        ids: others.slice(0, 5),
        from: 0,
        total: others.length,
        passing: all.length
      })
      const through = all.at(-1)!
      expect(queueWindow(db, { ...request, atMost: 2, through }).ids).toEqual(all)
      expect(queueWindow(db, { ...request, atMost: 2, through: 9999 }).ids).toEqual(all.slice(0, 2))
    }
  })
})

describe.each(filters)('a window on %s', (_name, filter) => {
  test.each([...Object.keys(comparisons), 'random'])('by %s is the same where fields are too many to sort', (order) => {
    const request = { filter, order: order as QueueRequest['order'], seed: 5 }
    const few = queueIds(db, request)
    const { toSort } = fewEnough
    fewEnough.toSort = 0
    try {
      for (const [from, atMost] of [
        [0, 5],
        [few.length - 3, 3],
        [2, 1000]
      ] as const)
        expect(queueWindow(db, { ...request, from, atMost }).ids).toEqual(few.slice(from, from + atMost))
      expect(queueWindow(db, { ...request, after: few[4]!, atMost: 3 }).ids).toEqual(few.slice(5, 8))
      expect(queueWindow(db, { ...request, around: few[4]!, atMost: 2 })).toMatchObject({ from: 3, total: few.length })
    } finally {
      fewEnough.toSort = toSort
    }
  })
  test.each([...Object.keys(comparisons), 'random'])('by %s is a part of all', (order) => {
    for (const descending of [false, true]) {
      const request = { filter, order: order as QueueRequest['order'], seed: 5, descending }
      const all = queueIds(db, request)
      const half = Math.ceil(all.length / 2)
      for (const from of [0, 1, half - 1, half + 1, all.length - 1, all.length, 5000])
        for (const atMost of [1, 9, 1000])
          expect(queueWindow(db, { ...request, from, atMost }), `${from} ${atMost}`).toEqual({
            ids: all.slice(from, from + atMost),
            from,
            total: all.length,
            passing: all.length
          })
      for (const place of [0, half, all.length - 1]) {
        const id = all[place]!
        const after = queueWindow(db, { ...request, after: id, from: place + 1, atMost: 4 })
        expect(after).toEqual({
          ids: all.slice(place + 1, place + 5),
          from: place + 1,
          total: all.length,
          passing: all.length
        })
        const from = Math.max(0, place - 2)
        const around = queueWindow(db, { ...request, around: id, atMost: 4 })
        expect(around).toEqual({ ids: all.slice(from, from + 4), from, total: all.length, passing: all.length })
      }
      expect(queueWindow(db, { ...request, around: 9999, atMost: 4 }).from).toBe(0)
    }
  })
})

test('what comes after a field is found where that does not pass any more', () => {
  const names = Array.from({ length: 60 }, (_, at) => ({ reading: 'ANNA', confidence: (at + 1) / 100 }))
  const db = project(names)
  const filter = { status: 'undecided' } as const
  for (const order of ['file', 'confidence', 'differs', 'random'] as const) {
    const all = queueIds(db, { filter, order })
    decide(db, { ids: [all[9]!, all[11]!], kind: 'blank', reviewer: 'Ada' })
    expect(queueWindow(db, { filter, order, after: all[9]!, from: 10, atMost: 3 }).ids, order).toEqual(
      [10, 12, 13].map((at) => all[at])
    )
    undo(db, 'Ada')
  }
})

test('what was found out is found out anew once something is written, also by another process', () => {
  const db = project([{ imported: 'ALVEZ' }, { imported: 'COSTA' }])
  const count = (filter: Filter) => queueWindow(db, { filter, order: 'file', atMost: 1 }).total
  expect(count({ minLength: 4 })).toBe(2)
  expect(count({ origin: 'imported' })).toBe(2)
  decide(db, { ids: [1], kind: 'corrected', text: 'BO', reviewer: 'Ada' })
  expect(count({ minLength: 4 })).toBe(1)
  expect(count({ origin: 'imported' })).toBe(1)
  const other = openStore(dirname(db.name), { create: false })
  undo(other, 'Ada')
  closeStore(other)
  expect(count({ minLength: 4 })).toBe(2)
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

test('two letters are found by the index wherever they stand, and one letter beside it', () => {
  const db = project([
    { imported: 'HUGO' },
    { imported: 'ANNA', reading: 'ANNAHU' },
    { imported: 'HU' },
    { imported: 'h u' },
    { imported: 'ÉTÉ', path: 'a/"hu.png' },
    { imported: '王伟', path: '李/王.tif' }
  ])
  const prepare = vi.spyOn(db, 'prepare')
  const search = (text: string) => queueIds(db, { filter: { search: text }, order: 'file' })
  expect(search('hu')).toEqual([1, 2, 3, 5])
  expect(search('"h')).toEqual([5])
  expect(search('王伟')).toEqual([6])
  expect(search('if')).toEqual([6])
  expect(search('ng')).toEqual([1, 2, 3, 4, 5])
  expect(search('na')).toEqual([1, 2, 3, 4])
  expect(search('zq')).toEqual([])
  // But for a look at some, whether all say it.
  const looks = prepare.mock.calls.filter(([sql]) => sql.includes('instr(') && !sql.includes('json_each(?) some'))
  expect(looks).toEqual([])
  prepare.mockRestore()
  expect(search('王')).toEqual([6])
})

test('no order sorts and no filter leaves the covering index', () => {
  const prepare = vi.spyOn(db, 'prepare')
  for (const [, filter] of filters.filter(([name, { search }]) => !search && name !== 'flagged')) {
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
    const detail = planOf(db, query)
    expect(detail, query).toMatch(/COVERING INDEX (fields|images)_by_/)
    expect(detail, query).not.toMatch(/TEMP B-TREE/)
  }
})
