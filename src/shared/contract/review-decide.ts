/** What `review.decide` is asked, and what waits in a window until it is. */
import * as v from 'valibot'
import { list, text } from '../bounds'
import { decisionKind, filter } from '../domain'
import { decidedAt, decidedIn, id, ids, ink, request } from './parts'

const input = v.object({
  ids,
  /**
   * In place of ids: all that pass the filter but for a few. Where not `total` of them pass now, as `fields.ids` says it in `passing`,
   * the act is refused (`conflict`): nobody saw the others.
   */
  all: v.optional(v.object({ filter, except: list(id, 100_000), total: ink })),
  kind: decisionKind,
  /** `corrected`: the new text. `accepted`: the text that was taken; absent in bulk, where each field's own label is accepted. */
  text: v.optional(text(2000)),
  note: v.optional(text(2000)),
  /** The text that was shown as each field's own, to which `accepted` and `corrected` are relative; absent: its label. */
  shown: v.optional(text(2000)),
  /**
   * When the decision that was shown was made, null for none; one for all, or one for each of `ids`. A field that was decided on
   * since, by anybody, also by this person in another window, is left; the only one is refused (`conflict`).
   */
  seen: v.optional(v.union([decidedAt, list(decidedAt, 1_000_000)])),
  /**
   * As of which change of ink and text the fields were shown; one for all, or one for each of `ids` (null: it was not shown). A field
   * whose scan or box has changed since is left; the only one is refused (`other-ink`). So is one that is accepted by its own text where
   * that became another since (`conflict`); of an act by a filter, whatever it says.
   */
  ink: v.optional(v.union([ink, list(v.nullable(ink), 1_000_000)])),
  /** As of which decision of the project the fields were listed: what somebody else decided after it is left. */
  asOf: v.optional(ink),
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
  /** The queue brought it at random: see `fields.ids`. */
  random: v.optional(v.boolean()),
  request,
  project: decidedIn
})

export const decideInput = v.pipe(
  input,
  v.check(({ ids, all }) => (all ? ids.length === 0 : ids.length > 0), 'needs ids, or a filter in place of them')
)
