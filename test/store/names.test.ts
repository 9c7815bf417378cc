import { describe, expect, test } from 'vitest'
import type { NamesOrder, NamesShown } from '../../src/shared/contract/names'
import { groupIds, groupMembers, groupRows } from '../../src/core/names'
import { similarNames } from '../../src/core/names/similar'
import { decide, redo, undo } from '../../src/core/review'
import { deriveFields, immediate, type Database } from '../../src/core/store'
import { makeProject } from '../fixtures/big-project'
import { lastDecision } from '../../src/core/store/decided'
import { lastInk } from '../../src/core/store/ink'
import { project, temporaryFolder } from '../fixtures/small-project'

const groups = (db: Database, shown: NamesShown = 'undecided', order: NamesOrder = 'worth', search?: string) =>
  groupRows(db, groupIds(db, { shown, order, search })).map(
    ({ text, undecided, decided }) => `${text} ${undecided}+${decided}`
  )
const members = (db: Database, text: string, shown: NamesShown = 'undecided') => {
  const id = db.prepare<[string], number>('SELECT id FROM names WHERE text = ?').pluck().get(text)!
  return groupMembers(db, { id, shown })
}
/** The counts of every name, and what they are by counting fields. */
const tallies = (db: Database) => ({
  kept: db.prepare('SELECT id, undecided, decided, worth FROM names WHERE undecided + decided > 0 ORDER BY id').all(),
  counted: db
    .prepare(
      `SELECT name_id AS id, sum(status = 'undecided') AS undecided, sum(status <> 'undecided') AS decided,
         sum(CASE status WHEN 'undecided' THEN CAST(round(1000.0 * coalesce(confidence, 0.5) / (1 + differs)) AS INTEGER) ELSE 0 END) AS worth
       FROM fields WHERE name_id IS NOT NULL GROUP BY name_id ORDER BY name_id`
    )
    .all()
})

describe('a group', () => {
  test('is what was read, in the imported label’s letters where both say the same, else what was imported', () => {
    const db = project([
      { reading: 'CHLOE' },
      { reading: 'CHLOE', imported: 'Chloé' },
      { reading: 'CHLOE', imported: 'ZOE' },
      { imported: 'ZOE' },
      { reading: '' },
      { imported: '', importedState: 'blank' },
      { imported: '', importedState: 'illegible' },
      {},
      { reading: { failed: 'no' }, imported: 'ZOE' }
    ])
    expect(groups(db, 'all', 'name').sort()).toEqual([' 2+0', 'CHLOE 2+0', 'Chloé 1+0', 'ZOE 1+0'])
  })
  test('has those first whose label differs, then those not read, then the least certain', () => {
    const db = project([
      { reading: 'ANNA', confidence: 0.99 },
      { reading: 'ANNA', confidence: 0.4 },
      { imported: 'ANNA' },
      { reading: 'ANNA', confidence: 0.97, imported: 'ANNE' },
      { reading: 'ANNA', confidence: 0.9 }
    ])
    expect(members(db, 'ANNA')).toEqual({ ids: [4, 3, 2, 5, 1], undecided: 5, needALook: 3, ink: lastInk(db), asOf: 0 })
  })
  test('follows its fields when they are decided, undone, done again and read anew', () => {
    const db = project([{ reading: 'ANNA' }, { reading: 'ANNA' }, { reading: 'ANNA' }, { reading: 'BEA' }])
    decide(db, { ids: [1, 2], kind: 'accepted', text: 'ANNA', reviewer: 'Ada' })
    decide(db, { ids: [3], kind: 'corrected', text: 'HANNA', reviewer: 'Ada' })
    expect(groups(db, 'all', 'name')).toEqual(['ANNA 0+2', 'BEA 1+0', 'HANNA 0+1'])
    expect(groups(db)).toEqual(['BEA 1+0'])
    expect(groups(db, 'decided', 'size')).toEqual(['ANNA 0+2', 'HANNA 0+1'])
    undo(db, 'Ada')
    undo(db, 'Ada')
    expect(groups(db)).toEqual(['ANNA 3+0', 'BEA 1+0'])
    redo(db, 'Ada')
    expect(members(db, 'ANNA').ids).toEqual([3])
    expect(members(db, 'ANNA', 'all')).toEqual({
      ids: [3, 1, 2],
      undecided: 1,
      needALook: 1,
      ink: lastInk(db),
      asOf: lastDecision(db)
    })
    immediate(db, () => {
      db.prepare(`UPDATE readings SET text = 'ANNA' WHERE image_id = 4`).run()
      deriveFields(db, { fieldIds: [4] }, 1)
    })
    expect(groups(db)).toEqual(['ANNA 2+2'])
    expect(tallies(db).kept).toEqual(tallies(db).counted)
  })
  test('counts and shows only one field of the form where that is asked for', () => {
    const db = project([{ reading: 'ANNA' }, { reading: 'ANNA' }, { reading: 'ANNA' }, { reading: 'BEA' }])
    db.prepare(`UPDATE fields SET name = 'First name' WHERE id IN (2, 3)`).run()
    decide(db, { ids: [3], kind: 'accepted', text: 'ANNA', reviewer: 'Ada' })
    const field = 'First name'
    const ids = groupIds(db, { shown: 'all', order: 'worth', field })
    expect(groupRows(db, ids, { field })).toMatchObject([{ text: 'ANNA', undecided: 1, decided: 1 }])
    expect(groupMembers(db, { id: ids[0]!, shown: 'all', field }).ids).toEqual([2, 3])
    expect(groupIds(db, { shown: 'all', order: 'worth', search: 'bea', field })).toEqual([])
  })
  test('confirmed by its text stores that text, whatever was imported', () => {
    const db = project([{ reading: 'ANNA' }, { reading: 'ANNA', imported: 'ANNE' }])
    const { rows, changed } = decide(db, { ids: [1, 2], kind: 'accepted', text: 'ANNA', reviewer: 'Ada' })
    expect(changed).toBe(2)
    expect(rows.map(({ status, text }) => [status, text])).toEqual([
      ['accepted', 'ANNA'],
      ['corrected', 'ANNA']
    ])
  })
})

