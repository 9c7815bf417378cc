import { describe, expect, test } from 'vitest'
import {
  acceptanceState,
  applyRule,
  drawSample,
  finishCutOff,
  followAudit,
  readCurve,
  ruleState,
  undoRule
} from '../../src/core/quality'
import type { Project } from '../../src/core/project'
import { followBlind } from '../../src/core/quality/blindly'
import { decide, queueIds, readRow, undo } from '../../src/core/review'
import { readCounts, setSetting, type Database } from '../../src/core/store'
import { project, type TestField } from '../fixtures/small-project'

const reviewer = 'Ada'

/** 1,200 fields, sure and right but for a handful; every fortieth is unsure. */
const fields = Array.from({ length: 1200 }, (_, index): TestField => {
  const unsure = index % 40 === 7
  return { reading: `NAME ${'ABCDEFGHIJ'[index % 10]}`, confidence: unsure ? 0.3 : 0.9 + (index % 90) / 1000 }
})

/** As a person decides without seeing the confidence; `wrong` says of which fields the reading is wrong. */
function answer(db: Database, ids: number[], wrong: (id: number) => boolean = () => false): void {
  const say = (chosen: number[], kind: 'accepted' | 'corrected', text?: string): void => {
    if (chosen.length) decide(db, { ids: chosen, kind, text, reviewer, how: 'blind' })
  }
  say(ids.filter(wrong), 'corrected', 'ANOTHER')
  say(
    ids.filter((id) => !wrong(id)),
    'accepted'
  )
}

const waiting = (db: Database, sample: 'accuracy' | 'audit' = 'accuracy') =>
  queueIds(db, { filter: { sample }, order: 'confidence' })
const apply = (db: Database, promise = 0.97) => applyRule(db, { promise, by: 'bound', reviewer })

function sampled(size: number): Database {
  const db = project(fields)
  drawSample(db, { size, fresh: true, seed: 1 })
  answer(db, waiting(db), (id) => id % 40 === 8)
  return db
}

describe('the random sample', () => {
  test('is outdated, and the rules that rest on it too, as long as another generation of the reader is in use', async () => {
    const db = sampled(300)
    const { sample } = acceptanceState(db)
    expect(sample).toMatchObject({ outdated: false, otherGeneration: false })
    const rule = await apply(db)
    expect(ruleState(db, rule).otherGeneration).toBe(false)
    db.exec(`INSERT INTO models (id, hash, name, title, manifest, seen_at, reader_id) SELECT 2, 'two', 'caps-1', 'Two', manifest, seen_at, 1 FROM models;
      INSERT INTO models (id, hash, name, title, manifest, seen_at) SELECT 3, 'three', 'other', 'Other', manifest, seen_at FROM models WHERE id = 1`)
    const use = (model: number) => setSetting(db, 'currentModel', model)
    use(2)
    expect(acceptanceState(db)).toMatchObject({
      sample: { outdated: true, otherGeneration: true },
      rules: [{ otherGeneration: true }]
    })
    expect(readCurve(db, 0.97, 'bound').curve.chosen).toBeNull()
    drawSample(db, { size: 10, fresh: false })
    expect(acceptanceState(db).sample).toMatchObject({ size: 10, otherGeneration: false })
    // Back to the one that it was drawn under, and to a reader of another kind.
    use(1)
    expect(acceptanceState(db)).toMatchObject({
      sample: { otherGeneration: true },
      rules: [{ otherGeneration: false }]
    })
    use(3)
    expect(acceptanceState(db)).toMatchObject({
      sample: { otherGeneration: false },
      rules: [{ otherGeneration: false }]
    })
  })

  test('is drawn in an order of its own, whatever order is asked for, and goes on where it was', () => {
    const db = project(fields)
    drawSample(db, { size: 30, fresh: false, seed: 4 })
    const first = waiting(db)
    expect(first).toHaveLength(30)
    expect(queueIds(db, { filter: { sample: 'accuracy' }, order: 'file', descending: true })).toEqual(first)
    drawSample(db, { size: 20, fresh: false })
    expect(waiting(db).slice(0, 30)).toEqual(first)
    expect(new Set(waiting(db)).size).toBe(50)
  })

  test('counts only what was decided blind, up to the first that waits', () => {
    const db = project(fields)
    drawSample(db, { size: 10, fresh: false, seed: 4 })
    const [first, second, third, ...others] = waiting(db)
    decide(db, { ids: [first!], kind: 'accepted', reviewer })
    answer(db, [second!, third!])
    expect(acceptanceState(db).sample).toMatchObject({ size: 10, decided: 2, counted: 0 })
    answer(db, [first!])
    expect(acceptanceState(db).sample).toMatchObject({ decided: 3, counted: 3 })
    expect(waiting(db)).toEqual(others)
  })

  test('is taken back with its decision', () => {
    const db = project(fields)
    drawSample(db, { size: 3, fresh: false, seed: 4 })
    const [first, ...others] = waiting(db)
    answer(db, [first!])
    for (const id of others) answer(db, [id])
    undo(db, reviewer)
    expect(acceptanceState(db).sample).toMatchObject({ size: 3, decided: 2, counted: 2 })
  })

  test('of nothing, of more than there is, and where nothing is read', () => {
    const db = project([{ reading: 'ANNA' }, { reading: 'BEA' }, {}])
    drawSample(db, { size: 0, fresh: false })
    expect(acceptanceState(db).sample).toMatchObject({ size: 0, population: 2 })
    drawSample(db, { size: 99, fresh: false })
    expect(acceptanceState(db).sample).toMatchObject({ size: 2 })
    expect(() => drawSample(project([{}]), { size: 5, fresh: false })).toThrow(/nothing to draw from/)
  })

  test('speaks no more where many fields were decided otherwise', () => {
    const db = sampled(20)
    const others = queueIds(db, { filter: { status: 'undecided' }, order: 'file' }).slice(0, 400)
    decide(db, { ids: others, kind: 'accepted', reviewer })
    expect(acceptanceState(db).sample).toMatchObject({ outdated: true, left: 400 })
    expect(readCurve(db, 0.9, 'estimate').curve.chosen).toBeNull()
  })
})

