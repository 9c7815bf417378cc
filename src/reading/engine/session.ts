/** A model opened on one provider, checked against its manifest before anything is read with it. */
import { env, InferenceSession, Tensor } from 'onnxruntime-node'
import { framesOf } from '../decode'
import { messageOf, NominaError } from '../../shared/failure'
import { classCount, type Manifest, type Model, type ModelOutput } from '../models'
import { inputWidth, numbersOf } from '../preprocess'
import type { Provider } from './providers'
import type { Output } from './output'
import { openStepper, type Stepper } from './stepper'

// What fails is thrown and told in our words; onnxruntime's own log would only repeat it on stderr.
env.logLevel = 'fatal'
// Its builds send statistics of use to their maker unless told not to, before the first session. Nothing leaves this machine.
process.env.ORT_DISABLE_TELEMETRY = '1'

export interface ModelSession {
  model: Model
  provider: Provider
  inner: InferenceSession
  /** The batch that the model insists on; null: any. */
  fixedBatch: number | null
  /** Runs `count` inputs of one width; `data` is [count, 1, height, width]. */
  run(data: Float32Array, count: number, width: number): Promise<Output>
  /** The decoding step of an attention model, whose `run` only encodes; null for CTC. */
  stepper: Stepper | null
  close(): Promise<void>
}

/** @throws Error as onnxruntime says it: the provider can't run here, or the file is no model */
export async function openSession(model: Model, provider: Provider, threads: number): Promise<ModelSession> {
  const options: InferenceSession.SessionOptions = {
    executionProviders: provider.name === 'cpu' ? ['cpu'] : [provider.backend, 'cpu'],
    intraOpNumThreads: threads,
    executionMode: 'sequential',
    graphOptimizationLevel: 'all',
    logSeverityLevel: 4,
    // Idle threads that spin would take the time in which the next images are decoded.
    extra: { session: { intra_op: { allow_spinning: '0' }, set_denormal_as_zero: '1' } }
  }
  const session = await InferenceSession.create(model.file, options)
  const fixedBatch = fixedBatchOf(session, model)
  const stepper = model.manifest.kind === 'attention' ? await openStepper(model, options) : null
  return {
    model,
    provider,
    inner: session,
    fixedBatch,
    run: (data, count, width) => runSession(session, model, data, count, width),
    stepper,
    close: async () => {
      await stepper?.close()
      await session.release()
    }
  }
}

async function runSession(
  session: InferenceSession,
  { manifest: { input, output } }: Model,
  data: Float32Array,
  count: number,
  width: number
): Promise<Output> {
  const tensor = new Tensor('float32', data, [count, 1, input.height, width])
  const fetched = await session.run({ [input.name]: tensor }, [output.name])
  const result = fetched[output.name]!
  const { dims } = result
  if (!(result.data instanceof Float32Array)) throw new Error(`output "${output.name}" is ${result.type}, not float32`)
  if (dims.length !== 3) {
    throw new Error(`output "${output.name}" has the shape [${dims.join(', ')}]; ${output.layout} has three dimensions`)
  }
  const [batch, frames] = output.layout === 'NTC' ? [dims[0]!, dims[1]!] : [dims[1]!, dims[0]!]
  if (batch !== count) {
    throw new Error(
      `output "${output.name}" has the shape [${dims.join(', ')}], but ${count} images went in: output.layout "${output.layout}" does not fit`
    )
  }
  return { data: result.data, batch, frames, classes: dims[2]! }
}

function fixedBatchOf(session: InferenceSession, { manifest: { input } }: Model): number | null {
  const metadata = session.inputMetadata.find(({ name }) => name === input.name)
  const batch = metadata?.isTensor ? metadata.shape[0] : undefined
  return typeof batch === 'number' && batch > 0 ? batch : null
}

/**
 * Opens the model on the CPU and runs one made-up batch through it: names, shapes, classes and numbers must be as the
 * manifest says.
 * @throws NominaError `refused` with the model, what is wrong and where
 */
