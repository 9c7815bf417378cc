/** Several reviewers on one project: who is there, leases, second keying. */
import * as v from 'valibot'
import { list, text } from '../bounds'
import { fieldRow, labelState } from '../domain'
import { changed, decidedAt, id, nothing, ofProject, request } from './parts'

/** A window's own name, chosen by it. */
const window = v.pipe(text(64), v.minLength(8))

const personName = v.pipe(text(80), v.trim(), v.minLength(1))

/** Lower and upper bound of a 95 % interval, as fractions. */
const interval = v.tuple([v.number(), v.number()])

const share = v.object({ count: v.number(), of: v.number(), share: v.nullable(v.number()), interval })

/** What one person said of a field. */
const verdict = v.object({
  kind: labelState,
  text: v.nullable(v.string()),
  reviewer: v.string(),
  at: v.string()
})

export const keyKind = labelState

export const reviewersEndpoints = {
  /** Everybody who may review, and how far they are. */
  'team.list': ofProject(
    nothing,
    v.object({
      shared: v.boolean(),
      people: v.array(
        v.object({
          name: v.string(),
          here: v.boolean(),
          decidedToday: v.number(),
          decided: v.number(),
          lastAt: v.nullable(v.string()),
          /** Fields that are theirs just now. */
          holding: v.number()
        })
      ),
      /** Of those who were let in: each holds a secret, and only the owner is told them. */
      links: v.array(v.object({ name: v.string(), url: v.string() }))
    })
  ),
  /** Lets a person in from another machine, to review this project and nothing else; the first one opens a port for them. */
  'team.invite': ofProject(v.object({ name: personName }), v.object({ url: v.string() })),
  /** Their link ends at once. */
  'team.revoke': ofProject(v.object({ name: personName }), nothing),

  /**
   * Takes the next `count` of these fields for this window and keeps them for it for two minutes; what it held before and
   * does not name is free again. `taken` are those that somebody else holds or has decided meanwhile.
   */
  'review.lease': ofProject(
    v.object({
      window,
      ids: list(id, 256),
      count: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(64))
    }),
    v.object({ granted: v.array(v.number()), taken: v.array(v.number()), seconds: v.number() })
  ),

  // second keying
  /** Draws decided fields at random to be keyed again. */
  'second.start': ofProject(
    v.object({
      name: v.pipe(text(80), v.trim()),
      /** A share of what can be drawn, as a fraction, or a number of fields. */
      share: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(1))),
      count: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1_000_000))),
      /** Targeted instead of random: only these reviewers' decisions, only corrected ones, only doubtful readings. */
      reviewers: v.optional(list(text(200), 1000)),
      corrected: v.optional(v.boolean()),
      maxConfidence: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(1))),
      seed: v.optional(v.pipe(v.number(), v.safeInteger()))
    }),
    v.object({ id: v.number(), fields: v.number() })
  ),
  'second.rounds': ofProject(
    nothing,
    v.object({
      rounds: v.array(
        v.object({
          id: v.number(),
          name: v.string(),
          startedBy: v.string(),
          startedAt: v.string(),
          closedAt: v.nullable(v.string()),
          fields: v.number(),
          keyed: v.number(),
          agreed: v.number(),
          /** Differences nobody has settled yet. */
          open: v.number()
        })
      )
    })
  ),
  'second.close': ofProject(v.object({ round: id }), nothing),
  /**
   * What is left for whoever asks: not their own decisions, unless they say that they will key their own again. The rows
   * are blind: no label, no reading.
   */
  'second.queue': ofProject(
    v.object({ round: id, own: v.optional(v.boolean()) }),
    v.object({ ids: v.array(v.number()), own: v.number() })
  ),
  'second.rows': ofProject(
    v.object({ round: id, ids: list(id, 200) }),
    v.object({
      rows: v.array(
        v.object({
          id: v.number(),
          width: v.number(),
          height: v.number(),
          rotation: v.number(),
          imageVersion: v.string()
        })
      )
    })
  ),
  'second.key': ofProject(
    v.object({
      round: id,
      id,
      kind: keyKind,
      text: v.optional(text(2000)),
      own: v.optional(v.boolean()),
      request
    }),
    v.object({ agreed: v.boolean(), left: v.number() })
  ),
  /** Where the two differ, to be settled side by side. */
  'second.differences': ofProject(
    v.object({ round: id, settled: v.optional(v.boolean()) }),
    v.object({
      differences: v.array(
        v.object({
          keyId: v.number(),
          row: fieldRow,
          first: verdict,
          second: verdict,
          settled: v.nullable(verdict)
        })
      )
    })
  ),
  /** Settles a difference; where it is not what the field says now, it becomes a decision. */
  'second.settle': ofProject(
    v.object({
      keyId: id,
      kind: keyKind,
      text: v.optional(text(2000)),
      /** When the field's decision that was shown was made, null for none: where it was decided on since, it is refused. */
      seen: v.optional(decidedAt),
      request
    }),
    changed
  ),
  /** Agreement, and each person's error on what was settled; 95 % intervals by Wilson's score method. */
  'second.report': ofProject(
    v.object({ round: v.optional(id) }),
    v.object({
      agreement: share,
      settled: v.number(),
      open: v.number(),
      people: v.array(
        v.object({
          name: v.string(),
          /** Wrong of all their keys of agreed and settled fields, in either role. */
          errors: share
        })
      )
    })
  )
} as const
