/** Ours against the reference recogniser, in turns: the model alone on prepared tensors, and files to text. */
import { createHash } from 'node:crypto'
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { loadModel, loadRegistry, type Model } from '../src/reading/models'
import { preferredModel } from '../src/reading'
import { decode, framesOf, readLanguageModel } from '../src/reading/decode'
import { geometryOf, numbersOf, writeNumbers } from '../src/reading/preprocess'
import { createEngine, spawnNodeEngine, type Engine, type SpawnEngine } from '../src/reading/engine'
import { Appetite, prepareFile } from '../src/reading/engine/prepare'
import { knownProviders } from '../src/reading/engine/providers'
import type { EngineProcess } from '../src/reading/engine/protocol'
import { openChecked, type ModelSession } from '../src/reading/engine/session'
import { median, type Result } from './report'
import { findImages, type Setting } from './setting'
import { measureStages } from './stages'

/** A round of the model alone takes about this long for each model. */
const ROUND_MS = 1500
const TRIAL_MS = 400
const BATCHES = [8, 16, 32, 64]
const PREPARED_IMAGES = 512
const STAGED_IMAGES = 320

export async function measureRecogniser(setting: Setting): Promise<{ notes: string[]; results: Result[] }> {
  const { files, note } = findImages(setting)
  const notes = note ? [note] : []
  const shipped = (await loadRegistry([setting.settings.shippedModels])).models
  const ours = preferredModel(shipped)
  if (!ours) throw new Error(`There is no model in ${setting.settings.shippedModels}.`)
  const reference = await referenceModel(setting)
  if (!reference) notes.push(`The reference ${setting.options.reference} is not there: ours is measured alone.`)
  const models = reference ? [ours, reference] : [ours]
  const stages: Result[] = []
  for (const model of models) stages.push(...(await measureStages(model, files.slice(0, STAGED_IMAGES))))
  const alone = await measureModels(models, files, setting.options.rounds)
  notes.push(...alone.notes)
  const whole = await measureFiles(setting, models, files)
  const latencies = models.map(({ manifest }, index) => ({
    name: `one field on one thread, first network: ${manifest.id}`,
    value: alone.latencies[index]!,
    unit: 'ms'
  }))
  return {
    notes,
    results: [
      ...compare('model alone', alone.rates, 4),
      ...compare(
        'files to text',
        whole.map((turns) => turns.map(({ rate }) => rate)),
        1.5
      ),
      ...compare(
        'files to text, of processor time',
        whole.map((turns) => turns.map(({ ofProcessor }) => ofProcessor)),
        3
      ),
      ...stages,
      ...latencies,
      ...(await loadTimes(setting, shipped))
    ]
  }
}

/** Fields a second of each model, one number a round; the first is ours. */
function compare(what: string, [ours, reference]: number[][], target: number): Result[] {
  const results: Result[] = [{ name: `${what}: ours`, value: median(ours!), unit: 'fields/s' }]
  if (!reference) return results
  const ratios = ours!.map((rate, round) => rate / reference[round]!)
  results.push({ name: `${what}: reference`, value: median(reference), unit: 'fields/s' })
  results.push({ name: `${what}: ours ÷ reference`, value: median(ratios), unit: '×', target: { atLeast: target } })
  return results
}

async function measureModels(
  models: Model[],
  files: string[],
  rounds: number
): Promise<{ rates: number[][]; latencies: number[]; notes: string[] }> {
  const tuned: Network[][] = []
  const latencies: number[] = []
  const notes: string[] = []
  for (const model of models) {
    const inputs = await prepareInputs(model, files)
    const best = await tune(model, inputs)
    const networks: Network[] = [{ ...best, inputs, share: 1 }]
    notes.push(`${model.manifest.id} alone is fastest here with ${best.threads} threads and batches of ${best.batch}.`)
    if (model.second) {
      const share = await doubtedShare(model, best.session, inputs)
      const seconds = await prepareInputs(model.second, files)
      networks.push({ ...(await tune(model.second, seconds)), inputs: seconds, share })
      notes.push(`Its second network reads ${(share * 100).toFixed(1)} % of these images; its time on them is counted.`)
    }
    tuned.push(networks)
    latencies.push(await latency(model, inputs))
  }
  const rates: number[][] = models.map(() => [])
  for (let round = 0; round < rounds; round++) {
    for (const [index, networks] of tuned.entries()) {
      let each = 0
      for (const { session, inputs, batch, share } of networks)
        each += share / (await rate(session, inputs, batch, ROUND_MS))
      rates[index]!.push(1 / each)
    }
  }
  for (const { session } of tuned.flat()) await session.close()
  return { rates, latencies, notes }
}

