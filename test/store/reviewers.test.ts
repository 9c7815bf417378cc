import { describe, expect, test } from 'vitest'
import { decide, redo, undo } from '../../src/core/review'
import {
  adjudicate,
  closeRound,
  differences,
  heldByOthers,
  keyAgain,
  lease,
  LEASE_SECONDS,
  listRounds,
  notHeld,
  readTeam,
  report,
  secondQueue,
  secondRows,
  startRound
} from '../../src/core/reviewers'
import { MOST_HELD } from '../../src/core/reviewers/leases'
import { Team } from '../../src/core/project'
import { wilson } from '../../src/core/confidence'
import type { Database } from '../../src/core/store'
import { project } from '../fixtures/small-project'

const now = Date.UTC(2026, 0, 5, 12)
const ada = { reviewer: 'Ada', window: 'window-ada' }
const ben = { reviewer: 'Ben', window: 'window-ben' }
const fields = (count: number): Database =>
  project(Array.from({ length: count }, (_, index) => ({ reading: `NAME ${String.fromCharCode(65 + index)}` })))

describe('leases', () => {
  test('two windows never get the same field', () => {
    const db = fields(6)
    expect(lease(db, { ...ada, ids: [1, 2, 3, 4, 5, 6], count: 2 }, now)).toEqual({ granted: [1, 2], taken: [] })
    expect(lease(db, { ...ben, ids: [1, 2, 3, 4, 5, 6], count: 3 }, now)).toEqual({ granted: [3, 4, 5], taken: [1, 2] })
    expect(lease(db, { ...ada, window: 'window-ada-2', ids: [1, 6], count: 2 }, now)).toEqual({
      granted: [6],
      taken: [1]
    })
  })
  test('what is not asked for again is free at once', () => {
    const db = fields(4)
    lease(db, { ...ada, ids: [1, 2], count: 2 }, now)
    lease(db, { ...ada, ids: [2, 3], count: 2 }, now)
    expect(lease(db, { ...ben, ids: [1, 2, 3, 4], count: 4 }, now)).toEqual({ granted: [1, 4], taken: [2, 3] })
  })
  test('a window that died holds nothing for longer than a lease', () => {
    const db = fields(2)
    lease(db, { ...ada, ids: [1], count: 1 }, now)
    const later = now + LEASE_SECONDS * 1000
    expect(lease(db, { ...ben, ids: [1], count: 1 }, later - 1).granted).toEqual([])
    expect(lease(db, { ...ben, ids: [1], count: 1 }, later).granted).toEqual([1])
  })
  test('a clock that was set back does not make a lease last', () => {
    const db = fields(1)
    lease(db, { ...ada, ids: [1], count: 1 }, now)
    expect(lease(db, { ...ben, ids: [1], count: 1 }, now - 3_600_000).granted).toEqual([1])
  })
  test('what somebody else has decided is taken; one’s own can be looked at again', () => {
    const db = fields(2)
    decide(db, { ids: [1], kind: 'accepted', reviewer: 'Ben' })
    expect(lease(db, { ...ada, ids: [1, 2], count: 2 }, now)).toEqual({ granted: [2], taken: [1] })
    lease(db, { ...ada, ids: [], count: 0 }, now)
    expect(lease(db, { ...ben, ids: [1, 2], count: 2 }, now)).toEqual({ granted: [1, 2], taken: [] })
  })
  test('are bounded for a person, whatever names their windows take', () => {
    const db = fields(MOST_HELD + 40)
    const ids = Array.from({ length: MOST_HELD + 40 }, (_, at) => at + 1)
    for (let window = 0; window < 20; window++)
      lease(db, { ...ada, window: `window-ada-${window}`, ids, count: 20 }, now)
    expect(heldByOthers(db, 'Ben', now).size).toBe(MOST_HELD)
    expect(lease(db, { ...ben, ids, count: 8 }, now).granted).toHaveLength(8)
    lease(db, { ...ada, window: 'window-ada-0', ids: [], count: 0 }, now)
    expect(lease(db, { ...ada, window: 'window-ada-9', ids, count: 64 }, now).granted.length).toBeGreaterThan(0)
    expect(heldByOthers(db, 'Ben', now).size).toBe(MOST_HELD)
  })
  test('of a window are not given to another person’s window of that name, nor ended by it', () => {
    const db = fields(4)
    lease(db, { ...ada, ids: [1, 2], count: 2 }, now)
    const thief = { ...ben, window: ada.window }
    expect(lease(db, { ...thief, ids: [1, 2, 3], count: 3 }, now)).toEqual({ granted: [3], taken: [1, 2] })
    lease(db, { ...thief, ids: [], count: 0 }, now)
    expect([...heldByOthers(db, 'Ben', now)]).toEqual([1, 2])
  })
  test('keep others from deciding', () => {
    const db = fields(3)
    lease(db, { ...ada, ids: [1, 2], count: 2 })
    expect([...heldByOthers(db, 'Ben')]).toEqual([1, 2])
    expect(notHeld(db, [1, 2, 3], 'Ben')).toEqual([3])
    expect(notHeld(db, [1], 'Ada')).toEqual([1])
    expect(() => notHeld(db, [1], 'Ben')).toThrow(expect.objectContaining({ code: 'conflict' }))
  })
})