export async function openChecked(model: Model, cpu: Provider, threads: number): Promise<ModelSession> {
  const refuse = (reason: string): NominaError => refusal(model, reason)
  const { manifest } = model
  const unsupported = manifest.kind === 'attention' ? reasonAgainstAttention(manifest) : null
  if (unsupported) throw refuse(unsupported)
  let opened: ModelSession
  try {
    opened = await openSession(model, cpu, threads)
  } catch (error) {
    throw refuse(`file "${manifest.file}" can’t be opened: ${inOneLine(error)}`)
  }
  try {
    const reason = reasonAgainstNames(opened)
    if (reason) throw refuse(reason)
    return await checkRun(opened)
  } catch (error) {
    await opened.close()
    throw error instanceof NominaError ? error : refuse(inOneLine(error))
  }
}

/** What this version can't do with an attention model. */
function reasonAgainstAttention({ output, decoder, calibration }: Manifest): string | null {
  if (output.layout !== 'NTC') return 'output.layout: only "NTC" (batch, positions, size) is supported with attention'
  if (decoder?.languageModel) return 'decoder.languageModel: only kind "ctc" reads with a language model'
  if (calibration && 'method' in calibration && calibration.method === 'features')
    return 'calibration.method: "features" are those of kind "ctc"; "platt" and "temperature" do for attention'
  return null
}

/** onnxruntime says what is wrong in the first line, and where in those that follow. */
const inOneLine = (error: unknown): string =>
  messageOf(error)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('Please fix'))
    .slice(0, 4)
    .join(' ')

export const refusal = ({ manifest, manifestPath }: Model, reason: string): NominaError =>
  new NominaError('refused', `${manifest.id} (${manifestPath}): ${reason.replace(/\.$/, '')}.`)

function reasonAgainstNames({ inner, model }: ModelSession): string | null {
  const { input, output } = model.manifest
  const names = (list: readonly string[]): string => list.map((name) => `"${name}"`).join(', ') || 'none'
  if (!inner.inputNames.includes(input.name)) {
    return `input.name: the model has no input "${input.name}", it has ${names(inner.inputNames)}`
  }
  const others = inner.inputNames.filter((name) => name !== input.name)
  if (others.length) return `the model wants more inputs than the image: ${names(others)}`
  if (!inner.outputNames.includes(output.name)) {
    return `output.name: the model has no output "${output.name}", it has ${names(inner.outputNames)}`
  }
  const metadata = inner.inputMetadata.find(({ name }) => name === input.name)
  const type = metadata?.isTensor ? metadata.type : 'float32'
  return type === 'float32' ? null : `input "${input.name}" is ${type}, not float32`
}

async function checkRun(session: ModelSession): Promise<ModelSession> {
  const { model } = session
  // Two images: a model whose batch is said to be free but was exported with one fails here.
  const wanted = session.fixedBatch ?? 2
  let checked = session
  let output: Output
  try {
    output = await runExample(session, wanted)
  } catch (error) {
    if (session.fixedBatch !== null) throw error
    output = await runExample(session, 1).catch(() => Promise.reject(error))
    checked = { ...session, fixedBatch: 1 }
  }
  const reason = reasonAgainst(output, model)
  if (reason) throw refusal(model, reason)
  return checked
}

/** A made-up page: light paper with dark strokes, the same at every call. */
export function runExample(session: ModelSession, count: number): Promise<Output> {
  const { input } = session.model.manifest
  const width = inputWidth(input.height * 4, input.height, input)
  const numbers = numbersOf(input)
  const data = new Float32Array(count * input.height * width)
  let seed = 7
  for (let index = 0; index < data.length; index++) {
    seed = (Math.imul(seed, 1103515245) + 12345) >>> 0
    const stroke = Math.floor((index % width) / 6) % 3 === 0
    data[index] = numbers[stroke ? (seed >>> 24) & 0x3f : 200 + ((seed >>> 24) & 0x1f)]!
  }
  return session.stepper ? writeExample(session, session.stepper, data, count, width) : session.run(data, count, width)
}