interface Network {
  session: ModelSession
  inputs: Inputs
  batch: number
  /** Of all fields: those that it is run on. */
  share: number
}

/** Of the fields that a model's first network reads, those that its second is asked about. */
async function doubtedShare(
  model: Model,
  session: ModelSession,
  { data, count, size, width }: Inputs
): Promise<number> {
  const { manifest } = model
  const languageModel = model.languageModel === null ? null : readLanguageModel(model.languageModel)
  const geometry = geometryOf(width, manifest.input.height, manifest.input)
  let doubted = 0
  for (let index = 0; index < count; index++) {
    const output = await session.run(data.subarray(index * size, (index + 1) * size), 1, width)
    const frames = framesOf(output.data, output, 0, manifest.output)
    if (decode(frames, manifest, geometry, languageModel).probability < manifest.cascade!.below) doubted++
  }
  return doubted / count
}

/** Milliseconds of the first network on one field with one thread. */
async function latency(model: Model, inputs: Inputs): Promise<number> {
  const session = await openChecked(model, knownProviders().at(-1)!, 1)
  const each = 1000 / (await rate(session, inputs, session.fixedBatch ?? 1, TRIAL_MS))
  await session.close()
  return each
}

/** From a fresh engine process being asked for to its being ready to read. */
async function loadTimes({ settings, options }: Setting, models: Model[]): Promise<Result[]> {
  const results: Result[] = []
  for (const model of models) {
    const times: number[] = []
    for (let round = 0; round < options.rounds; round++) {
      const engine = createEngine(spawnNodeEngine(settings.enginePath))
      const startedAt = performance.now()
      await engine.load(model, 'cpu')
      times.push(performance.now() - startedAt)
      await engine.stop()
    }
    const name = `starting the engine with ${model.manifest.id}`
    results.push({ name, value: median(times), unit: 'ms', target: { atMost: 1000 } })
  }
  return results
}

interface Inputs {
  data: Float32Array
  count: number
  width: number
  /** Numbers an input. */
  size: number
}

/** Real images as tensors; all of one width, or the model's most frequent one where widths vary. */
async function prepareInputs(model: Model, files: string[]): Promise<Inputs> {
  const appetite = new Appetite()
  const prepared = []
  for (let key = 0; key < PREPARED_IMAGES; key++) {
    const path = files[key % files.length]!
    prepared.push(await prepareFile({ key, path, page: 1, rotation: 0 }, model, appetite))
  }
  const widths = prepared.map(({ geometry }) => geometry.inputWidth)
  const width = median(widths) // of fixed-width models, the width
  const fitting = prepared.filter(({ geometry }) => geometry.inputWidth === width)
  const size = width * model.manifest.input.height
  const numbers = numbersOf(model.manifest.input)
  const data = new Float32Array(fitting.length * size)
  fitting.forEach(({ pixels }, index) => writeNumbers(pixels, numbers, data, index * size))
  return { data, count: fitting.length, width, size }
}

/** Each model at its best: every count of threads and batch size gets a short trial. */
async function tune(model: Model, inputs: Inputs): Promise<{ session: ModelSession; batch: number; threads: number }> {
  const cpu = knownProviders().at(-1)!
  let best: { session: ModelSession; batch: number; threads: number; speed: number } | null = null
  for (let threads = 1; threads <= Math.min(4, availableParallelism()); threads++) {
    const session = await openChecked(model, cpu, threads)
    for (const batch of session.fixedBatch ? [session.fixedBatch] : BATCHES) {
      const speed = await rate(session, inputs, batch, TRIAL_MS)
      if (best && speed <= best.speed) continue
      if (best && best.session !== session) await best.session.close()
      best = { session, batch, threads, speed }
    }
    if (best?.session !== session) await session.close()
  }
  return best!
}

