/** TypeScript and Python compute the same, from file to text. */
import { createHash } from 'node:crypto'
import { rmSync } from 'node:fs'
import { resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { uprightPixels } from '../../src/reading/images/pixels'
import { loadModel, type Model } from '../../src/reading/models'
import { numbersOf, prepare, toGrey, writeNumbers } from '../../src/reading/preprocess'
import { createEngine, spawnNodeEngine } from '../../src/reading/engine'
import { knownProviders } from '../../src/reading/engine/providers'
import { openChecked, type ModelSession } from '../../src/reading/engine/session'
import { engineForTests } from '../fixtures/engine'
import { readGolden } from './golden'

const golden = readGolden()
const files = golden.writeImages()
const pixelsOfFile = (image: number) => uprightPixels(files.paths[image]!, 1, 0)
afterAll(() => rmSync(files.folder, { recursive: true, force: true }))

describe('pixels equal Python’s', () => {
  it('after decoding', async () => {
    const different: string[] = []
    for (const [index, image] of golden.images.entries()) {
      const grey = toGrey(await pixelsOfFile(index))
      const same = createHash('sha256').update(grey.data).digest('hex') === image.grey
      if (!same || grey.width !== image.width || grey.height !== image.height) different.push(image.name)
    }
    expect(different).toEqual([])
  })

  it.each(golden.manifests)('for the model input $name', async ({ name, input }) => {
    const cases = golden.pixels.filter((expected) => expected.manifest === name)
    expect(cases.length).toBeGreaterThan(0)
    const different: string[] = []
    for (const expected of cases) {
      const { pixels, geometry } = prepare(await pixelsOfFile(expected.image), input)
      expect([geometry.inputWidth, geometry.inputHeight]).toEqual([expected.width, expected.height])
      if (!golden.pixelsOf(expected).equals(pixels)) different.push(golden.images[expected.image]!.name)
    }
    expect(different).toEqual([])
  })
})

describe('the shipped model', () => {
  let model: Model
  let session: ModelSession
  beforeAll(async () => {
    model = await loadModel(resolve(import.meta.dirname, `../../resources/models/${golden.model.id}.json`))
    session = await openChecked(model, knownProviders().at(-1)!, 1)
  })
  afterAll(() => session.close())

  it('is the one that the vectors were computed with', () => {
    expect(model.manifest.sha256).toBe(golden.model.sha256)
    const { input } = golden.manifests.find(({ name }) => name === golden.model.id)!
    expect(model.manifest.input).toMatchObject(input)
  })

  it('gives Python’s logits', async () => {
    const numbers = numbersOf(model.manifest.input)
    let largest = 0
    for (const expected of golden.logits) {
      const { pixels, geometry } = prepare(await pixelsOfFile(expected.image), model.manifest.input)
      const data = new Float32Array(pixels.length)
      writeNumbers(pixels, numbers, data, 0)
      const output = await session.run(data, 1, geometry.inputWidth)
      expect([output.frames, output.classes]).toEqual([expected.frames, expected.classes])
      golden.logitsOf(expected).forEach((logit, at) => {
        largest = Math.max(largest, Math.abs(logit - output.data[at]!))
      })
    }
    expect(golden.logits.length).toBeGreaterThanOrEqual(20)
    expect(largest).toBeLessThanOrEqual(golden.tolerance.logits)
  })

  it('is read to Python’s texts', async () => {
    const engine = createEngine(spawnNodeEngine(await engineForTests()))
    await engine.load(model, 'cpu')
    const items = files.paths.map((path, key) => ({ key, path, page: 1, rotation: 0 as const }))
    const results = await engine.read(items)
    await engine.stop()
    const same = results.filter((result, image) => result.ok && result.text === golden.texts[image]).length
    expect(golden.texts.length).toBeGreaterThanOrEqual(200)
    expect(same / golden.texts.length).toBeGreaterThanOrEqual(golden.tolerance.texts)
  })
})
