import { createHash } from 'node:crypto'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { inputsOf, readLanguageModel } from '../../src/reading/decode'
import { loadModel, loadRegistry, modelHash, parseManifest, type Manifest } from '../../src/reading/models'
import { manifestDefaults } from '../../src/reading/models/manifest'
import { modelsFolder } from '../fixtures/bars'

let folder: string
const bars = JSON.parse(readFileSync(join(modelsFolder, 'bars.json'), 'utf8')) as Record<string, unknown>

beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'nomina-models-'))))
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function install(name: string, changes: Record<string, unknown> = {}, into = folder): string {
  mkdirSync(into, { recursive: true })
  cpSync(join(modelsFolder, 'bars.onnx'), join(into, 'bars.onnx'))
  const path = join(into, `${name}.json`)
  writeFileSync(path, JSON.stringify({ ...bars, id: name, ...changes }))
  return path
}

describe('the hash of a model', () => {
  it('of the shipped ones is told here: every project knows its model by it, and another one wants a higher version', async () => {
    const { models } = await loadRegistry([join(import.meta.dirname, '../../resources/models')])
    expect(Object.fromEntries(models.map(({ manifest, hash }) => [manifest.id, hash]))).toEqual({
      'names-caps': '9f0fb9f9bfc04f321952f86522ec6f0626f98ec6053957dae28a0fa4e9c687ab',
      'latin-lines': '71bd3986c5ead06a22ea6e5477025124c2ac8f123bc05128260846f0f7c1f9dd'
    })
  })

  it('leaves out a later key where it has its default, and holds it where it has another value', () => {
    const manifest = parseManifest(JSON.stringify(bars), 'bars.json')
    const hash = modelHash(manifest, 'a')
    const spy = manifestDefaults.input
    spy['channels'] = 1
    const hashOf = (channels: number): string =>
      modelHash({ ...manifest, input: { ...manifest.input, channels } as Manifest['input'] }, 'a')
    expect([hashOf(1) === hash, hashOf(3) === hash]).toEqual([true, false])
    delete spy['channels']
  })
})