describe('the list', () => {
  test('has those first of which one confirmation settles most, doubt weighed', () => {
    const fields = [
      ...Array.from({ length: 5 }, () => ({ reading: 'DOUBTED', confidence: 0.1 })),
      ...Array.from({ length: 3 }, () => ({ reading: 'DIFFERS', confidence: 0.98, imported: 'X' })),
      ...Array.from({ length: 2 }, () => ({ reading: 'SURE', confidence: 0.99 }))
    ]
    const db = project(fields)
    expect(groups(db)).toEqual(['SURE 2+0', 'DIFFERS 3+0', 'DOUBTED 5+0'])
    expect(groups(db, 'undecided', 'size')).toEqual(['DOUBTED 5+0', 'DIFFERS 3+0', 'SURE 2+0'])
  })
  test('is searched without case and accents, and never as a pattern', () => {
    const db = project([{ reading: 'CHLOE', imported: 'Chloé' }, { reading: 'A%B' }, { reading: 'ANNA' }])
    expect(groups(db, 'undecided', 'name', ' LOÉ ')).toEqual(['Chloé 1+0'])
    expect(groups(db, 'undecided', 'name', '%')).toEqual(['A%B 1+0'])
    expect(groups(db, 'undecided', 'name', 'nobody')).toEqual([])
  })
  test('counts as the fields do, at any size', () => {
    const db = makeProject(temporaryFolder(), { fields: 3000, decided: 0.3, names: 900 })
    const { kept, counted } = tallies(db)
    expect(kept.length).toBeGreaterThan(300)
    expect(kept).toEqual(counted)
  })
})

test('names that are written almost so are found, nearest and most frequent first', () => {
  const texts = ['HOUGHE', 'HOUGUES', 'HOUGUES', 'HAUGE', 'Le Hougué', 'BOURGET', 'ANA']
  const db = project(texts.map((reading) => ({ reading })))
  const found = (text: string, limit = 9) => similarNames(db, text, limit).map((name) => name.text)
  expect(found('hougue')).toEqual(['Le Hougué', 'HOUGUES', 'HOUGHE'])
  expect(found('hougue', 1)).toEqual(['Le Hougué'])
  expect(found('bourgete')).toEqual(['BOURGET'])
  expect(found('anb')).toEqual([])
})

test('confirming a name accepts it for all of its fields, whatever their labels are', () => {
  const db = project([{ imported: 'Hanna', reading: 'ANNA' }, { reading: 'ANNA' }])
  const { rows } = decide(db, { ids: [1, 2], kind: 'accepted', text: 'ANNA', shown: 'ANNA', reviewer: 'Ada' })
  expect(rows.map(({ status, text }) => [status, text])).toEqual([
    ['accepted', 'ANNA'],
    ['accepted', 'ANNA']
  ])
})
