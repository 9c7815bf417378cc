/** Acts on all that pass a filter. */
import { expect, test } from 'vitest'
import { decide, decideInTurn, readRow } from '../../src/core/review'
import { meantByAll, type AllOf } from '../../src/core/review/all'
import { lastDecision } from '../../src/core/store/decided'
import { closeStore, currentModelId, deriveFields, readCounts, type Database } from '../../src/core/store'
import { lastInk } from '../../src/core/store/ink'
import { sliceSize } from '../../src/core/store/slices'
import { project, reopen, temporaryFolder } from '../fixtures/small-project'

const fields = Array.from({ length: 50 }, (_, at) => ({ reading: at % 5 ? 'ANNA' : 'BORIS', confidence: at / 50 }))
const undecided = { status: 'undecided' } as const
const act = { reviewer: 'Ada', request: 'bulk' }
const idsOf = async (db: Database, all: AllOf): Promise<number[]> => (await meantByAll(db, all, act)).ids

test('are on what passes, but for those that were taken out', async () => {
  const db = project(fields)
  const ids = await idsOf(db, { filter: undecided, except: [1, 7], total: 50 })
  expect(ids).toHaveLength(48)
  expect(ids).not.toContain(7)
  const found = await idsOf(db, { filter: { ...undecided, search: 'boris' }, except: [], total: 10 })
  expect(found).toEqual(fields.flatMap(({ reading }, at) => (reading === 'BORIS' ? [at + 1] : [])))
})

test('are refused where other fields pass than were shown', async () => {
  const db = project(fields)
  decide(db, { ids: [3], kind: 'blank', reviewer: 'Ada' })
  await expect(idsOf(db, { filter: undecided, except: [], total: 50 })).rejects.toMatchObject({ code: 'conflict' })
})

test('keep to a filter with fields of its own', async () => {
  const db = project(fields)
  db.prepare(`INSERT INTO selections (id, ids, made_at) VALUES (1, '[4, 2, 9]', '2026-01-02')`).run()
  const filter = { ...undecided, selection: 1 }
  expect(new Set(await idsOf(db, { filter, except: [2], total: 3 }))).toEqual(new Set([4, 9]))
})

test('leave what was decided while they were looked for', async () => {
  const db = project(fields)
  const looked = meantByAll(db, { filter: undecided, except: [], total: 50 }, act)
  decide(db, { ids: [50], kind: 'corrected', text: 'BEA', reviewer: 'Ben' })
  expect(await decideInTurn(db, { ...(await looked), kind: 'blank', ...act })).toMatchObject({ changed: 49, left: 1 })
  expect(readRow(db, 50).text).toBe('BEA')
})

test('leave what somebody else decided since the list was shown', async () => {
  const db = project(fields)
  const asOf = lastDecision(db)
  decide(db, { ids: [1], kind: 'corrected', text: 'BEA', reviewer: 'Ben' })
  decide(db, { ids: [2], kind: 'corrected', text: 'HANNA', reviewer: 'Ada' })
  const meant = await meantByAll(db, { filter: {}, except: [], total: 50 }, act)
  expect(await decideInTurn(db, { ...meant, asOf, kind: 'blank', ...act })).toMatchObject({ changed: 49, left: 1 })
  expect(readRow(db, 1).text).toBe('BEA')
})

/** Another reading of each of them, as a newer generation gives it. */
function readAgain(db: Database, ids: number[], text: string): void {
  db.prepare(
    'UPDATE readings SET text = ? WHERE id IN (SELECT reading_id FROM fields WHERE id IN (SELECT value FROM json_each(?)))'
  ).run(text, JSON.stringify(ids))
  deriveFields(db, { fieldIds: ids }, currentModelId(db))
}

test('leave what was read as something else since the list was shown', async () => {
  const db = project(fields)
  const ink = lastInk(db)
  readAgain(db, [3, 4], 'HANNA')
  readAgain(db, [5], 'ANNA') // as before
  const meant = await meantByAll(db, { filter: undecided, except: [], total: 50 }, act)
  expect(await decideInTurn(db, { ...meant, ink, kind: 'accepted', ...act })).toMatchObject({ changed: 48, left: 2 })
  expect([3, 5].map((id) => readRow(db, id).status)).toEqual(['undecided', 'accepted'])
})

test('leave what may not have passed then, whatever they say', async () => {
  const db = project(fields)
  const ink = lastInk(db)
  readAgain(db, [2, 3], 'BORIS')
  readAgain(db, [6, 11], 'ANNA')
  const all = { filter: { ...undecided, search: 'boris' }, except: [], total: 10 }
  const found = await meantByAll(db, all, act)
  expect(await decideInTurn(db, { ...found, ink, kind: 'blank', ...act })).toMatchObject({ changed: 8, left: 2 })
})

test('by their numbers: what was read again is left where nobody saw it, and taken where its text was said', () => {
  const db = project(fields)
  const ink = lastInk(db)
  readAgain(db, [2, 3], 'HANNA')
  const one = { ids: [2], ink, kind: 'accepted' as const, reviewer: 'Ada' }
  expect(() => decide(db, one)).toThrow(/read again/)
  expect(decide(db, { ...one, text: 'ANNA', shown: 'ANNA' }).rows).toMatchObject([{ status: 'accepted', text: 'ANNA' }])
  const group = { ...one, ids: [3, 4, 5], text: 'ANNA', shown: 'ANNA', how: 'unseen' as const }
  expect(decide(db, group)).toMatchObject({ changed: 2, left: 1 })
  expect(decide(db, { ...group, ids: [3, 7], tiles: [3] })).toMatchObject({ changed: 2, left: 0 })
})

/** Begun, and cut off after the first of its transactions. */
async function cutOff(all: AllOf): Promise<Database> {
  const folder = temporaryFolder()
  const db = project(
    Array.from({ length: all.total }, () => ({ reading: 'ANNA' })),
    { folder }
  )
  const begun = decideInTurn(db, { ...(await meantByAll(db, all, act)), kind: 'blank', ...act })
  expect(await idsOf(db, all)).toEqual([]) // it is under way: the same one again looks for nothing
  closeStore(db)
  await expect(begun).rejects.toThrow(/closed meanwhile/)
  return reopen(folder)
}
const many = sliceSize + 20

test.each([
  ['that it changes', undecided, 20],
  ['that it does not change', {}, many]
] as const)('go on where they were cut off, of a filter %s', async (_, filter, left) => {
  const all = { filter, except: [], total: many }
  const db = await cutOff(all)
  const meant = await meantByAll(db, all, act)
  expect(meant.ids).toHaveLength(left)
  expect(await decideInTurn(db, { ...meant, kind: 'blank', ...act })).toMatchObject({ changed: many })
  expect(await idsOf(db, all)).toEqual([])
})

test('that were cut off touch nothing that came since', async () => {
  const all = { filter: undecided, except: [], total: many }
  const db = await cutOff(all)
  db.prepare(
    `INSERT INTO fields (source_id, page, position, image_id) SELECT source_id, 2, position + 1, image_id FROM fields WHERE id = 1`
  ).run()
  await expect(meantByAll(db, all, act)).rejects.toMatchObject({ code: 'conflict' })
  expect(readCounts(db)).toMatchObject({ blank: sliceSize, undecided: 21 })
})