describe('the registry', () => {
  it('passes over a kind that it does not know, with a note, and keeps the others', async () => {
    install('good')
    const path = install('later', { kind: 'transducer', blank: undefined, somethingNew: { a: 1 } })
    const { models, refused } = await loadRegistry([folder])
    expect(models.map(({ manifest }) => manifest.id)).toEqual(['good'])
    expect(refused).toEqual([{ path, reason: expect.stringContaining('“transducer”'), passedOver: true }])
  })

  it('checks the weights and the external data beside a model', async () => {
    writeFileSync(join(folder, 'bars.safetensors'), 'weights')
    const sha256 = createHash('sha256').update('weights').digest('hex')
    const part = { file: 'bars.safetensors', sha256 }
    await loadModel(install('whole', { weights: part, externalData: [part], base: { id: 'names', hash: sha256 } }))
    for (const changes of [
      { weights: { ...part, sha256: '0'.repeat(64) } },
      { externalData: [{ ...part, file: 'none' }] }
    ])
      await expect(loadModel(install('broken', changes))).rejects.toThrow(/sha256 does not fit|there is no such file/)
  })

  it('finds a pair of files, and the later folder wins on equal ids', async () => {
    install('names')
    install('names', { title: 'Mine' }, join(folder, 'own'))
    const { models, refused } = await loadRegistry([folder, join(folder, 'own'), join(folder, 'missing')])
    expect(refused).toEqual([])
    expect(models.map(({ manifest }) => manifest.title)).toEqual(['Mine'])
    expect(models[0]!.folder).toBe(join(folder, 'own'))
  })

  it('refuses what is broken with what and where, and keeps the others', async () => {
    install('good')
    install('wrong-hash', { sha256: '0'.repeat(64) })
    install('missing-file', { file: 'nowhere.onnx' })
    writeFileSync(join(folder, 'bad.json'), '{"schema": 1,')
    writeFileSync(join(folder, 'text.onnx'), 'this is no model')
    writeFileSync(join(folder, 'text.json'), JSON.stringify({ ...bars, id: 'text', file: 'text.onnx' }))
    writeFileSync(join(folder, 'lonely.onnx'), readFileSync(join(modelsFolder, 'bars-one.onnx')))
    const { models, refused } = await loadRegistry([folder])
    expect(models.map(({ manifest }) => manifest.id)).toEqual(['good'])
    const reasonOf = (name: string): string => refused.find(({ path }) => path === join(folder, name))!.reason
    expect(reasonOf('wrong-hash.json')).toMatch(/sha256 does not fit: the manifest says 0000/)
    expect(reasonOf('missing-file.json')).toMatch(/"nowhere.onnx": there is no such file/)
    expect(reasonOf('bad.json')).toMatch(/not JSON/)
    expect(reasonOf('text.json')).toMatch(/not an ONNX model/)
    expect(reasonOf('lonely.onnx')).toMatch(/no manifest/)
    expect(refused).toHaveLength(5)
  })

  it('takes a language model beside it, and refuses another file or none', async () => {
    const vectors = readFileSync(join(import.meta.dirname, '../parity/golden/decoding.json'), 'utf8')
    const content = Buffer.from((JSON.parse(vectors) as { languageModel: string }).languageModel, 'base64')
    const described = (file: string, sha256: string) => ({
      decoder: { beam: 8, greedyAbove: 0.9, languageModel: { file, sha256, weight: 0.5, lengthBonus: 1 } }
    })
    const sha256 = createHash('sha256').update(content).digest('hex')
    const path = install('names', described('names.lm', sha256))
    await expect(loadModel(path)).rejects.toThrow(/decoder.languageModel "names.lm": there is no such file/)
    writeFileSync(join(folder, 'names.lm'), content)
    const { languageModel, hash } = await loadModel(path)
    expect(languageModel).toBe(join(folder, 'names.lm'))
    // What reads otherwise is another origin of readings.
    expect(hash).not.toBe((await loadModel(install('names'))).hash)
    install('names', described('names.lm', '0'.repeat(64)))
    await expect(loadModel(path)).rejects.toThrow(/sha256 does not fit/)
    install('names', described('../names.lm', sha256))
    await expect(loadModel(path)).rejects.toThrow(/must name a file beside the manifest/)
  })

  it('takes a second network beside it, and refuses another file, none, or what it can’t average', async () => {
    const { file, sha256, input, output } = bars as unknown as Manifest
    const fixed = { ...input, width: 64 }
    const cascade = { file: 'second.onnx', sha256, input: fixed, output, below: 0.9, weight: 0.5 }
    const path = install('names', { input: fixed, cascade })
    await expect(loadModel(path)).rejects.toThrow(/cascade: file "second.onnx": there is no such file/)
    cpSync(join(folder, file), join(folder, 'second.onnx'))
    const { second, hash } = await loadModel(path)
    expect(second).toMatchObject({ file: join(folder, 'second.onnx'), manifest: { input: { width: 64 } } })
    expect((await loadRegistry([folder])).refused).toEqual([])
    install('names', { input: fixed, cascade: { ...cascade, below: 0.8 } })
    expect((await loadModel(path)).hash).not.toBe(hash)
    install('names', { input: fixed, cascade: { ...cascade, sha256: '0'.repeat(64) } })
    await expect(loadModel(path)).rejects.toThrow(/cascade: sha256 does not fit/)
    install('names', { input: fixed, cascade: { ...cascade, input: { ...fixed, fit: 'stretch' } } })
    await expect(loadModel(path)).rejects.toThrow(/cascade: input.fit, input.align and output.frames.rows must be/)
    install('names', { cascade })
    await expect(loadModel(path)).rejects.toThrow(/cascade: only kind "ctc" with inputs of a fixed width/)
  })

  it('takes closer views, as another origin of readings, and refuses what can’t be one', async () => {
    const path = install('names', { views: { trims: [0.1, 0.2], below: 0.8 } })
    const { manifest, hash } = await loadModel(path)
    expect(inputsOf(manifest).map(({ trim }) => trim)).toEqual([0, 0.1, 0.2])
    expect(hash).not.toBe((await loadModel(install('names'))).hash)
    for (const trims of [[], [0.5], [-0.1]]) {
      install('names', { views: { trims, below: 0.8 } })
      await expect(loadModel(path)).rejects.toThrow(/views.trims/)
    }
    const { sha256, input, output } = bars as unknown as Manifest
    const fixed = { ...input, width: 64 }
    const cascade = { file: 'second.onnx', sha256, input: fixed, output, below: 0.9, weight: 0.5 }
    install('names', { input: fixed, cascade, views: { trims: [0.1], below: 0.8 } })
    await expect(loadModel(path)).rejects.toThrow(/views: only kind "ctc" without a cascade/)
  })

  it.each([
    [Buffer.from('no language model'), /does not begin with NLM1/],
    [Buffer.from('NLM1\x02\0\0\0{}'), /can’t be used/]
  ])('says that a file is no language model (case %#)', (content, message) => {
    const path = join(folder, 'names.lm')
    writeFileSync(path, content)
    expect(() => readLanguageModel(path)).toThrow(message)
  })

  it('says that a model is cut off, also when it was whole before', async () => {
    const path = install('names')
    await loadModel(path)
    truncateSync(join(folder, 'bars.onnx'), 300)
    await expect(loadModel(path)).rejects.toThrow(/cut off/)
  })
})

