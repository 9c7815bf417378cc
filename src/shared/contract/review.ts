/** The queue, fields, and decisions on them. */
import * as v from 'valibot'
import { finite, list, text } from '../bounds'
import { counts, decisionKind, fieldRow, filter, historyEntry, order, quarterTurns, reading } from '../domain'
import { changed, decidedAt, decidedIn, id, ids, nothing, ofProject, request } from './parts'

export const reviewEndpoints = {
  'fields.ids': ofProject(
    v.object({ filter, order, seed: v.optional(finite), descending: v.optional(v.boolean()) }),
    v.object({ ids: v.array(v.number()) })
  ),
  'fields.rows': ofProject(v.object({ ids: list(id, 500) }), v.object({ rows: v.array(fieldRow) })),
  'fields.detail': ofProject(
    v.object({ id }),
    v.object({
      row: fieldRow,
      readings: v.array(reading),
      history: v.array(historyEntry),
      path: v.string(),
      identical: v.number()
    })
  ),
  'review.decide': ofProject(
    v.object({
      ids: v.pipe(ids, v.minLength(1)),
      kind: decisionKind,
      /** `corrected`: the new text. `accepted`: the text that was taken; absent in bulk, where each field's own label is accepted. */
      text: v.optional(text(2000)),
      note: v.optional(text(2000)),
      /** The text that was shown as the field's own, to which `accepted` and `corrected` are relative; absent: its label. */
      shown: v.optional(text(2000)),
      /**
       * When the decision that was shown was made, null for none; one for all, or one for each of `ids`. A field that was decided on
       * since, by anybody, also by this person in another window, is left; the only one is refused (`conflict`).
       */
      seen: v.optional(v.union([decidedAt, list(decidedAt, 1_000_000)])),
      /** `accepted`: each field's reading in place of its label. */
      take: v.optional(v.literal('reading')),
      /** Of several accepted without a text: those whose label and reading differ are left, unless all do. */
      agreeing: v.optional(v.boolean()),
      /** The confidence was hidden: only such decisions count for the random sample and for audits. */
      blind: v.optional(v.boolean()),
      /** How they were seen otherwise; absent: one field by itself, several not at all. */
      how: v.optional(v.picklist(['field', 'tile', 'unseen'])),
      /** Those of them that were seen as one of several tiles, whatever `how` says of the others. */
      tiles: v.optional(ids),
      request,
      project: decidedIn
    }),
    changed
  ),
  'review.undo': ofProject(v.object({ request, project: decidedIn }), changed),
  'review.redo': ofProject(v.object({ request, project: decidedIn }), changed),
  /** An act as any other: undo turns the field back. */
  'review.rotate': ofProject(
    v.object({ id, turns: quarterTurns, recognise: v.boolean(), request, project: decidedIn }),
    v.object({ row: fieldRow })
  ),
  'review.pace': ofProject(
    nothing,
    v.object({ decidedToday: v.number(), perMinute: v.nullable(v.number()), secondsLeft: v.nullable(v.number()) })
  ),
  'confidence.histogram': ofProject(
    v.object({ bins: v.pipe(v.number(), v.integer(), v.minValue(2), v.maxValue(100)) }),
    v.object({ bins: v.array(v.number()), read: v.number(), calibrated: v.boolean() })
  )
}

export const reviewEvents = {
  /** Fields changed by a run or by another window; null: too many to name, ask again. */
  'fields.changed': v.object({ ids: v.nullable(v.array(v.number())), counts })
}
