import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { loadModel, type Manifest, type Model } from '../../src/reading/models'
import { FEATURES, textLogProbability, unpackLattice } from '../../src/reading/decode'
import { createEngine, spawnNodeEngine, type Engine, type EngineItem, type SpawnEngine } from '../../src/reading/engine'
import { knownProviders } from '../../src/reading/engine/providers'
import type { EngineResult } from '../../src/reading/engine'
import { Reader } from '../../src/reading/engine/reader'
import { openChecked, type ModelSession } from '../../src/reading/engine/session'
import { barsModel, barsPixels, modelsFolder, writeBars } from '../fixtures/bars'
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

  describe('with a second network', () => {
    /** Of greys it sees each a sixth lighter: what is between A and B to the first network is an A to it. */
    function install(cascade: Partial<NonNullable<Manifest['cascade']>> = {}): Promise<Model> {
      const bars = JSON.parse(readFileSync(join(modelsFolder, 'bars.json'), 'utf8')) as Manifest
      const { file, sha256, output } = bars
      const input = { ...bars.input, width: 64 }
      const second = { file, sha256, input: { ...input, mean: 1 / 6 }, output, below: 0.9, weight: 0.9, ...cascade }
      cpSync(join(modelsFolder, file), join(folder, file))
      writeFileSync(join(folder, 'two.json'), JSON.stringify({ ...bars, id: 'two', input, cascade: second }))
      return loadModel(join(folder, 'two.json'))
    }
    const unsure = async (name: string, scale = 1): Promise<EngineItem> => {
      const path = join(folder, `${name}.png`)
      const data = Buffer.alloc(64 * 8, 255)
      for (let y = 0; y < 8; y++) data.fill(127, y * 64 + 4, y * 64 + 12)
      await sharp(data, { raw: { width: 64, height: 8, channels: 1 } })
        .resize(64 * scale, 8 * scale, { kernel: 'nearest' })
        .png()
        .toFile(path)
      return { key: 99, path, page: 1, rotation: 0 }
    }

    it('asks it about what the first doubts, and about nothing else', async () => {
      const engine = start()
      const doubted = await unsure('unsure')
      await engine.load(await install({ below: 0 }), 'cpu')
      const [alone] = (await engine.read([doubted])) as { confidence: number }[]
      expect(alone!.confidence).toBeLessThan(0.7)
      await engine.load(await install(), 'cpu')
      // Of what the first network is sure of, the second sees a C between B and C.
      const sure = await items(['CCCC', 'BCBC', 'CCCC'])
      const results = await engine.read([sure[0]!, doubted, sure[1]!, sure[2]!])
      expect(results.map((result) => result.ok && result.text)).toEqual(['CCCC', 'A', 'BCBC', 'CCCC'])
      const [, averaged] = results as { confidence: number }[]
      expect(averaged!.confidence).toBeGreaterThan(0.9)
    })

    it('weighs both up', async () => {
      const engine = start()
      const doubted = await unsure('unsure')
      await engine.load(await install({ weight: 0 }), 'cpu')
      const [first] = (await engine.read([doubted])) as { confidence: number }[]
      expect(first!.confidence).toBeLessThan(0.7)
    })

    describe('that fails, or whose file is gone by then', () => {
      let path: string
      let session: ModelSession
      let confidence: number
      const read = async (first: ModelSession['run'], second: ModelSession['run']): Promise<number> => {
        const [result] = await new Promise<EngineResult[]>((resolve) => {
          const events = { onResults: (_: number, done: EngineResult[]) => resolve(done), onBatch: () => {} }
          const sessions = [first, second].map((run) => ({ ...session, run }))
          const reader = new Reader(sessions[0]!, sessions[1]!, 8, { ...events, onProviderFailure: () => {} })
          reader.read(1, [{ key: 5, path, page: 1, rotation: 0 }])
        })
        expect(result).toMatchObject({ key: 5, ok: true })
        return (result as { confidence: number }).confidence
      }
      const thenGone: ModelSession['run'] = async (...given) => {
        const output = await session.run(...given)
        rmSync(path)
        return output
      }
      let asked: number[]
      const counted: ModelSession['run'] = (data, count, width) => {
        asked.push(count)
        return session.run(data, count, width)
      }
      const open = async (scale: number): Promise<void> => {
        asked = []
        session = await openChecked(await install(), knownProviders().at(-1)!, 1)
        path = (await unsure(`doubted-${scale}`, scale)).path
        confidence = await read(session.run, () => Promise.reject(new Error('no memory')))
      }
      afterEach(() => session.close())

      it('leaves the first reading', async () => {
        await open(20) // 200 kB of pixels, which are not kept
        expect(await read(thenGone, counted)).toBe(confidence)
        expect(asked).toEqual([])
      })

      it('reads a small image from pixels that were kept', async () => {
        await open(1)
        await read(thenGone, counted)
        expect(asked).toEqual([1])
      })
    })

    it('refuses one that does not fit, and goes on with another model', async () => {
      const engine = start()
      const { input } = (await install()).second!.manifest
      await expect(engine.load(await install({ input: { ...input, width: 128 } }), 'cpu')).rejects.toThrow(
        /cascade: it gives 32 frames, the first network 16/
      )
      await engine.load(await barsModel(), 'cpu')
      expect(await engine.read(await items(['B']))).toMatchObject([{ text: 'B' }])
    })
  })

  describe('with closer views', () => {
    /** Of a line in a high crop it sees mostly paper, unless the crop is cut closer. */
    function install(views?: Manifest['views']): Promise<Model> {
      const bars = JSON.parse(readFileSync(join(modelsFolder, 'bars.json'), 'utf8')) as Manifest
      cpSync(join(modelsFolder, bars.file), join(folder, bars.file))
      const manifest = { ...bars, id: 'closer', input: { ...bars.input, fit: 'stretch' }, views }
      writeFileSync(join(folder, 'closer.json'), JSON.stringify(manifest))
      return loadModel(join(folder, 'closer.json'))
    }
    async function line(text: string, height: number): Promise<EngineItem> {
      const path = join(folder, `line-${text}-${height}.png`)
      const { data, width } = barsPixels(text)
      const around = { top: (height - 8) / 2, bottom: (height - 8) / 2, background: 'white' }
      await sharp(data, { raw: { width, height: 8, channels: 1 } })
        .extend(around)
        .png()
        .toFile(path)
      return { key: height, path, page: 1, rotation: 0 }
    }
    const textsOf = (results: EngineResult[]): unknown[] => results.map((result) => result.ok && result.text)

    it('cuts closer what it is unsure of, and reads what is seen larger', async () => {
      const engine = start()
      const asked = [await line('CCAC', 8), await line('CBCA', 16), await line('CCC', 20)]
      await engine.load(await install(), 'cpu')
      const whole = textsOf(await engine.read(asked))
      expect(whole[0]).toBe('CCAC')
      expect(whole.slice(1)).not.toContain('CBCA')
      await engine.load(await install({ trims: [0.25, 0.3, 0.45], below: 0.99 }), 'cpu')
      const results = await engine.read(asked)
      expect(textsOf(results)).toEqual(['CCAC', 'CBCA', 'CCC'])
      expect(results.map((result) => result.ok && [result.width, result.height])).toEqual([
        [64, 8],
        [64, 16],
        [48, 20]
      ])
      const [, { characters }] = results as { characters: { start: number; end: number }[] }[] as [
        unknown,
        { characters: { start: number; end: number }[] }
      ]
      expect(characters.map(({ start, end }) => [start, end])).toEqual([
        [0, 16],
        [16, 32],
        [32, 48],
        [48, 64]
      ])
      await engine.load(await install({ trims: [0.25], below: 0 }), 'cpu')
      expect(textsOf(await engine.read(asked))).toEqual(whole)
    })

    it('keeps what it read where the file is gone by then', async () => {
      const { key, path } = await line('CBCA', 512)
      const session = await openChecked(await install({ trims: [0.45], below: 1 }), knownProviders().at(-1)!, 1)
      const gone: ModelSession['run'] = async (...given) => {
        const output = await session.run(...given)
        rmSync(path, { force: true })
        return output
      }
      const results = await new Promise<EngineResult[]>((resolve) => {
        const events = { onBatch: () => {}, onProviderFailure: () => {} }
        const reader = new Reader({ ...session, run: gone }, null, 8, {
          ...events,
          onResults: (_, done) => resolve(done)
        })
        reader.read(1, [{ key, path, page: 1, rotation: 0 }])
      })
      await session.close()
      expect(results).toMatchObject([{ key, ok: true, height: 512 }])
    })
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
