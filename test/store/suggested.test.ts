/** The suggested order: what it brings, what it says of how it came, and when it stops teaching first. */
import { describe, expect, test } from 'vitest'
import { drawSample } from '../../src/core/quality'
import { decide, queueIds, readDetail, suggestedQueue, undo } from '../../src/core/review'
import { immediate, type Database } from '../../src/core/store'
import { project, type TestField } from '../fixtures/small-project'

const reviewer = 'Ada'
const undecided = { status: 'undecided' } as const

/** Read with rising confidence; the draws go round, so that one in ten is of the drawn tenth. */
function drawn(count: number, reading = 'NAME'): Database {
  const db = project(
    Array.from({ length: count }, (_, at): TestField => ({ reading, confidence: (at + 1) / (count + 1) }))
  )
  db.prepare('UPDATE draws SET draw = (image_id * 617) % 1000').run()
  return db
}

const suggested = (db: Database) => suggestedQueue(db, { filter: undecided })
/** As the review does with the field that its queue shows. */
function go(db: Database, count: number, written: string): void {
  const { ids, random } = suggested(db)
  const each = ids.slice(0, count).map((id) => ({ id, random: random.includes(id) }))
  immediate(db, () => {
    for (const { id, random: came } of each)
      decide(db, { ids: [id], kind: 'accepted', text: written, reviewer, random: came })
  })
}
const arrivals = (db: Database): number[] =>
  db
    .prepare<[], number>(
      `SELECT d.field_id FROM arrivals a JOIN decisions d ON d.id = a.decision_id WHERE a.came = 'random' ORDER BY d.id`
    )
    .pluck()
    .all()

describe('as long as the reader is new to the hand', () => {
  test('a random sample of all fields comes, the same at each time', () => {
    const db = drawn(400)
    const { ids, random, hand } = suggested(db)
    expect(hand).toEqual({ known: 0, about: 30 })
    expect(ids.slice(0, random.length)).toEqual(random)
    expect([...ids].sort((a, b) => a - b)).toEqual(queueIds(db, { filter: undecided, order: 'file' }))
    expect(suggested(db).ids).toEqual(ids)
    // Of all pages: the places in file order are spread as evenly as chance does it, and are in no order.
    const mean = random.slice(0, 100).reduce((sum, id) => sum + id, 0) / 100
    expect(mean).toBeGreaterThan(150)
    expect(mean).toBeLessThan(250)
    expect(random.slice(0, 5)).not.toEqual([...random.slice(0, 5)].sort((a, b) => a - b))
    // One in ten of it may judge later.
    const judges = random.slice(0, 100).filter((id) => (id * 617) % 1000 < 100)
    expect(judges.length).toBeGreaterThanOrEqual(5)
    expect(judges.length).toBeLessThanOrEqual(15)
  })

  test('it ends with thirty fields where the reader reads them right', () => {
    const db = drawn(400)
    go(db, 29, 'NAME')
    expect(suggested(db).hand).toEqual({ known: 29, about: 30 })
    go(db, 1, 'NAME')
    expect(suggested(db).hand).toBeUndefined()
  })

  test('it goes on where many characters are wrong, for 150 decisions at most', () => {
    const db = drawn(400)
    go(db, 40, 'OTHER')
    expect(suggested(db).hand).toEqual({ known: 40, about: 100 })
    go(db, 70, 'OTHER')
    expect(suggested(db).hand).toEqual({ known: 110, about: 150 })
    go(db, 40, 'OTHER')
    expect(suggested(db).hand).toBeUndefined()
  })

  test('another reader of the project is judged by what it has read itself', () => {
    const db = drawn(400)
    go(db, 40, 'OTHER')
    db.exec(`INSERT INTO models (id, hash, name, title, manifest, seen_at, reader_id) SELECT 2, 'two', 'caps-1', 'Two', manifest, seen_at, 1 FROM models;
      UPDATE settings SET value = '2' WHERE key = 'currentModel';
      UPDATE readings SET model_id = 2 WHERE image_id NOT IN (SELECT image_id FROM arrivals)`)
    expect(suggested(db).hand).toEqual({ known: 40, about: 100 })
    go(db, 20, 'NAME')
    expect(suggested(db).hand).toBeUndefined()
  })

  test('what is not read comes after what is, in no sample', () => {
    const db = project([{}, { reading: 'A' }, {}, { reading: 'B' }])
    const { ids, random, hand } = suggested(db)
    expect(new Set(random)).toEqual(new Set([2, 4]))
    expect(ids.slice(2)).toEqual([1, 3])
    expect(hand).toEqual({ known: 0, about: 4 })
    expect(suggested(project([{}, {}]))).toMatchObject({ ids: [1, 2], total: 2, random: [] })
  })
})

