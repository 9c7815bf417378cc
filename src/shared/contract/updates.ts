/** A newer Nomina: looked for when a person asks, at the address that is set, and never else. */
import * as v from 'valibot'
import { text } from '../bounds'
import { nothing, ofApp } from './parts'

/** Why an installation gets no newer Nomina by itself. */
export const cannotUpdate = ['browser', 'source', 'folder', 'machine'] as const
/** Why it did not work. */
export const updateFaults = [
  'unreachable',
  'certificate',
  'noList',
  'badList',
  'damaged',
  'signature',
  'noRoom',
  'notInstalled',
  'other'
] as const

const newer = v.object({
  version: v.string(),
  /** Of the package that is fetched; null: the list does not say. */
  bytes: v.nullable(v.number())
})

export const updateState = v.object({
  /** This Nomina's. */
  version: v.string(),
  /** Null: it can. `browser`: this shell can't; `source`: a clone; `folder`: not installed; `machine`: for everybody, by its administrator. */
  unable: v.nullable(v.picklist(cannotUpdate)),
  /** Where it is looked for; null: nowhere. */
  feed: v.nullable(v.object({ url: v.string(), by: v.picklist(['person', 'package']) })),
  step: v.variant('at', [
    v.object({ at: v.literal('idle') }),
    v.object({ at: v.literal('looking') }),
    v.object({ at: v.literal('newest'), since: v.string() }),
    v.object({ at: v.literal('found'), newer }),
    v.object({ at: v.literal('fetching'), newer, bytes: v.number(), total: v.nullable(v.number()) }),
    v.object({ at: v.literal('ready'), newer }),
    v.object({
      at: v.literal('failed'),
      fault: v.picklist(updateFaults),
      /** In the words of whatever failed, in English. */
      detail: v.string(),
      /** What was found before that; null: nothing was. */
      newer: v.nullable(newer)
    })
  ])
})

export const updatesEndpoints = {
  /** Asks nobody. */
  'updates.state': ofApp(nothing, updateState),
  /** Where to look; null: where the package says, or nowhere. */
  'updates.setFeed': ofApp(v.object({ url: v.nullable(text(2048)) }), updateState),
  'updates.look': ofApp(nothing, updateState),
  'updates.fetch': ofApp(nothing, updateState),
  /** Ends looking or fetching. */
  'updates.stop': ofApp(nothing, updateState),
  /** Quits, installs what was fetched and starts again. */
  'updates.install': ofApp(nothing, updateState)
}

/** Told to the owner's windows alone. */
export const updatesEvents = { 'updates.changed': updateState }

export type UpdateState = v.InferOutput<typeof updateState>
export type Newer = v.InferOutput<typeof newer>
export type CannotUpdate = (typeof cannotUpdate)[number]
export type UpdateFault = (typeof updateFaults)[number]
