/** Attention models: what is refused, how the engine's reader reads with one, and where characters are placed. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import sharp from 'sharp'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { inOrder, searchTexts, writtenRuns, type StepRow } from '../../src/reading/decode/attention'
import { loadModel, loadRegistry, modelHash, parseManifest } from '../../src/reading/models'
import { geometryOf } from '../../src/reading/preprocess'
import { knownProviders } from '../../src/reading/engine/providers'
import type { EngineResult } from '../../src/reading/engine'
import { Reader } from '../../src/reading/engine/reader'
import { openChecked } from '../../src/reading/engine/session'

const tiny = resolve(import.meta.dirname, '../parity/attention')
const raw = JSON.parse(readFileSync(join(tiny, 'tiny-attention.json'), 'utf8')) as Record<string, object>
const cpu = knownProviders().at(-1)!

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nomina-attention-'))
  for (const file of ['tiny-attention.onnx', 'tiny-attention-step.onnx']) cpSync(join(tiny, file), join(folder, file))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function install(changes: Record<string, unknown> = {}): string {
  const path = join(folder, 'tiny-attention.json')
  writeFileSync(path, JSON.stringify({ ...raw, ...changes }))
  return path
}
const attention = (changes: object): Record<string, unknown> => ({ attention: { ...raw['attention'], ...changes } })

describe('a manifest of kind attention', () => {
  it.each([
    ['no step', attention({ step: undefined }), /attention\.step: is missing; a decode in one graph is not supported/],
    ['a step elsewhere', attention({ step: '../step.onnx' }), /attention\.step: must name a file beside/],
    ['padding that is the start', attention({ pad: 1 }), /attention: start, end and pad must differ/],
    ['an end beyond the classes', attention({ end: 13 }), /attention: start, end and pad must be classes/],
    ['a state without a size', attention({ states: [{ input: 'a', output: 'b' }] }), /states\.0\.size: is missing/]
  ])('is refused with %s', (_, changes, message) => {
    expect(() => parseManifest(JSON.stringify({ ...raw, ...changes }), 'tiny.json')).toThrow(message)
  })

  it('is refused where its step is another file', async () => {
    writeFileSync(join(folder, 'tiny-attention-step.onnx'), readFileSync(join(folder, 'tiny-attention.onnx')))
    await expect(loadModel(install())).rejects.toThrow(/attention\.step .* stepSha256 does not fit/)
  })

  it('names its readings by the step too, and both files belong to it', async () => {
    const path = install()
    const { models, refused } = await loadRegistry([folder])
    expect(refused).toEqual([])
    const { manifest, hash } = models[0]!
    expect((await loadModel(path)).hash).toBe(hash)
    const other = { ...manifest, attention: { ...manifest.attention!, stepSha256: '0'.repeat(64) } }
    expect(modelHash(other, manifest.sha256)).not.toBe(modelHash(manifest, manifest.sha256))
  })
})

describe('an attention model that does not fit its manifest is refused', () => {
  it.each([
    [
      'a charset too short',
      { charset: ['A', 'B'] },
      /start, end and padding make 5|has the shape \[2, 13\], not \[2, 5\]/
    ],
    ['an unknown state', attention({ states: [] }), /wants the input "state0", which the manifest does not name/],
    ['another token', attention({ token: 'letter' }), /has no input "letter", it has "memory", "token"/],
    ['weights it lacks', attention({ weights: 'looks' }), /has no output "looks"/],
    ['another layout', { output: { ...raw['output'], layout: 'TNC' } }, /output\.layout: only "NTC"/],
    [
      'features of CTC',
      { calibration: { method: 'features', bias: 0, weights: {} } },
      /"features" are those of kind "ctc"/
    ],
    ['probabilities', { output: { ...raw['output'], activation: 'probabilities' } }, /output\.activation does not fit/]
  ])('%s', async (_, changes, message) => {
    const model = await loadModel(install(changes))
    await expect(openChecked(model, cpu, 1)).rejects.toThrow(message)
  })
})

describe('the reader', () => {
  it('reads images with an attention model and keeps no lattice', async () => {
    const golden = JSON.parse(readFileSync(join(tiny, 'golden.json'), 'utf8')) as {
      pixels: string[]
      texts: Record<string, { text: string }[][]>
    }
    const model = await loadModel(install())
    const session = await openChecked(model, cpu, 1)
    const paths = await Promise.all(
      golden.pixels.map(async (pixels, index) => {
        const path = join(folder, `${index}.png`)
        const image = { width: 64, height: 16, channels: 1 } as const
        await sharp(Buffer.from(pixels, 'base64'), { raw: image }).png().toFile(path)
        return path
      })
    )
    const results = await new Promise<EngineResult[]>((resolve) => {
      const events = { onResults: (_: number, done: EngineResult[]) => resolve(done), onBatch: () => {} }
      const reader = new Reader(session, null, 5, { ...events, onProviderFailure: () => {} })
      reader.read(
        1,
        paths.map((path, key) => ({ key, path, page: 1, rotation: 0 as const }))
      )
    })
    await session.close()
    expect(results.map((result) => (result.ok ? result.text : result.reason))).toEqual(
      golden.texts['1']!.map(([best]) => best!.text)
    )
    expect(results.every((result) => result.ok && !('lattice' in result) && result.width === 64)).toBe(true)
  })
})

describe('the search', () => {
  /** Classes: padding, start, end, a, b; every step says the same. */
  const steady = (logits: number[]) => ({
    step: (rows: readonly StepRow[]) =>
      Promise.resolve({ logits: Float32Array.from(rows.flatMap(() => logits)), weights: null })
  })
  const options = { pad: 0, start: 1, end: 2, maxLength: 3, classes: 5, activation: 'logits' as const, width: 4 }

  it('breaks ties by the better parent, then the lower class, and never writes padding or start', async () => {
    const [beam] = await searchTexts(steady([9, 9, 0, 0, 0]), 1, { ...options, maxLength: 2 })
    expect(beam!.map(({ classes }) => classes.join(''))).toEqual(['', '3', '33', '34'])
    expect(Math.exp(beam![0]!.logProbability)).toBeCloseTo(1 / 3)
  })

  it('ends after the most characters, as probable as the model says', async () => {
    const [beam] = await searchTexts(steady([0, 0, 0, 0, 20]), 1, { ...options, width: 1 })
    expect(beam![0]!.classes).toEqual([4, 4, 4])
    expect(beam![0]!.logProbability).toBeCloseTo(-20)
  })

  it('says that a model computes no numbers', async () => {
    await expect(searchTexts(steady([NaN, NaN, NaN, NaN, NaN]), 1, options)).rejects.toThrow(/no numbers/)
  })
})

