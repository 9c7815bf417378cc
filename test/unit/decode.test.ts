import { describe, expect, it } from 'vitest'
import {
  beamTexts,
  calibrate,
  characterSpans,
  decode,
  framesOf,
  greedyRuns,
  posteriorOf,
  type Frames
} from '../../src/reading/decode'
import type { Manifest } from '../../src/reading/models'
import { geometryOf } from '../../src/reading/preprocess'
import { barsModel } from '../fixtures/bars'

const frames = (rows: number[][]): Frames => ({
  probabilities: Float64Array.from(rows.flat()),
  count: rows.length,
  classes: rows[0]!.length
})
/** Rows that sum to 1, the same at every call. */
function random(count: number, classes: number, seed: number): Frames {
  let state = seed
  const next = (): number => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32
  const rows = Array.from({ length: count }, () => {
    const weights = Array.from({ length: classes }, () => next() ** 4)
    const sum = weights.reduce((a, b) => a + b)
    return weights.map((weight) => weight / sum)
  })
  return frames(rows)
}
/** Probability of every text, by trying all paths. */
function allTexts({ probabilities, count, classes }: Frames, blank: number): Map<string, number> {
  const texts = new Map<string, number>()
  const walk = (frame: number, path: number[], probability: number): void => {
    if (frame === count) {
      const text = path.filter((index, at) => index !== blank && index !== path[at - 1]).join()
      texts.set(text, (texts.get(text) ?? 0) + probability)
      return
    }
    for (let index = 0; index < classes; index++) {
      walk(frame + 1, [...path, index], probability * probabilities[frame * classes + index]!)
    }
  }
  walk(0, [], 1)
  return texts
}

describe('CTC decoding', () => {
  it('merges repeats, then removes blanks', () => {
    const one = (index: number): number[] => [0, 1, 2].map((at) => (at === index ? 0.9 : 0.05))
    const runs = greedyRuns(frames([1, 1, 0, 1, 2, 2, 0].map(one)), 0)
    expect(runs.map(({ class: index, start, end }) => [index, start, end])).toEqual([
      [1, 0, 2],
      [1, 3, 4],
      [2, 4, 6]
    ])
  })

  it.each([0, 2])('gives the exact posterior of every text (blank %i)', (blank) => {
    const random5 = random(5, 3, 11)
    for (const [text, probability] of allTexts(random5, blank)) {
      const classes = text ? text.split(',').map(Number) : []
      expect(posteriorOf(classes, random5, blank)).toBeCloseTo(probability, 12)
    }
  })

  it('does not underflow over many frames', () => {
    const long = random(3000, 40, 3)
    const classes = greedyRuns(long, 0).map((run) => run.class)
    expect(posteriorOf(classes, long, 0)).toBe(0) // 1e-…: no number, but no NaN either
    const sure = frames(Array.from({ length: 3000 }, () => [1 - 1e-6, 1e-6]))
    expect(posteriorOf([], sure, 0)).toBeCloseTo(Math.exp(3000 * Math.log(1 - 1e-6)), 9)
  })

  it('finds the most likely other texts', () => {
    const random5 = random(5, 3, 29)
    const expected = [...allTexts(random5, 0)].sort((a, b) => b[1] - a[1]).slice(0, 3)
    const found = beamTexts(random5, 0, 16).map((classes) => classes.join())
    for (const [text] of expected) expect(found).toContain(text)
  })

  it.each([
    ['NTC', 'logits'],
    ['TNC', 'logits'],
    ['NTC', 'log-probabilities'],
    ['TNC', 'probabilities']
  ] as const)('reads the output %s %s', (layout, activation) => {
    const expected = [
      [0.7, 0.2, 0.1],
      [0.1, 0.1, 0.8]
    ]
    const write = (probability: number): number =>
      activation === 'probabilities' ? probability : Math.log(probability) + (activation === 'logits' ? 3 : 0)
    const other = [1 / 3, 1 / 3, 1 / 3]
    const order = layout === 'NTC' ? [other, other, ...expected] : [other, expected[0]!, other, expected[1]!]
    const data = Float32Array.from(order.flat().map(write))
    const read = framesOf(data, { batch: 2, frames: 2, classes: 3 }, 1, { name: 'o', layout, activation })
    expected.flat().forEach((probability, index) => expect(read.probabilities[index]).toBeCloseTo(probability, 6))
  })

  it('calibrates by the manifest', () => {
    expect(calibrate(0.7, undefined)).toEqual({ confidence: 0.7, calibrated: false })
    expect(calibrate(0.7, {})).toEqual({ confidence: 0.7, calibrated: false })
    const even = calibrate(0.9, { method: 'platt', a: 1, b: -Math.log(9) })
    expect(even).toEqual({ confidence: expect.closeTo(0.5, 9) as number, calibrated: true })
    expect(calibrate(0.9, { method: 'temperature', temperature: 2 }).confidence).toBeCloseTo(0.75, 9)
    expect(calibrate(1, { method: 'temperature', temperature: 2 }).confidence).toBeLessThanOrEqual(1)
  })
})

