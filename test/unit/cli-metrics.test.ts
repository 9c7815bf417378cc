import { describe, expect, it } from 'vitest'
import { characterEdits, measure } from '../../src/cli/evaluate/metrics'
import { editDistance } from '../../src/shared/edits'

const letters = (text: string): string[] => [...text]

describe('edit distance', () => {
  it.each([
    ['', '', 0],
    ['', 'ABC', 3],
    ['ABC', '', 3],
    ['KITTEN', 'SITTING', 3],
    ['FLAW', 'LAWN', 2],
    ['AB', 'BA', 2]
  ])('from %j to %j is %i', (from, to, distance) => {
    expect(editDistance(letters(from), letters(to))).toBe(distance)
  })
})

describe('error rates', () => {
  it('sum edits and characters over all fields, rather than averaging fields', () => {
    const metrics = measure([
      { label: 'ANNA LEE', reading: 'ANNA LEE' },
      { label: 'BO', reading: 'XY' }
    ])
    expect(metrics).toMatchObject({ fields: 2, characters: 10, edits: 2, cer: 0.2, words: 3, wordEdits: 1 })
    expect(metrics.wer).toBeCloseTo(1 / 3, 12)
    expect(metrics.exact).toBe(0.5)
  })

  it('count code points of composed text: one for é however it is written, one for an emoji', () => {
    expect(characterEdits({ label: 'E\u0301VA', reading: 'ÉVA' })).toBe(0)
    expect(measure([{ label: 'E\u0301VA 🙂', reading: 'ÉVA' }])).toMatchObject({ characters: 5, edits: 2 })
  })

  it('take a failed reading as empty text', () => {
    expect(measure([{ label: 'JOSÉ', reading: '' }])).toMatchObject({ cer: 1, wer: 1, exact: 0, edits: 4 })
  })

  it('can exceed one where more is read than is there', () => {
    expect(measure([{ label: 'A', reading: 'ABC' }]).cer).toBe(2)
  })

  it('compare exactly, and without regard to case', () => {
    const metrics = measure([
      { label: 'Ana Groß', reading: 'ANA GROSS' },
      { label: 'Léo', reading: 'LÉO' },
      { label: 'Léo', reading: 'LEO' }
    ])
    expect(metrics.exact).toBe(0)
    expect(metrics.exactCaseInsensitive).toBeCloseTo(2 / 3, 12)
  })

  it('split words at any white space', () => {
    expect(measure([{ label: 'DE  LA\u00a0CRUZ', reading: 'DE LA CRUZ' }])).toMatchObject({ words: 3, wordEdits: 0 })
  })

  it('do not count white space around a text, nor how much of which kind stands between words', () => {
    const metrics = measure([{ label: ' DE\u00a0LA  CRUZ ', reading: 'DE LA CRUZ' }])
    expect(metrics).toMatchObject({ edits: 0, cer: 0, exact: 1, exactCaseInsensitive: 1 })
  })

  it('are null where there is nothing to measure', () => {
    expect(measure([])).toMatchObject({ fields: 0, cer: null, wer: null, exact: null })
  })
})
