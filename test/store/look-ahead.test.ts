/** What no index knows is looked for in parts. */
import { expect, test, vi } from 'vitest'
import { decide, queueIds } from '../../src/core/review'
import { lookAhead, lookedAt } from '../../src/core/review/passing'
import type { Database } from '../../src/core/store'
import type { Filter } from '../../src/shared/domain'
import { project } from '../fixtures/small-project'

const filter: Filter = { search: 'ж', status: 'undecided' }
const letters = (db: Database): number[] => queueIds(db, { filter, order: 'file' })
const looks = (prepare: { mock: { calls: [string][] } }): number =>
  prepare.mock.calls.filter(([sql]) => sql.includes('instr(f.search')).length

test('a letter that no index knows is looked for in parts, others have a turn in between, and the queue looks no more', async () => {
  const db = project(Array.from({ length: 50 }, (_, index) => ({ imported: index % 2 ? 'ЖАК' : 'ANNA' })))
  lookedAt.fields = 10
  const prepare = vi.spyOn(db, 'prepare')
  let turns = 0
  const others = setInterval(() => turns++, 0)
  await lookAhead(db, filter)
  expect(looks(prepare)).toBe(5)
  await lookAhead(db, filter)
  const found = letters(db)
  expect(looks(prepare)).toBe(5)
  clearInterval(others)
  expect(turns).toBeGreaterThan(0)
  expect(found).toEqual(Array.from({ length: 25 }, (_, index) => 2 * index + 2))
})

test('what is decided meanwhile counts', async () => {
  const db = project(Array.from({ length: 50 }, () => ({ imported: 'ЖАК' })))
  lookedAt.fields = 10
  const looked = lookAhead(db, filter)
  decide(db, { ids: [1], kind: 'blank', reviewer: 'Ada' })
  await looked
  expect(letters(db)).toEqual(Array.from({ length: 49 }, (_, index) => index + 2))
})

test('what an index knows is not looked for beforehand', async () => {
  const db = project([{ imported: 'ZOE' }])
  const prepare = vi.spyOn(db, 'prepare')
  for (const other of [
    {},
    { search: 'z' },
    { search: 'zo' },
    { search: 'ж', selection: 1 },
    { search: 'ж', sample: 'accuracy' }
  ] as Filter[])
    await lookAhead(db, other)
  expect(looks(prepare)).toBe(0)
})