describe('a decoded text', () => {
  const spansOf = (starts: number[], crop: { width: number; height: number }, manifest: Manifest, count: number) => {
    const runs = starts.map((start) => ({ class: 1, start, end: start + 1, confidence: 1 }))
    const geometry = geometryOf(crop.width, crop.height, manifest.input)
    return characterSpans(runs, count, manifest.output.frames, geometry)
  }

  it('has spans on the crop: ordered, apart, at least 1 px, never outside', async () => {
    const { manifest } = await barsModel()
    for (const crop of [
      { width: 700, height: 31 },
      { width: 40, height: 9 },
      { width: 4, height: 3 },
      { width: 2, height: 20 }
    ]) {
      const spans = spansOf([0, 1, 2, 9], crop, manifest, 64)
      let before = 0
      for (const { start, end } of spans) {
        expect(start).toBeGreaterThanOrEqual(before)
        expect(end - start).toBeGreaterThanOrEqual(Math.min(1, crop.width / spans.length))
        expect(end).toBeLessThanOrEqual(crop.width)
        before = end
      }
    }
  })

  it('maps frames back through the fit', async () => {
    const { manifest } = await barsModel()
    const stretched = { ...manifest, input: { ...manifest.input, width: 256, height: 64, fit: 'stretch' as const } }
    stretched.output = { ...manifest.output, frames: { stride: 4, offset: 8, rows: 1 } }
    // 62 frames of 4 px from 8 on; the crop is half as wide as the input.
    const [first, second] = spansOf([8, 28], { width: 128, height: 40 }, stretched, 62)
    expect((first!.start + first!.end) / 2).toBeCloseTo((8 + 8.5 * 4) / 2, -0.5)
    expect((second!.start + second!.end) / 2).toBeCloseTo((8 + 28.5 * 4) / 2, -0.5)
  })

  it('lists others only where there is doubt, itself first', async () => {
    const { manifest } = await barsModel()
    const geometry = geometryOf(8, 8, manifest.input)
    const sure = decode(frames([[0.001, 0.997, 0.001, 0.001]]), manifest, geometry)
    expect(sure).toMatchObject({ text: 'A', alternatives: [] })
    const doubtful = decode(frames([[0.1, 0.5, 0.4, 0]]), manifest, geometry)
    expect(doubtful.alternatives.map(({ text }) => text)).toEqual(['A', 'B', ''])
    expect(doubtful.alternatives[0]!.probability).toBe(doubtful.confidence)
    expect(doubtful.characters).toMatchObject([{ text: 'A', confidence: 0.5 }])
    // Two frames of blank 0.6 spell '' greedily, though 'A' is likelier (0.16 + 2 · 0.24).
    const greedy = decode(
      frames([
        [0.6, 0.4, 0, 0],
        [0.6, 0.4, 0, 0]
      ]),
      manifest,
      geometry
    )
    expect(greedy.text).toBe('')
    expect(greedy.alternatives.map(({ text }) => text)).toEqual(['', 'A'])
    expect(greedy.alternatives[1]!.probability).toBeCloseTo(0.64, 9)
  })

  it('shares what calibration leaves among the others', async () => {
    const { manifest } = await barsModel()
    const calibrated: Manifest = { ...manifest, calibration: { method: 'platt', a: 1, b: 2 } }
    const { confidence, alternatives } = decode(
      frames([[0.1, 0.5, 0.4, 0]]),
      calibrated,
      geometryOf(8, 8, manifest.input)
    )
    expect(alternatives.reduce((sum, { probability }) => sum + probability, 0)).toBeCloseTo(1, 9)
    expect(confidence).toBeGreaterThan(0.85)
  })
})
