/**
 * Reads images with one opened model: decodes the next files while a batch is computed, puts inputs of equal width into
 * one batch, reads again what it doubts (a second network, or closer views), and answers each request when its last image is done.
 */
import {
  decode,
  find,
  framesOf,
  goesOn,
  inputsOf,
  productOf,
  readLanguageModel,
  joinViews,
  viewOf,
  type Decoded,
  type Frames,
  type LanguageModel,
  type View
} from '../decode'
import { writeTexts, type Written } from '../decode/attention'
import { messageOf } from '../../shared/failure'
import type { ModelInput } from '../models'
import { numbersOf, writeNumbers } from '../preprocess'
import { Appetite, prepareFile, type PreparedFile } from './prepare'
import type { EngineItem, EngineResult } from './protocol'
import type { Output } from './output'
import { firstUnusable, type ModelSession } from './session'
import type { Stepper } from './stepper'

const NO_NUMBERS = 'The reader computed no numbers for it (NaN).'

interface Request {
  id: number
  items: EngineItem[]
  results: EngineResult[]
  /** Items that are not decoded yet. */
  undecoded: number
  inferenceMs: number
  cancelled: boolean
}
/**
 * What was said of a field that is read again, by the second network or as a closer view; its reading stands where it
 * can't be, and is made only then.
 */
type Earlier = { reading(): EngineResult } & ({ by: 'second'; frames: Frames } | { by: 'view'; seen: View[] })
interface Asked {
  request: Request
  item: EngineItem
  earlier: Earlier | null
  kept: PreparedFile['kept']
}
type Waiting = PreparedFile & Asked

/** A reading, or what was said where it is to be read again. */
type Answer = { result: EngineResult } | { again: Earlier }

export interface ReaderEvents {
  onResults(id: number, results: EngineResult[], inferenceMs: number): void
  /** A batch was computed. */
  onBatch(): void
  /** The provider failed, not the model or an image: whatever comes next would fail too. */
  onProviderFailure(error: unknown): void
}

export class Reader {
  private readonly requests: Request[] = []
  private readonly queue: Asked[] = []
  /** Decoded images by network and input width. */
  private readonly groups = new Map<string, Waiting[]>()
  private readonly appetite = new Appetite()
  private readonly languageModel: LanguageModel | null
  private readonly inputs: ModelInput[]
  /** Used again for every batch: one is computed at a time. */
  private tensor = new Float32Array(0)
  /** As `tensor`: what a network said of one image. */
  private probabilities = new Float64Array(0)
  private decoding = 0
  private computing = false
  private idle: (() => void)[] = []

  constructor(
    private readonly session: ModelSession,
    private readonly second: ModelSession | null,
    private readonly batchSize: number,
    private readonly events: ReaderEvents
  ) {
    const { languageModel, manifest } = session.model
    this.inputs = inputsOf(manifest)
    this.languageModel = languageModel === null ? null : readLanguageModel(languageModel)
  }

  read(id: number, items: EngineItem[]): void {
    const request = { id, items, results: [], undecoded: items.length, inferenceMs: 0, cancelled: false }
    this.requests.push(request)
    for (const item of items) this.queue.push({ request, item, earlier: null, kept: null })
    this.decodeMore()
    this.finish(request)
  }

