/**
 * Reads images with one opened model: decodes the next files while a batch is computed, puts inputs of equal width into
 * one batch, and answers each request when its last image is done.
 */
import { decode, framesOf, readLanguageModel, type LanguageModel } from '../decode'
import { writeTexts } from '../decode/attention'
import { messageOf } from '../failure'
import { numbersOf, writeNumbers, type Prepared } from '../preprocess'
import { Appetite, prepareFile } from './prepare'
import type { EngineItem, EngineResult } from './protocol'
import { firstUnusable, type ModelSession, type Output } from './session'
import type { Stepper } from './stepper'

const NO_NUMBERS = 'The model computed no numbers for it (NaN).'

interface Request {
  id: number
  items: EngineItem[]
  results: EngineResult[]
  /** Items that are not decoded yet. */
  undecoded: number
  inferenceMs: number
  cancelled: boolean
}
interface Waiting extends Prepared {
  request: Request
  item: EngineItem
}

export interface ReaderEvents {
  onResults(id: number, results: EngineResult[], inferenceMs: number): void
  /** A batch was computed. */
  onBatch(): void
  /** The provider failed, not the model or an image: whatever comes next would fail too. */
  onProviderFailure(error: unknown): void
}

export class Reader {
  private readonly requests: Request[] = []
  private readonly queue: { request: Request; item: EngineItem }[] = []
  /** Decoded images by input width. */
  private readonly groups = new Map<number, Waiting[]>()
  private readonly appetite = new Appetite()
  private readonly numbers: Float32Array
  private readonly languageModel: LanguageModel | null
  /** Used again for every batch: one is computed at a time. */
  private tensor = new Float32Array(0)
  private decoding = 0
  private computing = false
  private idle: (() => void)[] = []

  constructor(
    private readonly session: ModelSession,
    private readonly batchSize: number,
    private readonly events: ReaderEvents
  ) {
    this.numbers = numbersOf(session.model.manifest.input)
    const { languageModel } = session.model
    this.languageModel = languageModel === null ? null : readLanguageModel(languageModel)
  }

  read(id: number, items: EngineItem[]): void {
    const request = { id, items, results: [], undecoded: items.length, inferenceMs: 0, cancelled: false }
    this.requests.push(request)
    for (const item of items) this.queue.push({ request, item })
    this.decodeMore()
    this.finish(request)
  }

  cancel(id: number): void {
    const request = this.requests.find((candidate) => candidate.id === id)
    if (!request) return
    request.cancelled = true
    this.requests.splice(this.requests.indexOf(request), 1)
    for (const [width, group] of this.groups) {
      this.groups.set(
        width,
        group.filter((waiting) => waiting.request !== request)
      )
    }
    this.settle()
  }

  /** Resolves when nothing is left to do. */
  async whenIdle(): Promise<void> {
    if (this.requests.length || this.computing) await new Promise<void>((resolve) => this.idle.push(resolve))
  }

  private decodeMore(): void {
    while (this.decoding < this.appetite.atOnce() && this.queue.length) {
      const { request, item } = this.queue.shift()!
      if (request.cancelled) continue
      this.decoding++
      void prepareFile(item, this.session.model, this.appetite)
        .then(
          (prepared) => this.keep({ ...prepared, request, item }),
          (error: unknown) => void request.results.push({ key: item.key, ok: false, reason: messageOf(error) })
        )
        .then(() => {
          this.decoding--
          request.undecoded--
          this.decodeMore()
          this.finish(request)
          void this.compute()
        })
    }
  }

  private keep(waiting: Waiting): void {
    if (waiting.request.cancelled) return
    const width = waiting.geometry.inputWidth
    const group = this.groups.get(width)
    if (group) group.push(waiting)
    else this.groups.set(width, [waiting])
  }

  /** A full batch of one width; else what the oldest request still waits for. */
  private nextBatch(): Waiting[] | null {
    for (const group of this.groups.values()) {
      if (group.length >= this.batchSize) return group.splice(0, this.batchSize)
    }
    const oldest = this.requests[0]
    if (!oldest || oldest.undecoded > 0) return null
    for (const group of this.groups.values()) {
      if (group.some((waiting) => waiting.request === oldest)) return group.splice(0)
    }
    return null
  }

