/** Schemas that several areas' endpoints share. */
import * as v from 'valibot'
import { list, text } from '../bounds'
import { counts, fieldRow } from '../domain'

export const nothing = v.object({})
export const path = v.pipe(text(4096), v.minLength(1))
/** Files and folders that a person chose, or that a shell listed. */
export const paths = list(path, 200_000)
export const id = v.pipe(v.number(), v.safeInteger(), v.minValue(1))
export const ids = list(id, 1_000_000)
/** A window's own name for an act: sent again because its reply was lost, it is done once. */
export const request = v.optional(v.pipe(text(64), v.minLength(1)))
/** When a decision was made that was shown; null: there was none. */
export const decidedAt = v.nullable(text(40))
/** As of which change of ink something was shown: see `ink` of a field's row. */
export const ink = v.pipe(v.number(), v.safeInteger(), v.minValue(0))
/** The folder of the project that the window showed: with another one open, the act is refused (`other-project`). */
export const decidedIn = v.optional(path)
/** An endpoint of the app: answered whatever project is shown. */
export const ofApp = <I extends v.GenericSchema, O extends v.GenericSchema>(input: I, output: O) => ({
  of: 'app' as const,
  input,
  output
})
/** An endpoint of a project: answered with that of the window or link that asks, and refused where it has none. */
export const ofProject = <I extends v.GenericSchema, O extends v.GenericSchema>(input: I, output: O) => ({
  of: 'project' as const,
  input,
  output
})

export const changed = v.object({
  /** The action's id, for undo; null where nothing changed. */
  action: v.nullable(v.number()),
  /** Rows after the change: all where few, the first 200 where many. */
  rows: v.array(fieldRow),
  /** How many fields changed. */
  changed: v.number(),
  /** Fields that were left as they are, since somebody decided on them meanwhile. */
  left: v.number(),
  counts
})