/** Fields a second over about `milliseconds`, after one batch that does not count. */
async function rate(session: ModelSession, inputs: Inputs, batch: number, milliseconds: number): Promise<number> {
  const { size, width } = inputs
  const count = Math.min(batch, inputs.count)
  const batches = Math.floor(inputs.count / count)
  const run = (index: number) =>
    session.run(inputs.data.subarray(index * count * size, (index + 1) * count * size), count, width)
  await run(0)
  const startedAt = performance.now()
  let done = 0
  while (performance.now() - startedAt < milliseconds) {
    await run((done / count) % batches)
    done += count
  }
  return (done * 1000) / (performance.now() - startedAt)
}

/** Of one turn: fields a second, and fields a second of processor time of both processes. */
interface Turn {
  rate: number
  ofProcessor: number
}

/** Files to text through the engine process, as the app does it; one process a model, both warm. */
async function measureFiles(setting: Setting, models: Model[], files: string[]): Promise<Turn[][]> {
  const paths = Array.from(
    { length: Math.min(1000, setting.options.images) },
    (_, index) => files[index % files.length]!
  )
  const items = paths.map((path, key) => ({ key, path, page: 1, rotation: 0 as const }))
  const engines = models.map((model) => ({ model, ...watched(spawnNodeEngine(setting.settings.enginePath)) }))
  try {
    for (const { model, engine } of engines) {
      await engine.load(model, 'cpu')
      await engine.read(items.slice(0, 100))
    }
    const turns: Turn[][] = engines.map(() => [])
    for (let round = 0; round < setting.options.rounds; round++) {
      for (const [index, { engine, worked }] of engines.entries()) {
        const startedAt = performance.now()
        const before = worked()
        const results = await engine.read(items)
        const failed = results.filter((result) => !result.ok).length
        if (failed > 0) throw new Error(`${failed} of ${items.length} images could not be read.`)
        turns[index]!.push({
          rate: (items.length * 1000) / (performance.now() - startedAt),
          ofProcessor: items.length / (worked() - before)
        })
      }
    }
    return turns
  } finally {
    for (const { engine } of engines) await engine.stop()
  }
}

/** An engine, and the seconds of processor time that it and this process took; NaN where the system does not say. */
function watched(spawn: SpawnEngine): { engine: Engine; worked: () => number } {
  let child: EngineProcess | null = null
  const engine = createEngine(() => (child = spawn()))
  const worked = (): number => {
    const { user, system } = process.cpuUsage()
    return (user + system) / 1e6 + (child?.worked?.() ?? Number.NaN)
  }
  return { engine, worked }
}

/** The reference as a user would add it: its file and a manifest beside it; null where it is not on this machine. */
export async function referenceModel({ options, scratch }: Setting): Promise<Model | null> {
  if (!existsSync(options.reference)) return null
  const folder = join(scratch, 'reference')
  mkdirSync(folder, { recursive: true })
  const manifestPath = join(folder, 'names-keras-crnn.json')
  copyFileSync(options.reference, join(folder, 'names-keras-crnn.onnx'))
  const manifest = {
    schema: 1,
    id: 'names-keras-crnn',
    title: 'The reference recogniser',
    kind: 'ctc',
    file: 'names-keras-crnn.onnx',
    sha256: createHash('sha256').update(readFileSync(options.reference)).digest('hex'),
    input: {
      name: 'image',
      layout: 'NCHW',
      height: 64,
      width: 256,
      fit: 'stretch',
      resample: 'bilinear',
      invert: false
    },
    // 64 columns of 4 px; the last two are dropped inside the model.
    output: { name: 'probabilities', layout: 'NTC', activation: 'probabilities', frames: { stride: 4, offset: 0 } },
    charset: [..." '-ABCDEFGHIJKLMNOPQRSTUVWXYZ`"],
    blank: 30
  }
  writeFileSync(manifestPath, JSON.stringify(manifest))
  return loadModel(manifestPath)
}
