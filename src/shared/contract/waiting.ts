/** A file of what a person decided while Nomina was out of reach: a window writes it, the project takes it in. */
import * as v from 'valibot'
import { finite, list, small, text } from '../bounds'
import { decideInput } from './review-decide'
import { path, request } from './parts'

const at = { request: v.nonOptional(request), project: path, at: finite }
/** One step, as it waited; `at` in ms since 1970 by the window's clock. */
const step = v.variant('kind', [
  v.object({ kind: v.literal('decide'), input: decideInput, ...at }),
  v.object({ kind: v.picklist(['undo', 'redo', 'undoTo']), ...at })
])

export const waitingFile = v.object({
  format: v.literal('nomina-waiting', 'it is no file of what waited'),
  /** Whose they are, as the window knew it. */
  reviewer: v.optional(text(80)),
  operations: v.pipe(list(step, 20_000), small(16_000_000))
})
export type WaitingFile = v.InferOutput<typeof waitingFile>

/** `same`: it had been stored already. `refused`: nothing was changed, or not on all of its fields, and why. */
export const takenIn = v.object({
  at: v.string(),
  what: v.string(),
  fields: v.array(v.number()),
  outcome: v.picklist(['stored', 'same', 'refused']),
  reason: v.nullable(v.string())
})
export type TakenIn = v.InferOutput<typeof takenIn>
