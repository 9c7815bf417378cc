/** Acts among other acts: what was decided meanwhile stays, what was cut off goes on, and what was done last is undone first. */
import { describe, expect, test } from 'vitest'
import {
  decide,
  decideInTurn,
  finishUndos,
  readDetail,
  readRow,
  readRows,
  redo,
  rotateField,
  undo,
  undoableActs,
  undoInTurn,
  undoTo
} from '../../src/core/review'
import { closeStore, readCounts, type Database } from '../../src/core/store'
import { sliceSize } from '../../src/core/store/slices'
import { project, reopen, temporaryFolder } from '../fixtures/small-project'

const fields = Array.from({ length: 600 }, () => ({ reading: 'ANNA' }))
const ids = fields.map((_, index) => index + 1)
const bulk = { ids, kind: 'accepted' as const, reviewer: 'Ada', request: 'bulk' }
const sizes = (db: Database) => db.prepare('SELECT size, whole, left_alone FROM actions ORDER BY id').raw().all()

/** Begins an act in slices and closes the project after the first of them, as a kill would. */
async function cutOff(folder: string, db: Database, begin: () => Promise<unknown>): Promise<Database> {
  const act = begin()
  await Promise.resolve() // an undo looks first whether what it takes back is under way
  closeStore(db)
  await expect(act).rejects.toThrow(/closed meanwhile/)
  return reopen(folder)
}

describe('an act in slices', () => {
  test('leaves what was decided meanwhile, by whomever and in whatever process, and counts it', async () => {
    const folder = temporaryFolder()
    const db = project(fields, { folder })
    const elsewhere = reopen(folder)
    const act = decideInTurn(db, bulk)
    decide(db, { ids: [600], kind: 'corrected', text: 'HANNA', reviewer: 'Ada' })
    decide(elsewhere, { ids: [599], kind: 'corrected', text: 'JOHANNA', reviewer: 'Ben' })
    decide(elsewhere, { ids: [598], kind: 'blank', reviewer: 'Ben' })
    undo(elsewhere, 'Ben')
    expect(await act).toMatchObject({ changed: 597, left: 3 })
    expect(readRows(db, [598, 599, 600]).map(({ status, text }) => [status, text])).toEqual([
      ['undecided', 'ANNA'],
      ['corrected', 'JOHANNA'],
      ['corrected', 'HANNA']
    ])
    expect(sizes(db)[0]).toEqual([597, 1, 3])
  })
  test('decides on the state that each field has when its turn comes', async () => {
    const db = project(fields)
    const act = decideInTurn(db, bulk)
    db.prepare(`UPDATE fields SET text = 'HANNA' WHERE id = 600`).run()
    await act
    expect(readRow(db, 600).text).toBe('HANNA')
  })
  test('lets a single decision through at once, and its undo takes back that one', async () => {
    const db = project([...fields, { reading: 'BEA' }])
    const act = decideInTurn(db, bulk)
    const single = decideInTurn(db, { ids: [601], kind: 'blank', reviewer: 'Ada' })
    expect(readCounts(db)).toMatchObject({ blank: 1, accepted: sliceSize })
    await single
    expect((await undoInTurn(db, 'Ada')).rows.map(({ id }) => id)).toEqual([601])
    expect(readCounts(db).blank).toBe(0)
    await act
    expect(readCounts(db)).toMatchObject({ undecided: 1, accepted: 600 })
  })
  test('leaves what was decided while many thousands were looked at', async () => {
    const db = project(Array.from({ length: 5001 }, () => ({}))) // none has a text that could be accepted
    const act = decideInTurn(db, { ...bulk, ids: Array.from({ length: 5001 }, (_, at) => at + 1) })
    decide(db, { ids: [5001], kind: 'corrected', text: 'HANNA', reviewer: 'Ben' })
    expect(await act).toMatchObject({ changed: 0, left: 1 })
  })
  test('ends where another process takes it back', async () => {
    const folder = temporaryFolder()
    const db = project(fields, { folder })
    const act = decideInTurn(db, bulk)
    expect(undo(reopen(folder), 'Ada').changed).toBe(sliceSize)
    await act
    expect(readCounts(db).undecided).toBe(600)
  })
})