  /** One batch at a time: onnxruntime holds this thread while it computes. */
  private async compute(): Promise<void> {
    if (this.computing) return
    this.computing = true
    for (let batch = this.nextBatch(); batch; batch = this.nextBatch()) {
      const started = performance.now()
      const results = await this.readBatch(batch)
      const each = (performance.now() - started) / batch.length
      batch.forEach(({ request }, index) => {
        request.results.push(results[index]!)
        request.inferenceMs += each
      })
      this.events.onBatch()
      for (const request of new Set(batch.map((waiting) => waiting.request))) this.finish(request)
      // Decoded images arrive here.
      await new Promise<void>((resolve) => setImmediate(resolve))
    }
    this.computing = false
    this.settle()
  }

  private async readBatch(batch: Waiting[]): Promise<EngineResult[]> {
    const { fixedBatch } = this.session
    if (fixedBatch === null || batch.length === fixedBatch) return this.runBatch(batch, batch.length)
    const results: EngineResult[] = []
    for (let from = 0; from < batch.length; from += fixedBatch) {
      results.push(...(await this.runBatch(batch.slice(from, from + fixedBatch), fixedBatch)))
    }
    return results
  }

  /** @param count inputs that the model gets: those missing are zeros */
  private async runBatch(batch: Waiting[], count: number): Promise<EngineResult[]> {
    const { inputWidth, inputHeight } = batch[0]!.geometry
    const size = inputWidth * inputHeight
    if (this.tensor.length < count * size) this.tensor = new Float32Array(count * size)
    const data = this.tensor.subarray(0, count * size).fill(0, batch.length * size)
    batch.forEach(({ pixels }, index) => writeNumbers(pixels, this.numbers, data, index * size))
    try {
      const output = await this.session.run(data, count, inputWidth)
      if (this.session.stepper) return await this.written(batch, output, this.session.stepper)
      const usable = firstUnusable(output.data, this.session.model.manifest.output.activation) === -1
      return batch.map((waiting, index) => this.resultOf(waiting, output, index, usable))
    } catch (error) {
      if (this.session.provider.name !== 'cpu') this.events.onProviderFailure(error)
      const reason = `The model failed on it: ${messageOf(error).split('\n')[0]}`
      return batch.map(({ item }) => ({ key: item.key, ok: false, reason }))
    }
  }

  /** @param memory the encoded batch of an attention model */
  private async written(batch: Waiting[], memory: Output, stepper: Stepper): Promise<EngineResult[]> {
    const { manifest } = this.session.model
    const size = memory.frames * memory.classes
    const usable = batch.filter((_, at) => !memory.data.subarray(at * size, (at + 1) * size).some(Number.isNaN))
    const texts = await writeTexts(
      (items) =>
        stepper.start(
          memory,
          items.map((item) => batch.indexOf(usable[item]!))
        ),
      usable.map(({ geometry }) => geometry),
      memory.frames,
      manifest
    )
    return batch.map((waiting) => {
      const written = texts[usable.indexOf(waiting)]
      const { item, geometry } = waiting
      return written
        ? { key: item.key, ok: true, ...written, width: geometry.cropWidth, height: geometry.cropHeight }
        : { key: item.key, ok: false, reason: NO_NUMBERS }
    })
  }

  /** @param usable all numbers of the batch are: else each image is looked at by itself */
  private resultOf({ item, geometry }: Waiting, output: Output, index: number, usable: boolean): EngineResult {
    const { manifest } = this.session.model
    const frames = framesOf(output.data, output, index, manifest.output)
    if (!usable && frames.probabilities.some(Number.isNaN)) {
      return { key: item.key, ok: false, reason: NO_NUMBERS }
    }
    const decoded = decode(frames, manifest, geometry, this.languageModel)
    return { key: item.key, ok: true, ...decoded, width: geometry.cropWidth, height: geometry.cropHeight }
  }

  private finish(request: Request): void {
    if (request.cancelled || request.results.length < request.items.length) return
    const at = this.requests.indexOf(request)
    if (at === -1) return
    this.requests.splice(at, 1)
    this.events.onResults(request.id, inOrder(request), request.inferenceMs)
    this.settle()
  }

  private settle(): void {
    if (this.requests.length || this.computing) return
    for (const resolve of this.idle.splice(0)) resolve()
  }
}

/** In the order in which they were asked for. */
function inOrder({ items, results }: Request): EngineResult[] {
  const byKey = new Map(results.map((result) => [result.key, result]))
  return items.map(({ key }) => byKey.get(key)!)
}
