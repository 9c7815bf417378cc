/** The queue, fields, and decisions on them. */
import * as v from 'valibot'
import { finite, list } from '../bounds'
import { counts, fieldRow, filter, historyEntry, order, quarterTurns, reading } from '../domain'
import { decideInput } from './review-decide'
import { takenIn, waitingFile } from './waiting'
import { changed, decidedIn, id, ink, nothing, ofProject, request } from './parts'

export const reviewEndpoints = {
  'fields.ids': ofProject(
    v.object({
      filter,
      order,
      seed: v.optional(finite),
      descending: v.optional(v.boolean()),
      /** Only the first so many, or a few more; absent: all. */
      atMost: v.optional(id),
      /** A field: where it comes later, so many from it on, and all before it. */
      through: v.optional(id),
      /** How many come before the first of them. */
      from: v.optional(ink),
      /** What comes after this field, wherever it would be now; `from` on where that can't be told. */
      after: v.optional(id),
      /** With this field in the middle, where it is in the queue. */
      around: v.optional(id),
      /** Of the suggested order: fields that the window has already, which are not given again. */
      held: v.optional(list(id, 1000))
    }),
    v.object({
      ids: v.array(v.number()),
      /** How many come before them. */
      from: v.number(),
      /** How many there are in all. */
      total: v.number(),
      /** And with those that others work on just now, who are left out. */
      passing: v.number(),
      /** As of which change they are listed, for decisions on fields whose row is not asked for. */
      ink,
      /** The last decision of the project then: see `asOf` of `review.decide`. */
      asOf: v.number(),
      /** Of the suggested order: those that came at random, which each decision on them says. */
      random: v.optional(v.array(v.number())),
      /** The reader is new to the hand: fields that came at random and are decided, and about how many it takes. */
      hand: v.optional(v.object({ known: v.number(), about: v.number() }))
    })
  ),
  /** Names of the forms' fields; none where files are single fields. */
  'fields.names': ofProject(nothing, v.object({ names: v.array(v.string()) })),
  'fields.rows': ofProject(v.object({ ids: list(id, 500) }), v.object({ rows: v.array(fieldRow) })),
  'fields.detail': ofProject(
    v.object({ id }),
    v.object({
      row: fieldRow,
      readings: v.array(reading),
      history: v.array(historyEntry),
      path: v.string(),
      identical: v.number(),
      leaning: v.object({
        /** The row of a roster that the reading fits, by its columns. */
        roster: v.nullable(v.object({ list: v.string(), person: v.array(v.string()), others: v.number() })),
        /** As the reader read it by itself, where lists made another text of it. */
        own: v.nullable(v.string())
      })
    })
  ),
  'review.decide': ofProject(decideInput, changed),
  /** What waited in a window that could not find Nomina again: each step only where nothing else was decided meanwhile. */
  'review.takeIn': ofProject(waitingFile, v.object({ steps: v.array(takenIn) })),
  'review.undo': ofProject(v.object({ request, project: decidedIn }), changed),
  'review.redo': ofProject(v.object({ request, project: decidedIn }), changed),
  /** An act as any other: undo turns the field back. */
  'review.rotate': ofProject(
    v.object({ id, turns: quarterTurns, recognise: v.boolean(), request, project: decidedIn }),
    v.object({ row: fieldRow })
  ),
  /** What keys do in a field and others of its name: never by the generation that reads them just now. */
  'review.typing': ofProject(
    v.object({ id }),
    v.object({
      /** Digits are usual: they type, and readings are picked with Alt. `someDigits`: they occur. */
      digits: v.boolean(),
      someDigits: v.boolean(),
      /** All is written in capitals. */
      capitals: v.boolean()
    })
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
