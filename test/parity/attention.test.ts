/** Attention models write the same in TypeScript and in Python; the vectors and the tiny model are made by training/. */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { searchTexts, writeTexts, type Hypothesis } from '../../src/reading/decode/attention'
import { classCount, loadModel, type Model } from '../../src/reading/models'
import { geometryOf, numbersOf, writeNumbers } from '../../src/reading/preprocess'
import { knownProviders } from '../../src/reading/engine/providers'
import { openChecked, type ModelSession } from '../../src/reading/engine/session'
import type { Output } from '../../src/reading/engine/output'

interface GoldenText {
  text: string
  logProbability: number
  probabilities: number[]
  weights: number[][]
}
interface Golden {
  tolerance: number
  height: number
  width: number
  /** Base64 of height × width bytes. */
  pixels: string[]
  /** By beam width, then image, best first. */
  texts: Record<'1' | '4', GoldenText[][]>
}

const folder = resolve(import.meta.dirname, 'attention')
const golden = JSON.parse(readFileSync(resolve(folder, 'golden.json'), 'utf8')) as Golden
const count = golden.pixels.length
const items = golden.pixels.map((_, item) => item)

let model: Model
let session: ModelSession
let memory: Output

beforeAll(async () => {
  model = await loadModel(resolve(folder, 'tiny-attention.json'))
  session = await openChecked(model, knownProviders().at(-1)!, 1)
  memory = await encode(items)
})
afterAll(() => session.close())

function encode(chosen: number[]): Promise<Output> {
  const size = golden.height * golden.width
  const data = new Float32Array(chosen.length * size)
  const numbers = numbersOf(model.manifest.input)
  chosen.forEach((item, at) => writeNumbers(Buffer.from(golden.pixels[item]!, 'base64'), numbers, data, at * size))
  return session.run(data, chosen.length, golden.width)
}

const optionsOf = (width: number) => {
  const { start, end, pad, maxLength } = model.manifest.attention!
  return { start, end, pad, maxLength, classes: classCount(model.manifest), activation: 'logits' as const, width }
}
const textOf = ({ classes }: Hypothesis): string => classes.map((index) => model.manifest.charset[index - 3]).join('')

describe('an attention model', () => {
  it.each([1, 4] as const)('writes what Python writes, with a beam of %i', async (width) => {
    const found = await searchTexts(session.stepper!.start(memory, items), count, optionsOf(width))
    const expected = golden.texts[`${width}`]
    expect(found.map((beam) => beam.map(textOf))).toEqual(expected.map((beam) => beam.map(({ text }) => text)))
    let largest = 0
    const compare = (one: number, other: number): void => void (largest = Math.max(largest, Math.abs(one - other)))
    found.forEach((beam, item) =>
      beam.forEach((one, place) => {
        const other = expected[item]![place]!
        compare(one.logProbability, other.logProbability)
        other.probabilities.forEach((value, at) => compare(one.probabilities[at]!, value))
        other.weights.forEach((row, at) =>
          row.forEach((value, position) => compare(one.weights[at]![position]!, value))
        )
      })
    )
    expect(largest).toBeLessThanOrEqual(golden.tolerance)
  })

  it('writes the same whatever is read beside it', async () => {
    const together = await searchTexts(session.stepper!.start(memory, items), count, optionsOf(4))
    for (const item of [0, 7, 14]) {
      const alone = await encode([item])
      const [beam] = await searchTexts(session.stepper!.start(alone, [0]), 1, optionsOf(4))
      expect(beam!.map(textOf)).toEqual(together[item]!.map(textOf))
      beam!.forEach((one, place) => expect(one.logProbability).toBeCloseTo(together[item]![place]!.logProbability, 4))
    }
  })

  it('gives texts with probabilities, and characters with confidences and places on the crop', async () => {
    const geometries = items.map(() => geometryOf(256, 64, model.manifest.input))
    const written = await writeTexts(
      (chosen) => session.stepper!.start(memory, chosen),
      geometries,
      memory.frames,
      model.manifest
    )
    expect(written.map(({ text }) => text)).toEqual(golden.texts[1].map(([best]) => best!.text))
    for (const { text, confidence, characters, alternatives, calibrated } of written) {
      expect(calibrated).toBe(false)
      expect(characters.map((character) => character.text).join('')).toBe(text)
      let free = 0
      for (const { start, end, confidence: sure } of characters) {
        expect(start).toBeGreaterThanOrEqual(free)
        expect(end).toBeGreaterThan(start)
        expect(sure).toBeGreaterThan(0)
        free = end
      }
      expect(free).toBeLessThanOrEqual(256)
      if (alternatives.length) expect(alternatives[0]).toEqual({ text, probability: confidence })
      const sum = alternatives.reduce((total, { probability }) => total + probability, 0)
      expect(sum).toBeLessThanOrEqual(1 + 1e-9)
    }
    expect(written.some(({ alternatives }) => alternatives.length > 1)).toBe(true)
  })

  it('takes the best text of the beam where the manifest asks for one', async () => {
    const manifest = { ...model.manifest, decoder: { beam: 4 } }
    const geometries = items.map(() => geometryOf(64, 16, manifest.input))
    const written = await writeTexts(
      (chosen) => session.stepper!.start(memory, chosen),
      geometries,
      memory.frames,
      manifest
    )
    const best = golden.texts[4].map((beam, item) => {
      const [greedy] = golden.texts[1][item]!
      return beam[0]!.logProbability > greedy!.logProbability ? beam[0]!.text : greedy!.text
    })
    expect(written.map(({ text }) => text)).toEqual(best)
    expect(best).not.toEqual(golden.texts[1].map(([greedy]) => greedy!.text))
  })
})
