/** TypeScript and Python decode the same: search, language model, probabilities, features, calibration; ties included. */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { beamTexts, decode, FEATURES, productOf, joinViews, viewOf, type Frames } from '../../src/reading/decode'
import { fusionOf } from '../../src/reading/decode/fusion'
import { parseLanguageModel } from '../../src/reading/decode/language-model'
import { textOf } from '../../src/reading/decode/texts'
import type { Manifest } from '../../src/reading/models'
import { geometryOf } from '../../src/reading/preprocess'
import { barsModel } from '../fixtures/bars'

interface Case {
  blank: number
  beam: number | null
  weight: number | null
  bonus: number
  frames: number[][]
  beams: string[]
  text: string
  probability: number
  confidence: number
  features: number[]
  alternatives: [string, number][]
}
interface Vectors {
  charset: string[]
  calibration: Manifest['calibration']
  languageModel: string
  costs: Record<string, number>
  cases: Case[]
  /** Of two cases, by number. */
  averages: { first: number; second: number; weight: number; frames: number[][] }[]
  /** Counts of each view of a field, and what they say together. */
  views: { views: number[][][]; frames: number[][] }[]
}

const file = resolve(import.meta.dirname, 'golden/decoding.json')
const vectors = JSON.parse(readFileSync(file, 'utf8')) as Vectors
const model = parseLanguageModel(Buffer.from(vectors.languageModel, 'base64'))

const framesOfCase = ({ frames }: Pick<Case, 'frames'>): Frames => ({
  probabilities: Float64Array.from(frames.flat(), (count) => count / 1024),
  count: frames.length,
  classes: frames[0]!.length
})

async function manifestOf({ blank, beam, weight, bonus }: Case): Promise<Manifest> {
  const { manifest } = await barsModel()
  const named = { file: 'names.lm', sha256: '0'.repeat(64), weight: weight ?? 0, lengthBonus: bonus }
  return {
    ...manifest,
    charset: vectors.charset,
    blank,
    decoder: {
      greedyAbove: 0.9,
      ...(beam === null ? {} : { beam }),
      ...(weight === null ? {} : { languageModel: named })
    },
    calibration: vectors.calibration
  }
}

describe('the language model', () => {
  it.each(Object.entries(vectors.costs))('says of “%s” what Python says', (text, cost) => {
    expect(model.textCost(text)).toBe(cost)
  })
})

describe.each(vectors.cases.map((one, number) => ({ ...one, number })))('decoding, case $number', (one) => {
  it('follows the same prefixes in the same order', async () => {
    const manifest = await manifestOf(one)
    const texts = beamTexts(framesOfCase(one), one.blank, one.beam ?? 8, fusionOf(manifest, model))
    expect(texts.map((classes) => textOf(classes, vectors.charset, one.blank))).toEqual(one.beams)
  })

  it('gives the same text, probabilities and features', async () => {
    const manifest = await manifestOf(one)
    const decoded = decode(framesOfCase(one), manifest, geometryOf(40, 20, manifest.input), model)
    expect(decoded.text).toBe(one.text)
    expect(decoded.confidence).toBeCloseTo(one.confidence, 9)
    expect(decoded.alternatives.map(({ text }) => text)).toEqual(one.alternatives.map(([text]) => text))
    decoded.alternatives.forEach(({ probability }, at) => expect(probability).toBeCloseTo(one.alternatives[at]![1], 9))
    expect(decoded.features).toHaveLength(FEATURES.length)
    decoded.features.forEach((value, at) => expect(value).toBeCloseTo(one.features[at]!, 9))
  })
})

it.each(vectors.averages)('weighs two networks up, the second with $weight', ({ first, second, weight, frames }) => {
  const averaged = productOf(
    [first, second].map((at) => framesOfCase(vectors.cases[at]!)),
    [1 - weight, weight]
  )
  expect(averaged).toMatchObject({ count: frames.length, classes: frames[0]!.length })
  frames.flat().forEach((value, at) => expect(averaged.probabilities[at]).toBeCloseTo(value, 12))
})

it.each(vectors.views)('puts several views of a field together, case %#', async ({ views, frames }) => {
  const geometry = geometryOf(40, 20, (await barsModel()).manifest.input)
  const seen = views.map((counts) => viewOf(framesOfCase({ frames: counts }), geometry, 0))
  const all = joinViews(seen, 0).frames
  expect(all).toMatchObject({ count: frames.length, classes: frames[0]!.length })
  frames.flat().forEach((value, at) => expect(all.probabilities[at]).toBeCloseTo(value, 12))
})

it('has ties and every way of decoding among the cases', () => {
  expect(vectors.cases.some(({ frames }) => frames.some((row) => row[1] === row[2] && row[1]! > 50))).toBe(true)
  expect(new Set(vectors.cases.map(({ weight }) => weight)).size).toBe(3)
  expect(vectors.cases.some(({ text, alternatives }) => alternatives.length > 1 && alternatives[0]![0] === text)).toBe(
    true
  )
})
