/** The grid by name: endpoints of this area. */
import * as v from 'valibot'
import { list, text } from '../bounds'
import { id, ink, ofProject } from './parts'

/** A field read with less confidence than this, or whose imported label says otherwise, should be looked at. */
export const needsALookBelow = 0.9

/** Which fields a group shows. */
export const namesShown = v.picklist(['undecided', 'decided', 'all'])
export type NamesShown = v.InferOutput<typeof namesShown>

/** `worth`: the groups first that one confirmation settles most fields of, each counted with the probability that it is right. */
export const namesOrder = v.picklist(['worth', 'size', 'name'])
export type NamesOrder = v.InferOutput<typeof namesOrder>

/** All fields that say one text. */
export const nameGroup = v.object({
  id: v.number(),
  /** Empty: nothing is written in these. */
  text: v.string(),
  undecided: v.number(),
  decided: v.number(),
  /** Fields that one confirmation would settle, as far as is known. */
  worth: v.number()
})
export type NameGroup = v.InferOutput<typeof nameGroup>

/** Only fields of this name on the form count and are shown. */
const formField = v.optional(text(200))

export const namesEndpoints = {
  /** The ids of all groups that have such a field, in order. */
  'names.groups': ofProject(
    v.object({ shown: namesShown, order: namesOrder, search: v.optional(text(200)), field: formField }),
    v.object({ ids: v.array(v.number()) })
  ),
  'names.rows': ofProject(v.object({ ids: list(id, 500), field: formField }), v.object({ rows: v.array(nameGroup) })),
  /** A group's fields: `undecided` of them first, worst fit first, of which the first `needALook` should be looked at. */
  'names.members': ofProject(
    v.object({ id, shown: namesShown, field: formField }),
    v.object({ ids: v.array(v.number()), undecided: v.number(), needALook: v.number(), ink, asOf: v.number() })
  ),
  /** Labels written almost so, nearest first: for a name that a person may misspell. */
  'names.similar': ofProject(
    v.object({ text: text(200), limit: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(50)), 6) }),
    v.object({ names: v.array(v.object({ text: v.string(), fields: v.number() })) })
  )
} as const
