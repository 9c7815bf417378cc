import { describe, expect, it, vi } from 'vitest'
import type { Suspect } from '../../src/shared/contract/quality'
import type { FieldRow } from '../../src/shared/domain'
import { Desk } from '../../src/renderer/src/lib/desk/desk.svelte'
import type { Call } from '../../src/renderer/src/lib/desk/outbox'
import {
  accuracyAxis,
  placeOf,
  promises,
  toDraw,
  type Curve
} from '../../src/renderer/src/views/data/acceptance/promises'
import { verdictOf } from '../../src/renderer/src/views/data/blind/verdict'
import { toCsv } from '../../src/renderer/src/views/data/charts/csv'
import { tint, type Colours } from '../../src/renderer/src/views/data/charts/colours'
import { filterWords, isFromChart, shownCharacter, withoutChart } from '../../src/renderer/src/views/data/filterWords'
import { countInterval, points, share, shareInterval } from '../../src/renderer/src/views/data/numbers'
import { throughputSpec, type Overview } from '../../src/renderer/src/views/data/overview/figures'
import { SuspectsModel } from '../../src/renderer/src/views/data/suspects/model.svelte'
import { keeping, odds, taking, tellingEvidence } from '../../src/renderer/src/views/data/suspects/words'

const plain = (text: string): string => text.replaceAll('\u00a0', ' ')

describe('figures', () => {
  it.each([
    [0.9951, '99.5 %'],
    [1, '100 %'],
    [0.99999, '99.9 %'],
    [0, '0 %'],
    [0.0001, '< 0.1 %']
  ])('%d is written %s', (fraction, written) => expect(plain(share(fraction))).toBe(written))

  it('intervals have decimals only where they are narrow, and counts go outwards', () => {
    expect(plain(shareInterval({ value: 0.9, low: 0.61, high: 0.97 }))).toBe('90 % (61 % to 97 %)')
    expect(plain(shareInterval({ value: 0.991, low: 0.9874, high: 0.9941 }))).toBe('99.1 % (98.74 % to 99.41 %)')
    expect(countInterval({ value: 12.4, low: 3.6, high: 30.2 })).toBe('12 (3 to 31)')
    expect(points(0.021)).toBe('+2.1')
  })

  it('a table to save keeps numbers raw and quotes what would break a row', () => {
    expect(toCsv(['a', 'b'], [['x, "y"', 0.5]])).toBe('a,b\r\n"x, ""y""",0.5\r\n')
  })

  it('a tint is opaque', () => {
    const colours = { accent: 'rgb(0, 0, 200)', surface: 'rgb(100, 100, 100)' } as unknown as Colours
    expect(tint(colours, 'accent', 0.5)).toBe('rgb(50, 50, 150)')
  })

  it('a press on a day means its reviewer, or the first of that day', () => {
    const entry = (day: string, reviewer: string) => ({
      day,
      reviewer,
      origin: 'person' as const,
      kinds: [],
      count: 1,
      filter: {}
    })
    const throughput = [entry('2026-01-01', 'Ada'), entry('2026-01-01', 'Ben'), entry('2026-01-02', 'Ben')]
    const { rowAt } = throughputSpec({ throughput } as unknown as Overview)
    expect(rowAt?.({ index: 0, series: 'Ben' })).toBe(1)
    expect(rowAt?.({ index: 1, series: null })).toBe(2)
  })
})

describe('what a chart narrows to', () => {
  it('is said in words and taken away without the rest', () => {
    const filter = { status: 'undecided' as const, minLength: 3, maxLength: 3, text: 'ANNA' }
    expect(filterWords(filter)).toEqual(['Label ANNA', 'Length 3'])
    expect(isFromChart(filter)).toBe(true)
    const rest = withoutChart(filter)
    expect(isFromChart(rest)).toBe(false)
    expect(rest.status).toBe('undecided')
    expect(filterWords({ minConfidence: 0.2, search: 'x' })).toEqual([])
  })
  it('names characters that cannot be seen', () => {
    expect([' ', '\u00a0', 'É'].map(shownCharacter)).toEqual(['space', 'U+00A0', 'É'])
  })
})

describe('a promise', () => {
  it('has a place on the slider', () => {
    expect(promises[placeOf(0.99)]).toBe(0.99)
    expect(promises[placeOf(0.9)]).toBe(0.95)
  })
  it('asks only for fields that do not wait already', () => {
    const sample = { size: 50, decided: 20, outdated: false } as never
    expect(toDraw({ moreNeeded: 100 } as Curve, sample)).toBe(70)
    expect(toDraw({ moreNeeded: 10 } as Curve, sample)).toBe(0)
    expect(toDraw({ moreNeeded: null } as Curve, sample)).toBeNull()
  })
  it('is drawn on an axis of round steps', () => {
    expect(accuracyAxis(0.22)).toEqual({ min: 0, max: 1, interval: 0.25 })
    const { min, interval } = accuracyAxis(0.985)
    expect(interval).toBe(0.005)
    expect(min).toBeCloseTo(0.985)
  })
})