describe('a request that is sent again', () => {
  test('goes on where it was cut off, and leaves what was decided since', async () => {
    const folder = temporaryFolder()
    let db = project(fields, { folder })
    db = await cutOff(folder, db, () => decideInTurn(db, bulk))
    expect(sizes(db)).toEqual([[sliceSize, 0, 0]])
    expect(undoableActs(db, 'Ada', 1).acts[0]?.size).toBe(sliceSize)
    decide(db, { ids: [600], kind: 'corrected', text: 'HANNA', reviewer: 'Ben' })
    expect(await decideInTurn(db, bulk)).toMatchObject({ action: 1, changed: 599, left: 1 })
    expect(await decideInTurn(db, bulk)).toMatchObject({ action: 1, changed: 599, left: 1 })
    expect(db.prepare('SELECT count(*) FROM decisions').pluck().get()).toBe(600)
    expect(readRow(db, 600).text).toBe('HANNA')
    expect(undoableActs(db, 'Ada', 1).acts[0]?.size).toBe(599)
  })
  test('keeps leaving what differs where it did so at first', async () => {
    const folder = temporaryFolder()
    const some = [...fields, { imported: 'BEA', reading: 'BEN' }]
    let db = project(some, { folder })
    const agreeing = { ...bulk, ids: [...ids, 601], agreeing: true }
    db = await cutOff(folder, db, () => decideInTurn(db, agreeing))
    expect((await decideInTurn(db, agreeing)).changed).toBe(600)
    expect(readRow(db, 601).status).toBe('undecided')
  })
  test('of an undo goes on too', async () => {
    const folder = temporaryFolder()
    let db = project(fields, { folder })
    decide(db, bulk)
    db = await cutOff(folder, db, () => undoInTurn(db, 'Ada', 'undo'))
    expect(readCounts(db).accepted).toBe(600 - sliceSize)
    expect(await undoInTurn(db, 'Ada', 'undo')).toMatchObject({ changed: 600 })
  })
  test('by another reviewer is another act', () => {
    const db = project(fields.slice(0, 2))
    const blank = { kind: 'blank' as const, request: 'one' }
    const ada = decide(db, { ...blank, ids: [1], reviewer: 'Ada' })
    const ben = decide(db, { ...blank, ids: [2], reviewer: 'Ben' })
    expect(ben.action).not.toBe(ada.action)
    expect(ben.rows.map(({ id }) => id)).toEqual([2])
    expect(readCounts(db).blank).toBe(2)
  })
})

test('an undo that was cut off goes on by itself at the next start', async () => {
  const folder = temporaryFolder()
  let db = project(fields, { folder })
  decide(db, bulk)
  db = await cutOff(folder, db, () => undoInTurn(db, 'Ada'))
  expect(readCounts(db).accepted).toBe(600 - sliceSize)
  await finishUndos(db)
  expect(readCounts(db).undecided).toBe(600)
})

