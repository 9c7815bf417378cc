/** The decoding step of an attention model in onnxruntime: states go from step to step, rows are hypotheses. */
import { join } from 'node:path'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import type { StepOutput, StepRow, StepRunner } from '../decode/attention'
import { classCount, type Manifest, type Model } from '../models'
import type { Output } from './output'

export interface Stepper {
  /** A decode of some images of an encoded batch (the memory: batch × positions × size), by their index. */
  start(memory: Output, items: readonly number[]): StepRunner
  close(): Promise<void>
}

type Attention = NonNullable<Manifest['attention']>

/** @throws Error as onnxruntime says it, or what does not fit the manifest */
export async function openStepper(model: Model, options: InferenceSession.SessionOptions): Promise<Stepper> {
  const { attention, output } = model.manifest
  const session = await InferenceSession.create(join(model.folder, attention!.step), options)
  const reason = reasonAgainst(session, attention!, output.name)
  if (reason) {
    await session.release()
    throw new Error(`attention.step "${attention!.step}": ${reason}`)
  }
  return {
    start: (memory, items) => new Steps(session, model.manifest, memory, items),
    close: () => session.release()
  }
}

function reasonAgainst(session: InferenceSession, attention: Attention, memory: string): string | null {
  const inputs = [memory, attention.token, ...attention.states.map(({ input }) => input)]
  const outputs = [attention.logits, ...attention.states.map((state) => state.output)]
  if (attention.weights !== undefined) outputs.push(attention.weights)
  const missing = inputs.find((name) => !session.inputNames.includes(name))
  if (missing !== undefined) return `it has no input "${missing}", it has ${quoted(session.inputNames)}`
  const more = session.inputNames.find((name) => !inputs.includes(name))
  if (more !== undefined) return `it wants the input "${more}", which the manifest does not name`
  const absent = outputs.find((name) => !session.outputNames.includes(name))
  if (absent !== undefined) return `it has no output "${absent}", it has ${quoted(session.outputNames)}`
  for (const metadata of session.inputMetadata) {
    if (!metadata.isTensor) continue
    const wanted = metadata.name === attention.token ? 'int64' : 'float32'
    if (metadata.type !== wanted) return `its input "${metadata.name}" is ${metadata.type}, not ${wanted}`
    const first = metadata.shape[0]
    if (typeof first === 'number' && first >= 0)
      return `its input "${metadata.name}" takes ${first} rows only; the first side must be free`
  }
  return null
}

const quoted = (names: readonly string[]): string => names.map((name) => `"${name}"`).join(', ')

class Steps implements StepRunner {
  private states: { data: Float32Array; size: number }[]
  private readonly attention: Attention

  constructor(
    private readonly session: InferenceSession,
    private readonly manifest: Manifest,
    private readonly memory: Output,
    private readonly items: readonly number[]
  ) {
    this.attention = manifest.attention!
    this.states = this.attention.states.map(({ size }) => ({ data: new Float32Array(items.length * size), size }))
  }

  async step(rows: readonly StepRow[]): Promise<StepOutput> {
    const { attention, memory } = this
    const parents = rows.map(({ parent }) => parent)
    const feeds: Record<string, Tensor> = {
      [this.manifest.output.name]: new Tensor(
        'float32',
        gather(
          memory.data,
          memory.frames * memory.classes,
          rows.map(({ item }) => this.items[item]!)
        ),
        [rows.length, memory.frames, memory.classes]
      ),
      [attention.token]: new Tensor(
        'int64',
        BigInt64Array.from(rows, ({ token }) => BigInt(token)),
        [rows.length]
      )
    }
    attention.states.forEach(({ input, size }, index) => {
      feeds[input] = new Tensor('float32', gather(this.states[index]!.data, size, parents), [rows.length, size])
    })
    const wanted = [attention.logits, ...attention.states.map(({ output }) => output)]
    if (attention.weights !== undefined) wanted.push(attention.weights)
    const fetched = await this.session.run(feeds, wanted)
    const numbers = (name: string, size: number | null): Float32Array => {
      const { data, dims, type } = fetched[name]!
      if (!(data instanceof Float32Array)) throw new Error(`output "${name}" is ${type}, not float32`)
      if (dims.length !== 2 || dims[0] !== rows.length || (size !== null && dims[1] !== size)) {
        const expected = `[${rows.length}, ${size ?? 'any'}]`
        throw new Error(`attention.step: output "${name}" has the shape [${dims.join(', ')}], not ${expected}`)
      }
      return data
    }
    this.states = attention.states.map(({ output, size }) => ({ data: numbers(output, size), size }))
    return {
      logits: numbers(attention.logits, classCount(this.manifest)),
      weights: attention.weights === undefined ? null : numbers(attention.weights, memory.frames)
    }
  }
}

/** Rows of `size` numbers, in the order of `indices`. */
function gather(data: Float32Array, size: number, indices: readonly number[]): Float32Array {
  const gathered = new Float32Array(indices.length * size)
  indices.forEach((from, to) => gathered.set(data.subarray(from * size, (from + 1) * size), to * size))
  return gathered
}
