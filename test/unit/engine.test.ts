import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { FEATURES, textLogProbability, unpackLattice } from '../../src/core/decode'
import { createEngine, spawnNodeEngine, type Engine, type EngineItem, type SpawnEngine } from '../../src/core/recognise'
import { barsModel, writeBars } from '../fixtures/bars'
import { engineForTests } from '../fixtures/engine'

let folder: string
let spawn: SpawnEngine
const engines: Engine[] = []

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'nomina-engine-'))
  spawn = spawnNodeEngine(await engineForTests())
})
afterEach(() => Promise.all(engines.splice(0).map((engine) => engine.stop())))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function start(): Engine {
  const engine = createEngine(spawn)
  engines.push(engine)
  return engine
}

async function items(texts: string[]): Promise<EngineItem[]> {
  return Promise.all(
    texts.map(async (text, key) => {
      const path = join(folder, `${key}-${text}.png`)
      await writeBars(path, text)
      return { key, path, page: 1, rotation: 0 as const }
    })
  )
}

describe('the engine process', () => {
  it('reads what is on the images, in the order asked, whatever their widths', async () => {
    const engine = start()
    const { provider, providers, note } = await engine.load(await barsModel(), 'cpu')
    expect(provider).toBe('cpu')
    expect(note).toBeNull()
    expect(providers.find(({ name }) => name === 'cpu')).toMatchObject({ status: 'chosen' })
    const texts = Array.from({ length: 50 }, (_, n) => ['A', 'CAB', '', 'BB', 'ABCABC'][n % 5]!)
    const results = await engine.read(await items(texts))
    expect(results.map((result) => (result.ok ? result.text : result.reason))).toEqual(texts)
    expect(results.map(({ key }) => key)).toEqual(texts.map((_, key) => key))
    expect(engine.report()).toMatchObject({ running: true, provider: 'cpu' })
  })

  it('says where each character stands on the crop', async () => {
    const engine = start()
    await engine.load(await barsModel(), 'cpu')
    const [result] = await engine.read(await items(['AC']))
    expect(result).toMatchObject({ ok: true, width: 32, height: 8, calibrated: false })
    const { characters, confidence } = result as Extract<typeof result, { ok: true }>
    expect(characters.map(({ text, start, end }) => ({ text, start, end }))).toEqual([
      { text: 'A', start: 0, end: 16 },
      { text: 'C', start: 16, end: 32 }
    ])
    expect(confidence).toBeGreaterThan(0.99)
  })

  it('sends along what the network said, so that texts can be scored later', async () => {
    const engine = start()
    const { manifest, ...model } = await barsModel()
    await engine.load({ ...model, manifest }, 'cpu')
    const [result] = await engine.read(await items(['AC']))
    const { lattice, features, confidence } = result as Extract<typeof result, { ok: true }>
    const unpacked = unpackLattice(Buffer.from(lattice!), manifest.charset, manifest.blank!)
    expect(textLogProbability(unpacked, 'AC')).toBeCloseTo(Math.log(confidence), 1)
    expect(textLogProbability(unpacked, 'AB')).toBeLessThan(-3)
    expect(features).toHaveLength(FEATURES.length)
  })

  it('takes a model whose batch is fixed to one', async () => {
    const engine = start()
    await engine.load(await barsModel('bars-one'), 'cpu')
    const results = await engine.read(await items(['A', 'B', 'C', 'CA']))
    expect(results.map((result) => (result.ok ? result.text : result.reason))).toEqual(['A', 'B', 'C', 'CA'])
  })

  it('fails what can’t be read with its reason, and reads the others', async () => {
    const engine = start()
    await engine.load(await barsModel(), 'cpu')
    const [good, vanished] = await items(['ABC', 'CC'])
    rmSync(vanished!.path)
    const broken = join(folder, 'broken.png')
    writeFileSync(broken, '')
    const results = await engine.read([vanished!, { key: 7, path: broken, page: 1, rotation: 0 }, good!])
    expect(results[0]).toMatchObject({ key: 1, ok: false, reason: expect.stringMatching(/not there any more/) })
    expect(results[1]).toMatchObject({ key: 7, ok: false, reason: expect.stringMatching(/empty/) })
    expect(results[2]).toMatchObject({ key: 0, ok: true, text: 'ABC' })
  })

  it('turns an image as a person turned it', async () => {
    const engine = start()
    await engine.load(await barsModel(), 'cpu')
    const [item] = await items(['ABC'])
    const [turned] = await engine.read([{ ...item!, rotation: 2 }])
    expect(turned).toMatchObject({ ok: true, text: 'CBA' })
  })

  it.each([
    ['bars-nan', /"logits" is NaN at frame 0, class 0/],
    ['bars-five-classes', /has 5 classes, but the charset’s 3 characters and the blank make 4/],
    ['bars-rank-four', /has the shape \[2, \d+, 1, 4\]; NTC has three dimensions/]
  ])('refuses %s with what and where, and goes on with another model', async (id, message) => {
    const engine = start()
    await expect(engine.load(await barsModel(id), null)).rejects.toMatchObject({
      code: 'refused',
      message: expect.stringMatching(message)
    })
    await engine.load(await barsModel(), 'cpu')
    expect(await engine.read(await items(['B']))).toMatchObject([{ text: 'B' }])
  })

  it('refuses a provider that does not exist, and falls back visibly from one that can’t be used', async () => {
    const engine = start()
    const model = await barsModel()
    await expect(engine.load(model, 'abacus')).rejects.toMatchObject({ code: 'invalid-input' })
    if (process.platform !== 'linux') return
    const { provider, note, providers } = await engine.load(model, 'cuda')
    if (provider === 'cuda') return // this machine has it
    expect(provider).toBe('cpu')
    expect(note).toMatch(/CUDA can’t be used here, so CPU is/)
    expect(providers.find(({ name }) => name === 'cuda')).toMatchObject({ status: 'unavailable' })
  })

  it('stops what was cancelled', async () => {
    const engine = start()
    await engine.load(await barsModel(), 'cpu')
    const abort = new AbortController()
    const reading = engine.read(await items(['A', 'B']), abort.signal)
    abort.abort(new Error('Stopped.'))
    await expect(reading).rejects.toThrow('Stopped.')
    expect(await engine.read(await items(['C']))).toMatchObject([{ text: 'C' }])
  })
})