  cancel(id: number): void {
    const request = this.requests.find((candidate) => candidate.id === id)
    if (!request) return
    request.cancelled = true
    this.requests.splice(this.requests.indexOf(request), 1)
    for (const [key, group] of this.groups) {
      this.groups.set(
        key,
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
      const asked = this.queue.shift()!
      const { request, item } = asked
      if (request.cancelled) continue
      this.decoding++
      void prepareFile(item, this.sessionFor(asked).model, this.appetite, asked.kept, this.inputFor(asked))
        .then(
          (prepared) => this.keep({ ...asked, ...prepared }),
          (error: unknown) => this.answer(asked, { key: item.key, ok: false, reason: messageOf(error) })
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

  private sessionFor({ earlier }: Asked): ModelSession {
    return earlier?.by === 'second' && this.second ? this.second : this.session
  }

  private inputFor({ earlier }: Asked): ModelInput | undefined {
    return earlier?.by === 'view' ? this.inputs[earlier.seen.length] : undefined
  }

  private keep(waiting: Waiting): void {
    if (waiting.request.cancelled) return
    const key = `${waiting.earlier?.by === 'second' ? 'second' : 'first'} ${waiting.geometry.inputWidth}`
    const group = this.groups.get(key)
    if (group) group.push(waiting)
    else this.groups.set(key, [waiting])
  }

  /** Prepared next, from its kept pixels or, where they were too many, from its file again. */
  private askAgain({ request, item, kept }: Waiting, earlier: Earlier): void {
    request.undecoded++
    this.queue.unshift({ request, item, earlier, kept })
  }

  private answer({ request, earlier }: Asked, result: EngineResult): void {
    request.results.push(!result.ok && earlier ? earlier.reading() : result)
  }

  /** A full batch for one network; else what the oldest request still waits for. */
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
      const answers = await this.readBatch(batch)
      const each = (performance.now() - started) / batch.length
      batch.forEach((waiting, index) => {
        const answer = answers[index]!
        if ('again' in answer) this.askAgain(waiting, answer.again)
        else this.answer(waiting, answer.result)
        waiting.request.inferenceMs += each
      })
      this.events.onBatch()
      this.decodeMore()
      for (const request of new Set(batch.map((waiting) => waiting.request))) this.finish(request)
      // Decoded images arrive here.
      await new Promise<void>((resolve) => setImmediate(resolve))
    }
    this.computing = false
    this.settle()
  }

  private async readBatch(batch: Waiting[]): Promise<Answer[]> {
    const { fixedBatch } = this.sessionFor(batch[0]!)
    if (fixedBatch === null || batch.length === fixedBatch) return this.runBatch(batch, batch.length)
    const answers: Answer[] = []
    for (let from = 0; from < batch.length; from += fixedBatch) {
      answers.push(...(await this.runBatch(batch.slice(from, from + fixedBatch), fixedBatch)))
    }
    return answers
  }

  /** @param count inputs that the model gets: those missing are zeros */
  private async runBatch(batch: Waiting[], count: number): Promise<Answer[]> {
    const session = this.sessionFor(batch[0]!)
    const numbers = numbersOf(session.model.manifest.input)
    const { inputWidth, inputHeight } = batch[0]!.geometry
    const size = inputWidth * inputHeight
    if (this.tensor.length < count * size) this.tensor = new Float32Array(count * size)
    const data = this.tensor.subarray(0, count * size).fill(0, batch.length * size)
    batch.forEach(({ pixels }, index) => writeNumbers(pixels, numbers, data, index * size))
    try {
      const output = await session.run(data, count, inputWidth)
      if (session.stepper) return await this.written(batch, output, session.stepper)
      const { output: described } = session.model.manifest
      const usable = firstUnusable(output.data, described.activation) === -1
      const numbersOfOne = output.frames * output.classes
      if (this.probabilities.length !== numbersOfOne) this.probabilities = new Float64Array(numbersOfOne)
      return batch.map((waiting, index) =>
        this.answerOf(waiting, framesOf(output.data, output, index, described, this.probabilities), usable)
      )
    } catch (error) {
      if (session.provider.name !== 'cpu') this.events.onProviderFailure(error)
      const reason = `The model failed on it: ${messageOf(error).split('\n')[0]}`
      return batch.map(({ item }) => failed(item, reason))
    }
  }

  /** @param memory the encoded batch of an attention model */
  private async written(batch: Waiting[], memory: Output, stepper: Stepper): Promise<Answer[]> {
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
      return written ? { result: readingOf(waiting, written) } : failed(waiting.item, NO_NUMBERS)
    })
  }

  /**
   * @param said gone with the next image
   * @param usable all numbers of the batch are: else each image is looked at by itself
   */
  private answerOf(waiting: Waiting, said: Frames, usable: boolean): Answer {
    const { item, geometry, earlier } = waiting
    const { manifest } = this.sessionFor(waiting).model
    if (!usable && said.probabilities.some(Number.isNaN)) return failed(item, NO_NUMBERS)
    if (manifest.views) return this.viewed(waiting, said)
    const { below = 0, weight = 0 } = manifest.cascade ?? {}
    const first = earlier?.by === 'second' ? earlier : null
    const frames = first ? productOf([first.frames, said], [1 - weight, weight]) : said
    const found = find(frames, manifest, this.languageModel)
    if (!this.second || first || found.probability >= below)
      return { result: readingOf(waiting, found.describe(geometry)) }
    const kept = { ...said, probabilities: said.probabilities.slice() }
    const reading = (): EngineResult => readingOf(waiting, decode(kept, manifest, geometry, this.languageModel))
    return { again: { by: 'second', frames: kept, reading } }
  }

  /** Read again with the next closer view, while there is one and it is worth a look; else what all views say together. */
  private viewed(waiting: Waiting, said: Frames): Answer {
    const { manifest } = this.session.model
    const { views, blank = 0 } = manifest
    const earlier = waiting.earlier?.by === 'view' ? waiting.earlier.seen : []
    const seen = [...earlier, viewOf(said, waiting.geometry, blank)]
    const reading = (): EngineResult => {
      const { frames, geometry } = joinViews(seen, blank)
      return readingOf(waiting, decode(frames, manifest, geometry, this.languageModel))
    }
    if (seen.length === this.inputs.length || !goesOn(seen, views!.below)) return { result: reading() }
    seen.push({ ...seen.pop()!, frames: { ...said, probabilities: said.probabilities.slice() } })
    return { again: { by: 'view', seen, reading } }
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

const failed = ({ key }: EngineItem, reason: string): Answer => ({ result: { key, ok: false, reason } })

/** @param read the probability is the decoder's own, and stays here */
function readingOf(
  { item: { key }, geometry: { cropWidth: width, cropHeight: height } }: Waiting,
  { probability: _own, ...read }: Written & Partial<Decoded>
): EngineResult {
  return { key, ok: true, ...read, width, height }
}

/** In the order in which they were asked for. */
function inOrder({ items, results }: Request): EngineResult[] {
  const byKey = new Map(results.map((result) => [result.key, result]))
  return items.map(({ key }) => byKey.get(key)!)
}