describe('a decision on what was seen', () => {
  test('is refused where another person decided since, and changes nothing', () => {
    const db = fields(1)
    decide(db, { ids: [1], kind: 'accepted', reviewer: 'Ben' })
    const late = { ids: [1], kind: 'blank' as const, reviewer: 'Ada', seen: null }
    expect(() => decide(db, late)).toThrow(/Ben decided this field meanwhile/)
    const at = db.prepare('SELECT at FROM decisions').pluck().get() as string
    expect(decide(db, { ...late, seen: at }).rows[0]).toMatchObject({ status: 'blank', reviewer: 'Ada' })
  })
  test('is refused as well where it was oneself, in another window, or where what was seen was undone', () => {
    const db = fields(1)
    decide(db, { ids: [1], kind: 'accepted', reviewer: 'Ada' })
    const blank = { ids: [1], kind: 'blank' as const, reviewer: 'Ada' }
    expect(() => decide(db, { ...blank, seen: null })).toThrow(/You decided this field meanwhile in another window/)
    const at = db.prepare('SELECT at FROM decisions').pluck().get() as string
    undo(db, 'Ada')
    expect(() => decide(db, { ...blank, seen: at })).toThrow(/was undone meanwhile/)
    expect(decide(db, { ...blank, seen: null }).changed).toBe(1)
  })
})

describe('the team', () => {
  test('is everybody with a link or a decision, with what they did', () => {
    const db = fields(4)
    decide(db, { ids: [1, 2], kind: 'accepted', reviewer: 'Ben' })
    decide(db, { ids: [3], kind: 'accepted', reviewer: 'Ben' })
    undo(db, 'Ben')
    redo(db, 'Ben')
    undo(db, 'Ben')
    const team = new Team(['Cleo'])
    const leave = team.arrive('Cleo')
    lease(db, { reviewer: 'Cleo', window: 'window-cleo', ids: [3, 4], count: 2 })
    const people = readTeam(db, team, 'Ada')
    expect(
      people.map(({ name, here, decided, decidedToday, holding }) => [name, here, decided, decidedToday, holding])
    ).toEqual([
      ['Ada', true, 0, 0, 0],
      ['Ben', false, 2, 2, 0],
      ['Cleo', true, 0, 0, 2]
    ])
    leave()
    leave()
    expect(readTeam(db, team, 'Ada').find(({ name }) => name === 'Cleo')?.here).toBe(false)
  })
})

/** Ada decided six fields; Ben keys them all again. */
function round(): { db: Database; id: number } {
  const db = fields(6)
  decide(db, { ids: [1, 2, 3, 4], kind: 'accepted', reviewer: 'Ada' })
  decide(db, { ids: [5], kind: 'blank', reviewer: 'Ada' })
  decide(db, { ids: [6], kind: 'flagged', reviewer: 'Ada' })
  return { db, id: startRound(db, { name: '', count: 10, seed: 3 }, 'Cleo').id }
}