describe('places', () => {
  it('rise: neighbours that look the wrong way round are moved as little as possible', () => {
    const rising = inOrder([1, 3, 2.9, 5])!
    expect(rising[2]! > rising[1]!).toBe(true)
    expect(rising[0]).toBeCloseTo(1)
    expect(rising[3]).toBeCloseTo(5)
    expect(inOrder([1, 2, 4])).toEqual([1, 2, 4])
    expect(inOrder([5, 1, 5, 1, 5.1])).toBeNull()
    expect(inOrder([3, 2])).toBeNull()
  })

  it('are equal parts of the crop where a model does not tell', () => {
    const input = parseManifest(JSON.stringify(raw), 'tiny.json').input
    const geometry = geometryOf(128, 32, { ...input, fit: 'box' })
    const hypothesis = { classes: [3, 4], logProbability: 0, probabilities: [0.5, 0.25], weights: [null, null] }
    const runs = writtenRuns(hypothesis, 8, { stride: 8, offset: 0, rows: 1 }, geometry)
    expect(runs.map(({ start, end }) => (start + end) / 2)).toEqual([2, 6])
    expect(runs.map(({ confidence }) => confidence)).toEqual([0.5, 0.25])
  })

  it('follow the weights, each row of positions read alike', () => {
    const input = parseManifest(JSON.stringify(raw), 'tiny.json').input
    const look = (...at: number[]): Float32Array => {
      const weights = new Float32Array(8)
      for (const position of at) weights[position] = 1 / at.length
      return weights
    }
    const hypothesis = { classes: [3, 4], logProbability: 0, probabilities: [1, 1], weights: [look(0, 4), look(3, 7)] }
    const runs = writtenRuns(hypothesis, 8, { stride: 16, offset: 0, rows: 2 }, geometryOf(64, 16, input))
    expect(runs.map(({ start }) => start)).toEqual([0, 3])
  })
})
