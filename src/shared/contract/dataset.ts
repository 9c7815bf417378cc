/** What the dataset page draws: distributions, error figures, confusions. Each figure carries the filter of its fields. */
import * as v from 'valibot'
import { decisionKind, fieldStatus, filter, labelOrigin } from '../domain'
import { labelStates } from '../states'
import { id, ids, nothing, ofProject } from './parts'
import { interval } from './quality'

/** One bar of a chart and the way down to its fields. */
export const bar = v.object({ label: v.string(), count: v.number(), filter })

/** On which fields a model is measured: all that people decided on, or only those of the blind random sample. */
const measuredOn = v.optional(v.picklist(['decided', 'sample']), 'decided')

export const modelScore = v.object({
  /** `models.id` of the project. */
  model: v.number(),
  name: v.string(),
  hash: v.string(),
  current: v.boolean(),
  fields: v.number(),
  /** Fields that it was trained on, which say nothing; whether it is known what it was trained on. */
  leftOut: v.number(),
  trainingKnown: v.boolean(),
  /** Character and word error rate: edits over the decided texts' length. Null without fields. 95 %, bootstrap over fields. */
  characterErrorRate: v.nullable(interval),
  wordErrorRate: v.nullable(interval),
  exact: v.nullable(interval)
})
export type ModelScore = v.InferOutput<typeof modelScore>

/** A kind of character: what is counted on either side of it is a code point. */
export const characterClass = v.picklist(['vowel', 'consonant', 'accented', 'digit', 'space', 'punctuation', 'other'])

export const datasetEndpoints = {
  'dataset.overview': ofProject(
    nothing,
    v.object({
      fields: v.number(),
      status: v.array(v.object({ status: fieldStatus, origin: labelOrigin, count: v.number(), filter })),
      /** Imported labels: of which state, or none. */
      imported: v.array(v.object({ ...bar.entries, label: v.picklist([...labelStates, 'none']) })),
      /** Of the labels' texts, in code points: `label` is the length. */
      lengths: v.array(v.object({ length: v.number(), count: v.number(), filter })),
      /** Px, in bins of `from` up to but without `to`. */
      widths: v.array(v.object({ from: v.number(), to: v.number(), count: v.number(), filter })),
      heights: v.array(v.object({ from: v.number(), to: v.number(), count: v.number(), filter })),
      /** 20 bins of equal width. */
      confidence: v.array(v.object({ from: v.number(), to: v.number(), count: v.number(), filter })),
      /** Of all labels' texts, most frequent first. */
      characters: v.array(bar),
      differentCharacters: v.number(),
      /** The 200 most frequent labels. */
      names: v.array(bar),
      differentNames: v.number(),
      /** Decisions that stand, by day (local time) and reviewer; oldest first. */
      throughput: v.array(
        v.object({
          day: v.string(),
          reviewer: v.string(),
          origin: v.picklist(['person', 'rule']),
          kinds: v.array(v.object({ kind: decisionKind, count: v.number() })),
          count: v.number(),
          filter
        })
      )
    })
  ),
  /** How the models that have read decided fields do on them. The interval's seed is fixed: same fields, same figures. */
  'dataset.scores': ofProject(v.object({ on: measuredOn }), v.object({ models: v.array(modelScore) })),
  /**
   * What was read right before a person looked, by the model that was in use then, on the fields that came at random; the model used
   * first comes first.
   */
  'dataset.readRight': ofProject(
    nothing,
    v.object({
      periods: v.array(
        v.object({
          model: v.number(),
          name: v.string(),
          /** When the first and the last of its fields were decided. */
          from: v.string(),
          to: v.string(),
          fields: v.number(),
          /** Fields that it had been trained on, as it read them. */
          leftOut: v.number(),
          exact: v.nullable(interval),
          characterErrorRate: v.nullable(interval)
        })
      )
    })
  ),
  /** Two models on the fields that both have read and a person has decided. */
  'dataset.compare': ofProject(
    v.object({ a: id, b: id, on: measuredOn }),
    v.object({
      fields: v.number(),
      /** Fields that one of them was trained on; whether it is known of both what they were trained on. */
      leftOut: v.number(),
      trainingKnown: v.boolean(),
      bothRight: v.number(),
      onlyA: v.number(),
      onlyB: v.number(),
      bothWrong: v.number(),
      /** b − a; 95 %, paired bootstrap. Null without fields. */
      exact: v.nullable(interval),
      characterErrorRate: v.nullable(interval),
      /** Exact McNemar test of `onlyA` against `onlyB`, two-sided. */
      probability: v.nullable(v.number()),
      /** Ids for `fields.select`, at most 500 each. */
      ids: v.object({ onlyA: v.array(v.number()), onlyB: v.array(v.number()), bothWrong: v.array(v.number()) })
    })
  ),
  /** Where the readings of a model (absent: the current one) go wrong on decided fields. */
  'dataset.errors': ofProject(
    v.object({
      model: v.optional(id),
      on: measuredOn,
      limit: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(200)), 60)
    }),
    v.object({
      fields: v.number(),
      wrong: v.number(),
      classes: v.array(
        v.object({
          class: characterClass,
          /** Characters of the decided texts in this class, and what became of the wrong ones; `inserted`: read where nothing is. */
          characters: v.number(),
          replaced: v.number(),
          missed: v.number(),
          inserted: v.number(),
          /** Ids for `fields.select`, at most 500. */
          ids: v.array(v.number())
        })
      ),
      /** Most frequent first; `written` empty: inserted by the model; `read` empty: missed. */
      confusions: v.array(
        v.object({
          written: v.string(),
          read: v.string(),
          count: v.number(),
          /** How often `written` occurs; 0 for insertions. */
          of: v.number(),
          /** Crops to show, and for `fields.select`; at most 100. */
          ids: v.array(v.number())
        })
      )
    })
  ),
  /** Keeps ids as a queue of its own, in this order: `filter: { selection }`. The newest 100 are kept. */
  'fields.select': ofProject(
    v.object({ ids: v.pipe(ids, v.minLength(1)) }),
    v.object({ selection: v.number(), filter })
  )
} as const