/** A few steps of an attention model, whatever they write: their classes come out like frames. */
async function writeExample(
  session: ModelSession,
  stepper: Stepper,
  data: Float32Array,
  count: number,
  width: number
): Promise<Output> {
  const { manifest } = session.model
  const { start, end, maxLength } = manifest.attention!
  const items = Array.from({ length: count }, (_, item) => item)
  const steps = stepper.start(await session.run(data, count, width), items)
  const frames = Math.min(EXAMPLE_STEPS, maxLength)
  const classes = classCount(manifest)
  const written = new Float32Array(count * frames * classes)
  for (let frame = 0; frame < frames; frame++) {
    const token = frame === 0 ? start : end
    const { logits } = await steps.step(items.map((item) => ({ item, parent: item, token })))
    for (const item of items) {
      written.set(logits.subarray(item * classes, (item + 1) * classes), (item * frames + frame) * classes)
    }
  }
  return { data: written, batch: count, frames, classes }
}

/** As many as a short name has characters. */
const EXAMPLE_STEPS = 8

/** Why the numbers can't be what the manifest says; null where they can. */
function reasonAgainst(output: Output, { manifest }: Model): string | null {
  const { output: described, charset, attention } = manifest
  const name = `output "${attention?.logits ?? described.name}"`
  if (output.classes !== classCount(manifest)) {
    return (
      `${name} has ${output.classes} classes, but the charset’s ${charset.length} characters and ` +
      `${attention ? 'start, end and padding' : 'the blank'} make ` +
      `${classCount(manifest)}: charset entries are missing, or there are too many`
    )
  }
  if (output.frames < 1) return `${name} has no frames`
  const rows = attention ? 1 : (described.frames?.rows ?? 1)
  if (output.frames % rows)
    return `${name} has ${output.frames} frames, which are not ${rows} rows (output.frames.rows)`
  const wrong = firstUnusable(output.data, described.activation)
  if (wrong !== -1) {
    const frame = Math.floor(wrong / output.classes) % output.frames
    return `${name} is ${output.data[wrong]} at frame ${frame}, class ${wrong % output.classes}: the model computes no numbers`
  }
  if (described.activation === 'logits') return null
  const log = described.activation === 'log-probabilities'
  for (let index = 0; index < output.data.length; index += output.classes) {
    let sum = 0
    for (const value of output.data.subarray(index, index + output.classes)) sum += log ? Math.exp(value) : value
    if (Math.abs(sum - 1) > 0.02) {
      return `${name} is no ${described.activation} (a frame sums to ${sum.toPrecision(4)}): output.activation does not fit`
    }
  }
  return null
}

/** Index of the first NaN or infinite number, or −1. Minus infinity is a probability of 0 where logarithms come out. */
export function firstUnusable(data: Float32Array, activation: ModelOutput['activation']): number {
  // One sum tells: it is finite only where every number is.
  let sum = 0
  for (let index = 0; index < data.length; index++) sum += data[index]!
  if (Number.isFinite(sum)) return -1
  const lowest = activation === 'log-probabilities' ? -Infinity : Number.NaN
  return data.findIndex((value) => !Number.isFinite(value) && value !== lowest)
}

/** Largest difference of two outputs' probabilities, 0–1. */
export function largestDifference(one: Output, other: Output, { manifest: { output } }: Model): number {
  let largest = 0
  for (let index = 0; index < one.batch; index++) {
    const a = framesOf(one.data, one, index, output).probabilities
    const b = framesOf(other.data, other, index, output).probabilities
    for (let at = 0; at < a.length; at++) {
      const difference = Math.abs(a[at]! - b[at]!)
      if (!(difference <= largest)) largest = difference
    }
  }
  return largest
}