describe('a manifest', () => {
  const parse = (changes: Record<string, unknown>): Manifest =>
    parseManifest(JSON.stringify({ ...bars, ...changes }), 'names.json')

  it('fills in what is optional', () => {
    expect(parse({}).input).toMatchObject({ resample: 'bilinear', align: 'left', morphology: 'none', mean: 0, std: 1 })
  })

  it('keeps keys that it does not know', () => {
    expect(parse({ colour: 'blue' })).toMatchObject({ colour: 'blue' })
  })

  const input = bars.input as object
  it.each([
    ['another schema', { schema: 2 }, /schema: only schema 1/],
    ['no charset', { charset: undefined }, /charset: is missing/],
    ['a character twice', { charset: ['A', 'B', 'A'] }, /charset: "A" occurs twice/],
    ['no blank', { blank: undefined }, /blank: is missing/],
    ['a blank beyond the classes', { blank: 4 }, /blank: must be at most/],
    ['a file elsewhere', { file: '../../secret.onnx' }, /file: must name a file beside/],
    ['an absolute file', { file: '/etc/passwd' }, /file: must name a file beside/],
    ['a height of 0', { input: { ...input, height: 0 } }, /input\.height/],
    ['a width that is none', { input: { ...input, width: { min: 9, max: 8, multipleOf: 1 } } }, /input\.width/],
    ['an unknown fit', { input: { ...input, fit: 'crop' } }, /input\.fit/],
    ['an unknown calibration', { calibration: { method: 'magic' } }, /calibration: must be/],
    ['no attention for kind attention', { kind: 'attention' }, /attention: is missing/]
  ])('with %s is refused with what and where', (_what, changes, message) => {
    expect(() => parse(changes)).toThrow(message)
    expect(() => parse(changes)).toThrow(/^names\.json: /)
  })

  it('names its readings by what determines them alone', () => {
    const hash = (changes: Record<string, unknown>, sha = 'a'): string => modelHash(parse(changes), sha)
    expect(hash({ title: 'Other', credits: ['x'], metrics: { cer: 1 } })).toBe(hash({}))
    expect(hash({ input: { ...input, resample: 'bilinear' } })).toBe(hash({}))
    expect(hash({ input: Object.fromEntries(Object.entries(input).reverse()) })).toBe(hash({}))
    expect(hash({ charset: ['A', 'B', 'D'] })).not.toBe(hash({}))
    expect(hash({ calibration: { method: 'temperature', temperature: 2 } })).not.toBe(hash({}))
    expect(hash({}, 'b')).not.toBe(hash({}))
  })
})
