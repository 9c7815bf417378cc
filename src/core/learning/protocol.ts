/** What the learner and we say to each other, a JSON object a line: see training/LEARNER.md. */
import * as v from 'valibot'

/** A round that is asked for; paths are absolute. */
export interface RoundRequest {
  /** Manifest of the model whose weights it begins from. */
  base: string
  /** Manifest of the model that is in use, which it must beat; null: the base. */
  inUse: string | null
  /** The folder and the name of what it writes. */
  out: string
  name: string
  /** A file with a row a line. */
  rows: string
  /** Seconds of training. */
  budget: number
  device: string
  threads: number
  selfTraining: boolean
}

const figures = v.looseObject({ cer: v.number(), exact: v.number() })
export const judged = v.looseObject({
  rows: v.number(),
  characters: v.number(),
  before: figures,
  after: figures,
  /** After less before, 95 % interval. */
  difference: v.looseObject({ cer: v.tuple([v.number(), v.number()]) })
})
const example = v.looseObject({ sha256: v.string(), text: v.string(), before: v.string(), after: v.string() })
export const learntCharacter = v.looseObject({
  character: v.string(),
  before: v.number(),
  after: v.number(),
  /** Fields that show it. */
  examples: v.optional(v.array(example), [])
})

const progress = v.looseObject({
  type: v.literal('progress'),
  id: v.string(),
  phase: v.picklist(['measure', 'train', 'choose', 'decode', 'judge', 'write']),
  epoch: v.nullish(v.number(), null),
  epochs: v.nullish(v.number(), null),
  seconds: v.nullish(v.number(), null),
  loss: v.nullish(v.number(), null),
  cer: v.nullish(v.number(), null)
})
const finished = v.looseObject({
  type: v.literal('done'),
  id: v.string(),
  manifest: v.string(),
  taken: v.boolean(),
  reason: v.string(),
  judges: judged,
  trainedOn: v.number(),
  dropped: v.optional(v.record(v.string(), v.number()), {}),
  epochs: v.number(),
  seconds: v.number(),
  learnt: v.optional(v.array(learntCharacter), [])
})
export const answer = v.variant('type', [
  v.looseObject({ type: v.literal('ready'), version: v.string(), torch: v.string(), device: v.string() }),
  progress,
  finished,
  v.looseObject({ type: v.literal('cancelled'), id: v.string() }),
  v.looseObject({ type: v.literal('failed'), id: v.nullish(v.string(), null), key: v.string(), message: v.string() })
])
export type Answer = v.InferOutput<typeof answer>
export type RoundProgress = v.InferOutput<typeof progress>
export type RoundResult = v.InferOutput<typeof finished>
