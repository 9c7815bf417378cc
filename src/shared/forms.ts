/** The words of whole forms, as types that cross every boundary. */
import * as v from 'valibot'
import { finite, list, text } from './bounds'
import { quarterTurns } from './domain'

/** x and y of four corners, clockwise from the own top left of what they surround, as it is read; px of the stored image. */
export const quad = v.pipe(list(finite, 8), v.length(8))
export type Quad = v.InferOutput<typeof quad>

export const fieldKinds = ['name', 'text', 'date', 'number', 'tick'] as const
/** What is written in a field. Names are read today; the others are kept for when they are. */
export const fieldKind = v.picklist(fieldKinds)
export type FieldKind = v.InferOutput<typeof fieldKind>

/** Of one template: a page of the densest register has a third of it. */
export const mostTemplateFields = 1000
/** Of a template's fields as JSON, with what other programs keep in them. */
export const mostTemplateCharacters = 2_000_000

/** A box of a template, px of its image; keys that are not known here are kept. */
export const templateField = v.looseObject({
  name: v.pipe(text(200), v.minLength(1)),
  x: finite,
  y: finite,
  width: v.pipe(finite, v.gtValue(0)),
  height: v.pipe(finite, v.gtValue(0)),
  /** `name` where absent. */
  kind: v.optional(fieldKind),
  /** Place in the reading order; where absent, the place in the list. */
  order: v.optional(finite),
  /** Id of the model that reads it; absent: the project's. */
  model: v.optional(text(200))
})
export type TemplateField = v.InferOutput<typeof templateField>

export const templateRow = v.object({
  id: v.number(),
  name: v.string(),
  /** Of its image, px. */
  width: v.number(),
  height: v.number(),
  fields: v.number(),
  /** Pages that lie on it. */
  pages: v.number(),
  updatedAt: v.string(),
  imageVersion: v.string()
})
export type TemplateRow = v.InferOutput<typeof templateRow>

export const template = v.object({
  ...templateRow.entries,
  fields: v.array(templateField),
  /** Why it can't be used as it is, naming the field; empty where it can. */
  problems: v.array(v.string())
})
export type TemplateDetail = v.InferOutput<typeof template>

export const proposedBox = v.object({
  x: v.number(),
  y: v.number(),
  width: v.number(),
  height: v.number(),
  kind: v.picklist(['box', 'line', 'tick']),
  score: v.number()
})
export type ProposedBox = v.InferOutput<typeof proposedBox>

/**
 * `pending`: to be registered; `matched`: lies on a template; `unmatched`: on none, a person has to look; `discarded`: by a
 * person; `failed`: can't be decoded.
 */
export const pageStatus = v.picklist(['pending', 'matched', 'unmatched', 'discarded', 'failed'])
export type PageStatus = v.InferOutput<typeof pageStatus>

export const pageCounts = v.object({
  total: v.number(),
  pending: v.number(),
  matched: v.number(),
  unmatched: v.number(),
  discarded: v.number(),
  failed: v.number()
})
export type PageCounts = v.InferOutput<typeof pageCounts>

export const pageFilter = v.object({
  /** `problems`: unmatched or failed. */
  status: v.optional(v.picklist(['all', 'problems', ...pageStatus.options])),
  templateId: v.optional(finite),
  /** Matched pages whose score is at most this. */
  maxScore: v.optional(finite),
  /** Case-insensitive part of the file's path. */
  search: v.optional(text(200))
})
export type PageFilter = v.InferOutput<typeof pageFilter>

export const pageRow = v.object({
  id: v.number(),
  /** Path relative to the imported folder, with `/`. */
  file: v.string(),
  /** From 1. */
  number: v.number(),
  /** Of its file. */
  pages: v.number(),
  /** Of the stored image, px before any rotation; 0 where it is not known. */
  width: v.number(),
  height: v.number(),
  dpi: v.nullable(v.number()),
  /** What is stored: the file's own image, the scan embedded in a PDF, or a PDF page that is rendered. */
  origin: v.nullable(v.picklist(['image', 'embedded', 'rendered'])),
  /** Clockwise quarter turns that set it upright. */
  turns: quarterTurns,
  status: pageStatus,
  /** Why it is unmatched or failed. */
  reason: v.nullable(v.string()),
  templateId: v.nullable(v.number()),
  template: v.nullable(v.string()),
  /** Of the registration: the probability that it is right, 0–1. */
  score: v.nullable(v.number()),
  /** A person laid the template on it. */
  byHand: v.boolean(),
  fields: v.object({ total: v.number(), undecided: v.number(), decided: v.number(), failed: v.number() }),
  /** Changes whenever the image shown changes: part of its URL. */
  imageVersion: v.string()
})
export type PageRow = v.InferOutput<typeof pageRow>