it('the blind check accepts what was offered, corrects what was typed, and wants a text', () => {
  const row = { text: 'ANNA LEE' } as FieldRow
  expect(verdictOf(row, ' ANNA  LEE ')).toEqual({ kind: 'accepted', text: 'ANNA LEE' })
  expect(verdictOf(row, 'ANNE LEE')).toEqual({ kind: 'corrected', text: 'ANNE LEE' })
  expect(verdictOf(row, '  ')).toBeNull()
})

describe('suspects', () => {
  const suspect = (id: number, more: Partial<Suspect> = {}): Suspect => ({
    id,
    file: `${id}.png`,
    label: 'DORIS',
    state: 'text',
    reading: 'BORIS',
    confidence: 0.9,
    probability: 0.9,
    decided: false,
    ink: 0,
    evidence: [],
    ...more
  })
  it('keeping and taking say what is decided', () => {
    expect(keeping(suspect(1))).toEqual({ kind: 'accepted', text: 'DORIS' })
    expect(keeping(suspect(1, { state: 'blank', label: 'EMPTY' }))).toEqual({ kind: 'blank' })
    expect(taking(suspect(1))).toEqual({ kind: 'accepted', text: 'BORIS' })
    expect(taking(suspect(1, { reading: '' }))).toEqual({ kind: 'blank' })
  })
  it('the evidence a person can see goes first', () => {
    const evidence = (['improbable', 'edits', 'twin'] as const).map((kind) => ({
      kind,
      value: 1,
      text: 'A',
      fields: []
    }))
    expect(tellingEvidence(suspect(1, { evidence }))?.kind).toBe('twin')
    expect(odds(1e-12)).toBe('less than 1 in a million')
    expect(odds(0.0001)).toBe('1 in 10,000')
  })

  function model(refuse = false) {
    const sent: { name: string; input: unknown }[] = []
    const refused = vi.fn()
    const row = (id: number): FieldRow => ({ id, status: 'undecided', text: 'DORIS', decidedAt: null }) as FieldRow
    const answers: Record<string, (input: never) => unknown> = {
      'suspects.state': () => ({ threshold: 0.5, running: false }),
      'suspects.list': () => ({ total: 3, suspects: [suspect(1), suspect(2), suspect(3)], kinds: [] }),
      'fields.rows': ({ ids }: { ids: number[] }) => ({ rows: ids.map(row) }),
      'review.decide': ({ ids, kind }: { ids: number[]; kind: FieldRow['status'] }) => {
        if (refuse) throw new Error('no')
        return { action: 1, changed: 1, counts: {}, rows: ids.map((id) => ({ ...row(id), status: kind })) }
      },
      'review.undo': () => ({ action: 2, changed: 1, counts: {}, rows: [row(1)] })
    }
    const call = (async (name: string, input: never) => {
      sent.push({ name, input })
      return answers[name]!(input)
    }) as unknown as Call
    const desk = new Desk({ call, counts: vi.fn(), tell: refused }, { project: '/a' })
    return { suspects: new SuspectsModel(desk), sent, refused }
  }
  const look = { likely: true, undecided: true, evidence: null }

  it('are decided one after the other, counted, and taken back', async () => {
    const { suspects, sent } = model()
    await suspects.load(look)
    suspects.keep()
    suspects.take()
    expect([suspects.active, suspects.done]).toEqual([2, 2])
    await vi.waitFor(() => expect(suspects.desk.waiting).toBe(0))
    const decided = sent.filter(({ name }) => name === 'review.decide').map(({ input }) => input)
    expect(decided).toMatchObject([
      { ids: [1], text: 'DORIS' },
      { ids: [2], text: 'BORIS' }
    ])
    suspects.undo()
    await vi.waitFor(() => expect(suspects.done).toBe(1))
    expect(suspects.current?.id).toBe(1)
    expect(suspects.isOpen(suspects.current!)).toBe(true)
  })
  it('that the core refuses are open again', async () => {
    const { suspects, refused } = model(true)
    await suspects.load(look)
    suspects.take()
    await vi.waitFor(() => expect(refused).toHaveBeenCalledWith('failure', 'The decision was not stored: no'))
    expect([suspects.active, suspects.done, suspects.isOpen(suspects.current!)]).toEqual([0, 0, true])
  })
})