describe('a rule', () => {
  test('without a sample that shows it is refused, with what would help', async () => {
    await expect(apply(project(fields))).rejects.toThrow(/more checked fields/)
  })

  test('accepts what is sure, as one act of the machine that is taken back as one', async () => {
    const db = sampled(400)
    const before = readCounts(db)
    const { curve } = readCurve(db, 0.97, 'bound')
    const point = curve.points[curve.chosen!]!
    const rule = await apply(db)
    expect(rule).toMatchObject({ status: 'applied', promise: 0.97, threshold: point.threshold })
    expect(readCounts(db).undecided).toBe(before.undecided - point.accepted)
    expect(point.accepted).toBeGreaterThan(500)
    // A person's own undo reaches the person's last act, not the rule.
    undo(db, reviewer)
    const afterUndo = readCounts(db).undecided
    expect(afterUndo).toBeGreaterThan(before.undecided - point.accepted)
    const origins = db.prepare('SELECT DISTINCT origin FROM decisions WHERE action_id = ?').pluck().all(rule.actionId)
    expect(origins).toEqual(['rule'])
    expect(await undoRule(db, rule.id, reviewer)).toBe(point.accepted)
    expect(readCounts(db).undecided).toBe(afterUndo + point.accepted)
    expect(acceptanceState(db).rules[0]).toMatchObject({ status: 'undone', accepted: 0 })
    expect(await undoRule(db, rule.id, reviewer)).toBe(0)
  })

  test('asked for twice is applied once', async () => {
    const db = sampled(400)
    const ask = { promise: 0.97, by: 'bound' as const, reviewer, request: 'once' }
    const first = await applyRule(db, ask)
    expect((await applyRule(db, ask)).id).toBe(first.id)
    expect(acceptanceState(db).rules).toHaveLength(1)
    const broken = applyRule(db, { ...ask, reviewer: 'Somebody else', promise: 0.9999 })
    await expect(broken, 'another person’s request of the same name').rejects.toThrow(/Nothing shows/)
  })
  test('asked for again after it was cut off accepts the rest, but what was decided since', async () => {
    const db = sampled(400)
    const whole = { promise: 0.97, by: 'bound' as const, reviewer, request: 'cut off' }
    const stop = new AbortController()
    const control = { signal: stop.signal, onProgress: () => stop.abort(new Error('stopped')) }
    await expect(applyRule(db, whole, control)).rejects.toThrow('stopped')
    finishCutOff(db)
    const cut = acceptanceState(db).rules[0]!.accepted
    const [next] = readCurve(db, 0.97, 'bound').evidence.ids
    decide(db, { ids: [next!], kind: 'corrected', text: 'MEANWHILE', reviewer })
    const rule = ruleState(db, await applyRule(db, whole))
    expect(rule.accepted).toBeGreaterThan(cut)
    expect(acceptanceState(db).rules).toHaveLength(1)
    expect(readRow(db, next!).text).toBe('MEANWHILE')
    expect(readCurve(db, 0.97, 'bound').evidence.open.filter((one) => one >= rule.threshold)).toEqual([])
  })

  test('that is cut off keeps what it accepted, audited, and is taken back however often that is cut off', async () => {
    const db = sampled(400)
    const before = readCounts(db).undecided
    const stop = new AbortController()
    const control = { signal: stop.signal, onProgress: () => stop.abort(new Error('stopped')) }
    await expect(applyRule(db, { promise: 0.97, by: 'bound', reviewer }, control)).rejects.toThrow('stopped')
    const accepted = before - readCounts(db).undecided
    expect(accepted).toBeGreaterThan(0)
    finishCutOff(db)
    const [rule] = acceptanceState(db).rules
    expect(rule).toMatchObject({ status: 'applied', accepted, audit: { size: 50 } })
    const again = new AbortController()
    const first = { signal: again.signal, onProgress: () => again.abort(new Error('stopped')) }
    await undoRule(db, rule!.id, reviewer, first).catch(() => 0)
    await undoRule(db, rule!.id, reviewer)
    expect(readCounts(db).undecided).toBe(before)
    expect(acceptanceState(db).rules[0]).toMatchObject({ status: 'undone', accepted: 0 })
  })

  test('leaves to a person what its imported label contradicts', async () => {
    const contradicted = (index: number): boolean => index % 100 === 5
    const db = project(fields.map((field, index) => (contradicted(index) ? { ...field, imported: 'CONTRARY' } : field)))
    drawSample(db, { size: 400, fresh: true, seed: 3 })
    answer(db, waiting(db), (id) => id % 40 === 8)
    const left = queueIds(db, { filter: { differs: true, status: 'undecided' }, order: 'file' })
    expect(left.length).toBeGreaterThan(0)
    await apply(db)
    expect(queueIds(db, { filter: { differs: true, status: 'undecided' }, order: 'file' })).toEqual(left)
  })

  test('stops with a warning when its audit says that the promise is broken', async () => {
    const db = sampled(400)
    const rule = await apply(db)
    const audit = waiting(db, 'audit')
    expect(audit).toHaveLength(50)
    let broken: number | null = null
    for (const id of audit) {
      answer(db, [id], () => true)
      broken ??= followAudit(db)
      if (broken !== null) break
    }
    expect(broken).toBe(rule.id)
    expect(acceptanceState(db).rules[0]!.status).toBe('broken')
    expect(acceptanceState(db).rules[0]!.audit.accuracy!.high).toBeLessThan(0.97)
    drawSample(db, { size: 20, fresh: true })
    await expect(apply(db)).rejects.toThrow(/does not hold/)
  })

  test('whose audit finds nothing goes on being audited', async () => {
    const db = sampled(400)
    await apply(db)
    answer(db, waiting(db, 'audit'))
    expect(followAudit(db)).toBeNull()
    expect(waiting(db, 'audit')).toHaveLength(10)
    expect(acceptanceState(db).rules[0]).toMatchObject({ status: 'applied', audit: { decided: 50, wrong: 0 } })
  })
})

describe('a decision that a window says was made blind', () => {
  test('counts for the sample, and tells of a broken promise', async () => {
    const db = sampled(400)
    const rule = await apply(db)
    const broken: (number | null)[] = []
    const opened = {
      db,
      events: { emit: (_: string, said: { broken: number | null }) => broken.push(said.broken) }
    }
    const correct = (id: number, blind: boolean) => {
      decide(db, { ids: [id], kind: 'corrected', text: 'OTHER', reviewer, how: blind ? 'blind' : 'field' })
      if (blind) followBlind(opened as unknown as Project)
    }
    const [seen, ...others] = waiting(db, 'audit')
    correct(seen!, false)
    expect(waiting(db, 'audit')).toContain(seen)
    expect(broken).toEqual([])
    for (const id of [seen!, ...others.slice(0, 20)]) correct(id, true)
    expect(broken.filter((id) => id !== null)).toEqual([rule.id])
  })
})