describe('second keying', () => {
  test('draws decided fields, wrong crops aside, by seed', () => {
    const { db, id } = round()
    expect(listRounds(db)).toEqual([
      expect.objectContaining({ id, fields: 5, keyed: 0, agreed: 0, open: 0, startedBy: 'Cleo', closedAt: null })
    ])
    const { ids, own } = secondQueue(db, { round: id }, 'Ben')
    expect([...ids].sort()).toEqual([1, 2, 3, 4, 5])
    expect(own).toBe(0)
    expect(secondQueue(db, { round: id }, 'Ada')).toEqual({ ids: [], own: 5 })
    expect(secondQueue(db, { round: id, own: true }, 'Ada').ids).toEqual(ids)
    expect(() => startRound(db, { name: '', count: 1 }, 'Cleo')).toThrow(/nothing to key again/)
  })
  test('is refused without a sample', () => {
    const db = fields(2)
    expect(() => startRound(db, { name: '', share: 0.5 }, 'Ada')).toThrow(/nothing to key again/)
    expect(() => startRound(db, { name: '' }, 'Ada')).toThrow(/which share/)
    decide(db, { ids: [1], kind: 'accepted', reviewer: 'Ada' })
    expect(() => startRound(db, { name: '', share: 0 }, 'Ada')).toThrow(/less than one field/)
  })
  test('shows the picture and nothing else', () => {
    const { db, id } = round()
    const rows = secondRows(db, { round: id, ids: [1, 6] }).rows
    expect(rows.map((row) => row.id)).toEqual([1])
    expect(Object.keys(rows[0]!).sort()).toEqual(['height', 'id', 'imageVersion', 'rotation', 'width'])
  })
  test('compares, adjudicates and reports with intervals', () => {
    const { db, id } = round()
    const key = (field: number, text: string) => keyAgain(db, { round: id, id: field, kind: 'text', text }, 'Ben')
    expect(key(1, ' NAME  A ')).toEqual({ agreed: true, left: 4 })
    expect(key(2, 'NAME X')).toEqual({ agreed: false, left: 3 })
    expect(key(3, 'NAME Y').agreed).toBe(false)
    expect(keyAgain(db, { round: id, id: 5, kind: 'text', text: '' }, 'Ben').agreed).toBe(true)
    const open = differences(db, { round: id }).differences
    expect(
      open.map(({ row, first, second }) => [row.id, first.text, first.reviewer, second.text, second.reviewer])
    ).toEqual([
      [2, 'NAME B', 'Ada', 'NAME X', 'Ben'],
      [3, 'NAME C', 'Ada', 'NAME Y', 'Ben']
    ])
    expect(adjudicate(db, { keyId: open[0]!.keyId, kind: 'text', text: 'NAME B' }, 'Cleo').changed).toBe(0)
    expect(adjudicate(db, { keyId: open[1]!.keyId, kind: 'text', text: 'NAME Y' }, 'Cleo').rows[0]).toMatchObject({
      id: 3,
      text: 'NAME Y',
      status: 'corrected',
      reviewer: 'Cleo'
    })
    expect(adjudicate(db, { keyId: open[1]!.keyId, kind: 'blank' }, 'Cleo').changed).toBe(0)
    const result = report(db, id)
    expect(result).toMatchObject({ agreement: { count: 2, of: 4, share: 0.5 }, settled: 2, open: 0 })
    expect(result.people.map(({ name, errors }) => [name, errors.count, errors.of])).toEqual([
      ['Ada', 1, 4],
      ['Ben', 1, 4]
    ])
    expect(differences(db, { round: id }).differences).toEqual([])
    expect(differences(db, { round: id, settled: true }).differences).toHaveLength(2)
  })
  test('settles nothing that was decided since it was seen', () => {
    const { db, id } = round()
    keyAgain(db, { round: id, id: 2, kind: 'text', text: 'NAME X' }, 'Ben')
    const [open] = differences(db, { round: id }).differences
    decide(db, { ids: [2], kind: 'corrected', text: 'NAME BB', reviewer: 'Ada' })
    const settle = { keyId: open!.keyId, kind: 'text' as const, text: 'NAME X' }
    expect(() => adjudicate(db, settle, 'Cleo')).toThrow(/meanwhile/)
    expect(() => adjudicate(db, { ...settle, seen: open!.row.decidedAt }, 'Cleo')).toThrow(/meanwhile/)
    const seen = differences(db, { round: id }).differences[0]!.row.decidedAt
    expect(adjudicate(db, { ...settle, seen }, 'Cleo').changed).toBe(1)
  })
  test('a key sent twice is one; what another keyed or oneself decided is refused; a closed round takes none', () => {
    const { db, id } = round()
    const first = { round: id, id: 1, kind: 'text' as const, text: 'NAME Z', request: 'a' }
    keyAgain(db, first, 'Ben')
    keyAgain(db, first, 'Ben')
    expect(db.prepare('SELECT count(*) FROM second_keys').pluck().get()).toBe(1)
    expect(() => keyAgain(db, { ...first, id: 3 }, 'Ben')).toThrow(/another field already/)
    expect(keyAgain(db, { ...first, id: 3 }, 'Cleo').left, 'another person’s request of the same name').toBe(3)
    expect(keyAgain(db, { ...first, text: 'NAME A', request: 'b' }, 'Ben').agreed).toBe(true)
    expect(() => keyAgain(db, { ...first, request: 'c' }, 'Cleo')).toThrow(/Ben has keyed/)
    expect(() => keyAgain(db, { ...first, id: 2, request: 'd' }, 'Ada')).toThrow(/yourself/)
    expect(keyAgain(db, { ...first, id: 2, own: true, request: 'e' }, 'Ada').agreed).toBe(false)
    expect(() => keyAgain(db, { ...first, id: 6, request: 'f' }, 'Ben')).toThrow(/not in this round/)
    closeRound(db, id)
    expect(() => keyAgain(db, { ...first, id: 5, request: 'g' }, 'Ben')).toThrow(/closed/)
    expect(() => db.exec('DELETE FROM second_keys')).toThrow(/append-only/)
  })
  test('Wilson’s interval', () => {
    expect(wilson(0, 0)).toMatchObject({ low: 0, high: 1 })
    const { low, high } = wilson(1, 10)
    expect(low).toBeCloseTo(0.0179, 4)
    expect(high).toBeCloseTo(0.4042, 4)
  })
})
