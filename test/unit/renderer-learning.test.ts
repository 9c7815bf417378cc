import { describe, expect, it } from 'vitest'
import type { Generation } from '../../src/shared/contract/learning'
import type { FieldRow } from '../../src/shared/domain'
import { AsArrived } from '../../src/renderer/src/views/review/asArrived'
import { curveSpec, curveSummary, pointsOf } from '../../src/renderer/src/views/learning/curve'
import {
  arrivedWords,
  differenceWords,
  droppedWords,
  examplesOf,
  phaseWords,
  whyWords,
  wrongBoth
} from '../../src/renderer/src/views/learning/words'

const generation = (more: Partial<Generation> = {}, before = 0.22, after = 0.1): Generation => ({
  number: 1,
  reader: 'latin-lines',
  base: 'latin-lines',
  file: 'latin-lines-1.json',
  inUse: true,
  taken: true,
  reason: 'better',
  trainedOn: 120,
  selfTraining: false,
  decided: 130,
  epochs: 18,
  seconds: 12,
  madeAt: '2026-01-02T03:04:05.000Z',
  judges: {
    rows: 40,
    characters: 300,
    before: { cer: before, exact: 0.1 },
    after: { cer: after, exact: 0.4 },
    difference: { cer: [after - before - 0.02, after - before + 0.02] }
  },
  learnt: [],
  dropped: {},
  bytes: 1,
  ...more
})

describe('what is said of a generation', () => {
  it('is as short as the figures differ', () => {
    expect(wrongBoth(generation())).toEqual({ before: '22', after: '10' })
    expect(wrongBoth(generation({}, 0.104, 0.082))).toEqual({ before: '10.4', after: '8.2' })
    expect(wrongBoth(generation({}, 0.224, 0.221))).toEqual({ before: '22.4', after: '22.1' })
  })
  it('tells by how much it is better, or that nobody knows', () => {
    expect(differenceWords(generation())).toBe('better by 10.0 to 14.0')
    expect(differenceWords(generation({}, 0.2, 0.2))).toBe('the difference lies between -2.0 and 2.0')
  })
  it('knows reasons that are new to it by what came of them', () => {
    expect(whyWords(generation({ reason: 'of a later learner' }))).toContain('Taken')
    expect(whyWords(generation({ reason: 'of a later learner', taken: false }))).toContain('Not taken')
    expect(whyWords(generation({ reason: 'too-few', taken: false }))).toContain('too few')
  })
  it('does not show worse characters as what was gained', () => {
    expect(arrivedWords(generation())).toBe('Has learnt from 120 names: 22 → 10 characters wrong of 100')
    const likelier = generation({ reason: 'likelier' }, 0.2, 0.21)
    expect(arrivedWords(likelier)).toBe('Has learnt from 120 names: finds the right texts more probable now')
    expect(whyWords(likelier)).toContain('the right texts more probable')
    expect(whyWords(generation({ taken: false, reason: 'not-better' }, 0.2, 0.21))).toContain('Not taken')
  })
  it('says of one that is likely better that this is not certain', () => {
    expect(whyWords(generation({ reason: 'likely' }, 0.2, 0.18))).toMatch(/Taken.*likely, not certain/)
  })
  it('counts what was left out', () => {
    expect(droppedWords(generation({ dropped: { 'no-text': 3, 'of a later learner': 1 } }))).toBe(
      '3 without a text, 1 of a later learner'
    )
  })
  it('says what a round does', () => {
    expect(phaseWords({ message: 'train', done: 3, total: 25 })).toContain('3 of 25')
    expect(phaseWords({ message: null, done: 0, total: null })).toBe('Gathering what was decided')
  })
})

describe('the curve', () => {
  const two = [generation(), generation({ number: 2, taken: false, decided: 200 }, 0.1, 0.11)]
  it('begins with the reader as it is installed', () => {
    expect(pointsOf([])).toEqual([])
    expect(pointsOf(two).map(({ decided, cer, taken }) => [decided, cer, taken])).toEqual([
      [0, 0.22, true],
      [130, 0.1, true],
      [200, 0.11, false]
    ])
  })
  it('is a table as well', () => {
    expect(curveSpec(two).rows.map(({ cells }) => cells[0])).toEqual(['As installed', 'Generation 1', 'Generation 2'])
    expect(curveSummary(two)).toBe('2 generations, from 22.0 to 10.0 characters wrong of 100')
  })
})

describe('the field on screen', () => {
  const row = (more: Partial<FieldRow> = {}): FieldRow =>
    ({ id: 1, status: 'undecided', imageVersion: '1', reading: 'OLD', text: 'OLD', model: 'm', ...more }) as FieldRow
  const anew = { reading: 'NEW', text: 'NEW', model: 'm-1' }

  it('keeps the reading that it was arrived at with, until it is left', () => {
    const field = new AsArrived()
    expect(field.of(row())?.reading).toBe('OLD')
    const read = row(anew)
    expect(field.of(read)).toMatchObject({ reading: 'OLD', text: 'OLD', model: 'm' })
    expect(field.of(read)).toBe(field.of(read))
    expect(field.of(row({ ...anew, id: 2 }))?.reading).toBe('NEW')
    expect(field.of(read)?.reading).toBe('NEW')
  })
  it('shows at once what had no reading, was turned, or was decided by somebody else', () => {
    const field = new AsArrived()
    field.of(row({ reading: null, text: null, model: null }))
    expect(field.of(row(anew))?.reading).toBe('NEW')
    expect(field.of(row({ ...anew, status: 'corrected', text: 'BY BOB' }))?.text).toBe('BY BOB')
    const turned = new AsArrived()
    turned.of(row())
    expect(turned.of(row({ ...anew, imageVersion: '2' }))?.reading).toBe('NEW')
  })
  it('was seen undecided by whoever pressed Enter while somebody else decided on it, until it is left', () => {
    const field = new AsArrived()
    const decided = row({ status: 'accepted', decidedAt: '1' })
    field.of(row({ decidedAt: null }))
    field.of(decided)
    expect(field.decisionSeen(decided)).toBeNull()
    field.of(row({ id: 2, decidedAt: null }))
    field.of(decided)
    expect(field.decisionSeen(decided)).toBe('1')
  })
  it('is as it is now when the view is shown again', () => {
    const field = new AsArrived()
    field.of(row())
    field.forget()
    expect(field.of(row(anew))?.reading).toBe('NEW')
  })
})

it('shows each field once that a letter was learnt by', () => {
  const example = (id: number) => ({ field: { id, imageVersion: 'v' }, text: 'AB', before: 'A', after: 'AB' })
  const letter = (character: string, ...ids: number[]) => ({
    character,
    before: 0.5,
    after: 0,
    examples: ids.map(example)
  })
  expect(
    examplesOf(generation({ learnt: [letter('A', 1, 2), letter('B', 2, 3)] })).map(({ field }) => field.id)
  ).toEqual([1, 2, 3])
})
