/** Every preference of the app: what it keeps for a person, over all projects. No Node, no DOM. */
import * as v from 'valibot'
import { list, small, text } from './bounds'
import { namesOrder } from './contract/names'
import { path } from './contract/parts'
import { order } from './domain'

export const languages = { en: 'English', fr: 'Français' } as const
export type Language = keyof typeof languages
const language = v.picklist(Object.keys(languages) as Language[])
export const isLanguage = (value: unknown): value is Language => v.is(language, value)

const theme = v.picklist(['system', 'light', 'dark'])
export type Theme = v.InferOutput<typeof theme>
export const isTheme = (value: unknown): value is Theme => v.is(theme, value)

/** Each with what counts where nothing is kept; null: the person has not chosen. Views read and set these. */
const ofViews = {
  theme: v.optional(v.nullable(theme), null),
  language: v.optional(v.nullable(language), null),
  /** A command's id → keys of a person's own. */
  keys: v.optional(v.pipe(v.record(v.string(), v.pipe(list(text(40), 20), v.readonly())), small(16_384)), {}),
  'review.order': v.optional(order, 'suggested'),
  /** Names that are all in capitals are typed so. */
  'review.capitals': v.optional(v.boolean(), true),
  'hints.review': v.optional(v.picklist(['shown', 'gone']), 'shown'),
  'names.order': v.optional(namesOrder, 'worth'),
  /** The folder that was chosen from last. */
  'files.last': v.optional(v.nullable(path), null)
}

/** Each is set by endpoints of its own. */
const ofCore = {
  /** Where newer versions are looked for. */
  updateFeed: v.optional(v.nullable(v.string()), null),
  /** The id of the model that the next new project begins with. */
  'models.beginsNext': v.optional(v.nullable(v.string()), null)
}

const all = { ...ofViews, ...ofCore }
export const viewPreferences = v.object(ofViews)
export type ViewPreferences = v.InferOutput<typeof viewPreferences>
export type Preferences = ViewPreferences & v.InferOutput<ReturnType<typeof v.object<typeof ofCore>>>

/** One of them with its value, as a view sets it. */
export type Preferred = { [K in keyof ViewPreferences]: { key: K; value: ViewPreferences[K] } }[keyof ViewPreferences]
const settable = Object.entries(ofViews).map(([key, { wrapped }]) =>
  v.object({ key: v.literal(key), value: wrapped as v.GenericSchema })
)
export const preferred = v.variant('key', settable) as v.GenericSchema<unknown> as v.GenericSchema<Preferred>

/** What counts of what was kept: another version's keys and what can't be understood are passed over. */
export const preferencesOf = (kept: Readonly<Record<string, unknown>>): Preferences =>
  Object.fromEntries(
    Object.entries(all).map(([key, schema]) => [key, v.parse(v.fallback(schema, schema.default as never), kept[key])])
  ) as unknown as Preferences