describe('several fields', () => {
  test('are decided as far as nobody has decided on them since they were seen', () => {
    const db = project(fields.slice(0, 4))
    const [ben] = decide(db, { ids: [1, 2], kind: 'blank', reviewer: 'Ben' }).rows
    const seen = [ben!.decidedAt, null, null, null]
    const change = decide(db, { ids: [1, 2, 3, 4], kind: 'illegible', reviewer: 'Ada', seen })
    expect(change).toMatchObject({ changed: 3, left: 1 })
    expect(readRows(db, [1, 2, 3, 4]).map(({ status }) => status)).toEqual([
      'illegible',
      'blank',
      'illegible',
      'illegible'
    ])
    expect(decide(db, { ids: [2, 3], kind: 'flagged', reviewer: 'Ada', seen: null })).toMatchObject({
      action: null,
      left: 2
    })
  })
  test('are done again only where nobody else has decided since they were undone', () => {
    const db = project(fields.slice(0, 2))
    decide(db, { ids: [1, 2], kind: 'blank', reviewer: 'Ada' })
    undo(db, 'Ada')
    decide(db, { ids: [2], kind: 'corrected', text: 'BEN', reviewer: 'Ben' })
    expect(redo(db, 'Ada')).toMatchObject({ changed: 1, left: 1 })
    expect(readRows(db, [1, 2]).map(({ status }) => status)).toEqual(['blank', 'corrected'])
  })
})

describe('a turned picture', () => {
  const ada = { reviewer: 'Ada' }
  test('is what undo takes back first where it came last, and redo turns it again', () => {
    const db = project(fields.slice(0, 2))
    decide(db, { ids: [1], kind: 'blank', ...ada })
    rotateField(db, 2, 1, ada)
    expect(undoableActs(db, 'Ada', 9).acts).toMatchObject([
      { kind: 'rotated', size: 1, field: 2, text: '90°' },
      { kind: 'blank' }
    ])
    expect(undo(db, 'Ada')).toMatchObject({ changed: 1, rows: [{ id: 2, rotation: 0, reading: 'ANNA' }] })
    expect(readRow(db, 1).status).toBe('blank')
    expect(redo(db, 'Ada')).toMatchObject({ changed: 1, rows: [{ id: 2, rotation: 1 }] })
    undo(db, 'Ada')
    undo(db, 'Ada')
    expect(readRow(db, 1).status).toBe('undecided')
    expect(
      readDetail(db, 2)
        .history.filter(({ what }) => what === 'rotated')
        .map(({ kind }) => kind)
    ).toEqual(['90°', '0°', '90°', '0°'])
  })
  test('is left as somebody else has turned it since, and done once however often it is sent', () => {
    const db = project(fields.slice(0, 1))
    rotateField(db, 1, 1, { ...ada, request: 'turn' })
    rotateField(db, 1, 2, { reviewer: 'Ben' })
    expect(rotateField(db, 1, 1, { ...ada, request: 'turn' }).row.rotation).toBe(2)
    expect(undo(db, 'Ada')).toMatchObject({ changed: 0, left: 1 })
    expect(readRow(db, 1).rotation).toBe(2)
  })
})

test('hundreds of acts are taken back one by one, and others are answered in between', async () => {
  const db = project(fields.slice(0, 300))
  for (const id of ids.slice(0, 300)) decide(db, { ids: [id], kind: 'blank', reviewer: 'Ada' })
  const seen: number[] = []
  const looking = setInterval(() => seen.push(readCounts(db).blank), 0)
  const change = await undoTo(db, 'Ada', 11)
  clearInterval(looking)
  expect(change).toMatchObject({ changed: 290, counts: { blank: 10 } })
  expect(change.rows).toHaveLength(200)
  expect(seen.some((blank) => blank > 10 && blank < 300)).toBe(true)
  expect(undoableActs(db, 'Ada', 1)).toMatchObject({ acts: [{ id: 10 }], undone: 290 })
})

test('accepted and corrected are relative to what was shown', () => {
  const db = project([
    { imported: 'Anna', reading: 'HANNA' },
    { imported: 'Bea', reading: 'BEN' }
  ])
  const taken = { kind: 'accepted' as const, reviewer: 'Ada', shown: 'HANNA' }
  expect(decide(db, { ...taken, ids: [1], text: 'HANNA' }).rows[0]).toMatchObject({ status: 'accepted', text: 'HANNA' })
  expect(decide(db, { ...taken, ids: [2], text: 'Bea' }).rows[0]).toMatchObject({ status: 'corrected', text: 'Bea' })
})
