/** Templates, pages, registration: endpoints of this area. */
import * as v from 'valibot'
import { list, small, text } from '../bounds'
import { fieldRow } from '../domain'
import {
  mostTemplateCharacters,
  mostTemplateFields,
  pageCounts,
  pageFilter,
  pageRow,
  proposedBox,
  quad,
  template,
  templateField,
  templateRow
} from '../forms'
import { id, nothing, ofProject, path } from './parts'

const templateName = v.pipe(text(80), v.trim(), v.minLength(1))
const pageIds = v.pipe(list(id, 100_000), v.minLength(1))
/** The pages after an act (the first 200 of them), and all counts. */
const changedPages = v.object({ pages: v.array(pageRow), changed: v.number(), counts: pageCounts })
/** A page of a file that a person has chosen, or one of the project's pages; `turns` clockwise quarter turns first. */
const templateImage = v.union([
  v.object({ path, page: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1))) }),
  v.object({ pageId: id })
])

export const formsEndpoints = {
  // Templates: a reference image and named boxes, in px of that image. Its image: `/template/<id>/<screen|full>?v=<imageVersion>`
  'templates.list': ofProject(nothing, v.object({ templates: v.array(templateRow) })),
  'templates.get': ofProject(v.object({ id }), template),
  /** A new template without fields; a page of the project is taken as it stands upright. */
  'templates.create': ofProject(v.object({ name: templateName, image: templateImage }), template),
  /**
   * Replaces name and fields. A field's `was` is its name before, so that what was decided on it stays with it. Pages that lie
   * on the template are cut again (`runId`; null where none do); fields that are decided keep their decisions.
   */
  'templates.save': ofProject(
    v.object({
      id,
      name: templateName,
      fields: v.pipe(
        list(v.looseObject({ ...templateField.entries, was: v.optional(text(200)) }), mostTemplateFields),
        small(mostTemplateCharacters)
      )
    }),
    v.object({ template, runId: v.nullable(v.number()) })
  ),
  /** Its pages become unmatched; decided fields keep their decisions. */
  'templates.remove': ofProject(v.object({ id }), nothing),
  /** A template file as in the command line's `--template`; the same name with the same image is replaced. */
  'templates.importJson': ofProject(v.object({ path }), v.object({ template, runId: v.nullable(v.number()) })),
  /** Writes the JSON and, beside it, the image that it names. */
  'templates.exportJson': ofProject(
    v.object({ id, path, overwrite: v.boolean() }),
    v.object({ files: v.array(v.string()) })
  ),
  /** Printed boxes, writing lines and tick boxes found in the template's image, best first. */
  'templates.propose': ofProject(v.object({ id }), v.object({ boxes: v.array(proposedBox) })),

  // Pages. Images: `/page/<id>/<thumbnail|screen|full>?v=<imageVersion>`; a thumbnail is upright, the others are as stored.
  'pages.ids': ofProject(v.object({ filter: pageFilter }), v.object({ ids: v.array(v.number()), counts: pageCounts })),
  'pages.rows': ofProject(v.object({ ids: list(id, 500) }), v.object({ pages: v.array(pageRow) })),
  'pages.detail': ofProject(
    v.object({ id }),
    v.object({
      page: pageRow,
      /** Of the file, absolute. */
      path: v.string(),
      /** Where the template's image lies on the page: its corners clockwise from its own top left; null where unmatched. */
      outline: v.nullable(quad),
      /** In reading order. */
      fields: v.array(
        v.object({
          id: v.number(),
          name: v.string(),
          kind: v.string(),
          /** Clockwise from the field's own top left as it is read; null where its page is not matched any more. */
          quad: v.nullable(quad),
          registration: v.nullable(v.number()),
          blank: v.nullable(v.number()),
          row: fieldRow
        })
      ),
      /** Oldest first. */
      events: v.array(
        v.object({ at: v.string(), what: v.string(), who: v.nullable(v.string()), note: v.nullable(v.string()) })
      )
    })
  ),
  /**
   * A person laid the template on the page: where its image's four corners lie, clockwise from its own top left, px of the
   * stored image. Cuts the fields anew at once; those that are undecided are read again with `recognise`.
   */
  'pages.setCorners': ofProject(
    v.object({ id, templateId: id, corners: quad, recognise: v.boolean() }),
    v.object({ page: pageRow })
  ),
  /**
   * Registers pages again, on the template given or on whichever fits. `ids` null: all that are unmatched or failed. Pages that
   * a person laid by hand are left as they are unless they are named.
   */
  'pages.register': ofProject(
    v.object({ ids: v.nullable(pageIds), templateId: v.nullable(id), recognise: v.boolean() }),
    v.object({ runId: v.nullable(v.number()) })
  ),
  /** No form, or not wanted: out of the way until restored. Undecided fields on it go; decided ones stay decided. */
  'pages.discard': ofProject(v.object({ ids: pageIds }), changedPages),
  /** Registered again as if new, unless a person had laid them. */
  'pages.restore': ofProject(
    v.object({ ids: pageIds }),
    v.object({ ...changedPages.entries, runId: v.nullable(v.number()) })
  ),
  'pages.counts': ofProject(nothing, pageCounts)
} as const

export const formsEvents = {
  /** Pages changed by a run or another window; null: too many to name, ask again. */
  'pages.changed': v.object({ ids: v.nullable(v.array(v.number())), counts: pageCounts }),
  'templates.changed': v.object({ templates: v.array(templateRow) })
} as const

/** Sizes of a page's image: `thumbnail` upright, at most 320 px high; `screen` at most 1,800 px; `full` as stored. */
export type PageImageSize = 'thumbnail' | 'screen' | 'full'
