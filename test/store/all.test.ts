/** Acts on all that pass a filter. */
import { expect, test } from 'vitest'
import { decide } from '../../src/core/review'
import { idsOfAll } from '../../src/core/review/all'
import { project } from '../fixtures/small-project'

const fields = Array.from({ length: 50 }, (_, at) => ({ reading: at % 5 ? 'ANNA' : 'BORIS', confidence: at / 50 }))
const undecided = { status: 'undecided' } as const

test('are on what passes, but for those that were taken out', async () => {
  const db = project(fields)
  const ids = await idsOfAll(db, { filter: undecided, except: [1, 7], total: 50 }, false)
  expect(ids).toHaveLength(48)
  expect(ids).not.toContain(7)
  const found = await idsOfAll(db, { filter: { ...undecided, search: 'boris' }, except: [], total: 10 }, false)
  expect(found).toEqual(fields.flatMap(({ reading }, at) => (reading === 'BORIS' ? [at + 1] : [])))
})

test('are refused where other fields pass than were shown, unless they were begun', async () => {
  const db = project(fields)
  decide(db, { ids: [3], kind: 'blank', reviewer: 'Ada' })
  const all = { filter: undecided, except: [], total: 50 }
  await expect(idsOfAll(db, all, false)).rejects.toMatchObject({ code: 'conflict' })
  expect(await idsOfAll(db, all, true)).toHaveLength(49)
})

test('keep to a filter with fields of its own', async () => {
  const db = project(fields)
  db.prepare(`INSERT INTO selections (id, ids, made_at) VALUES (1, '[4, 2, 9]', '2026-01-02')`).run()
  const filter = { ...undecided, selection: 1 }
  expect(new Set(await idsOfAll(db, { filter, except: [2], total: 3 }, false))).toEqual(new Set([4, 9]))
})
