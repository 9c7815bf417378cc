/** What a project has learnt. */
import * as v from 'valibot'

const figures = v.object({ cer: v.number(), exact: v.number() })

/** A model that learnt from this project's decisions. */
export const generation = v.object({
  /** From 1, for each reader. */
  number: v.number(),
  /** Names of the reader that it belongs to, and of what its weights began from. */
  reader: v.string(),
  base: v.string(),
  /** Its manifest in the project's folder models. */
  file: v.string(),
  inUse: v.boolean(),
  /** Whether the judges called it better; else it is kept and not used. */
  taken: v.boolean(),
  reason: v.string(),
  /** Fields that it learnt from as they were decided. */
  trainedOn: v.number(),
  /** It learnt from undecided fields too, as they were read. */
  selfTraining: v.boolean(),
  /** Fields that were decided when it was begun. */
  decided: v.number(),
  epochs: v.number(),
  seconds: v.number(),
  madeAt: v.string(),
  /** What it reads of fields that it did not learn from, beside what was in use before. */
  judges: v.object({
    rows: v.number(),
    characters: v.number(),
    before: figures,
    after: figures,
    difference: v.object({ cer: v.tuple([v.number(), v.number()]) })
  }),
  /** Characters that got better: shares read wrong. */
  learnt: v.array(v.object({ character: v.string(), before: v.number(), after: v.number() })),
  /** Decided fields that could not be learnt from, by reason. */
  dropped: v.record(v.string(), v.number())
})
export type Generation = v.InferOutput<typeof generation>

/** `inUse` null: the reader as it is installed. */
export const generations = v.object({
  reader: v.nullable(v.string()),
  inUse: v.nullable(v.number()),
  generations: v.array(generation)
})
export type Generations = v.InferOutput<typeof generations>