describe('afterwards', () => {
  function known(): Database {
    const db = drawn(1000)
    go(db, 30, 'NAME')
    return db
  }

  test('the least sure come first, and one of ten from the drawn tenth', () => {
    const db = known()
    const { ids, random } = suggested(db)
    const isDrawn = (id: number): boolean => (id * 617) % 1000 < 100
    for (let ten = 0; ten < 30; ten++) {
      const some = ids.slice(ten * 10, ten * 10 + 10)
      expect(some.filter(isDrawn)).toHaveLength(1)
      expect(some.filter((id) => random.includes(id))).toEqual(some.filter(isDrawn))
    }
    const others = ids.slice(0, 300).filter((id) => !isDrawn(id))
    expect(others).toEqual([...others].sort((a, b) => a - b))
    expect([...ids].sort((a, b) => a - b)).toEqual(queueIds(db, { filter: undecided, order: 'file' }))
    const beginning = suggestedQueue(db, { filter: undecided, atMost: 50 })
    expect(beginning).toMatchObject({ ids: ids.slice(0, beginning.ids.length), total: ids.length, random })
    // At no place that a person could learn.
    const places = ids.slice(0, 100).flatMap((id, at) => (random.includes(id) ? [at % 10] : []))
    expect(new Set(places).size).toBeGreaterThan(3)
  })

  test('fields that a window has are not given again, and the tens go on after them', () => {
    const db = known()
    const before = suggested(db)
    const held = before.ids.slice(0, 10)
    const { ids, random } = suggestedQueue(db, { filter: undecided, without: new Set(held) })
    expect(ids.filter((id) => held.includes(id))).toEqual([])
    expect(ids.slice(0, 10).filter((id) => random.includes(id))).toHaveLength(1)
    expect(random[0]).toBe(before.random[1])
  })

  test('another filter has no sample: least sure first', () => {
    const db = known()
    for (const filter of [{}, { status: 'undecided', search: 'name-1' }, { ...undecided, maxConfidence: 0.5 }] as const)
      expect(suggestedQueue(db, { filter })).toMatchObject({
        ids: queueIds(db, { filter, order: 'confidence' }),
        random: []
      })
    expect(suggestedQueue(db, { filter: { status: 'undecided', search: undefined } }).random).not.toEqual([])
  })
})

describe('how a field came', () => {
  test('is kept with what was read before the person looked, and marked in its history', () => {
    const db = drawn(10)
    decide(db, { ids: [3], kind: 'corrected', text: 'NAMED', reviewer, random: true })
    decide(db, { ids: [4], kind: 'accepted', reviewer })
    decide(db, { ids: [5], kind: 'accepted', reviewer, table: true })
    db.prepare(`UPDATE readings SET text = 'LATER'`).run()
    expect(db.prepare('SELECT image_id, came, model_id, read FROM arrivals ORDER BY image_id').all()).toEqual([
      { image_id: 3, came: 'random', model_id: 1, read: 'NAME' },
      { image_id: 5, came: 'table', model_id: 1, read: 'NAME' }
    ])
    const marks = (id: number) =>
      readDetail(db, id).history.flatMap(({ what, random }) => (what === 'decided' ? random : []))
    expect([3, 4, 5].map(marks)).toEqual([[true], [false], [false]])
  })

  test('stays with its first decision, and counts only as long as one holds', () => {
    const db = drawn(10)
    decide(db, { ids: [3], kind: 'accepted', reviewer, random: true })
    undo(db, reviewer)
    expect(suggested(db).hand).toMatchObject({ known: 0 })
    decide(db, { ids: [3], kind: 'corrected', text: 'NAMED', reviewer })
    expect(suggested(db).hand).toMatchObject({ known: 1 })
    expect(arrivals(db)).toEqual([3])
  })

  test('of several at once is not at random, nor what was not seen by itself', () => {
    const db = drawn(10)
    decide(db, { ids: [1, 2], kind: 'accepted', reviewer, random: true })
    decide(db, { ids: [3], kind: 'accepted', reviewer, random: true, how: 'tile' })
    expect(arrivals(db)).toEqual([])
  })

  test('a blind decision on a sample of all fields came at random too', () => {
    const db = drawn(40)
    drawSample(db, { size: 5, fresh: true, seed: 1 })
    const [first, second] = queueIds(db, { filter: { sample: 'accuracy' }, order: 'file' })
    decide(db, { ids: [first!], kind: 'accepted', reviewer, how: 'blind' })
    decide(db, { ids: [second!], kind: 'accepted', reviewer })
    expect(arrivals(db)).toEqual([first])
  })
})
