/** Templates and pages. */
import type { formsEndpoints } from '../../shared/contract/forms'
import type { Quad } from '../../shared/forms'
import { reviewerOf, type Context } from '../context'
import { writePageExport } from '../export'
import { discardPages, layByHand, readPage, registerAgain, restorePages } from '../forms/pipeline'
import {
  assignModels,
  createTemplate,
  describeTemplate,
  dropTemplate,
  exportTemplate,
  importTemplate,
  readTemplate,
  saveTemplate,
  usableTemplates
} from '../forms/templates'
import { announcePages, currentModel, startPagesAndReading, startRecognition } from '../jobs'
import { readRows } from '../review'
import { readCounts } from '../store'
import { fieldDetails, pageOfField } from '../store/page-fields'
import { pageCounts, pageEvents, pageIds, pageRows } from '../store/pages'
import { listTemplates, templateImage, templateRow } from '../store/templates'
import { outlineOf } from '../forms/outline'
import { db, done } from './shared'
import type { HandlersOf } from './types'

/** Named in an answer; more are told of by number. */
const namedAtMost = 200

const templateRows = (context: Context) => listTemplates(db(context)).map((one) => templateRow(db(context), one))

/** Tells the windows and the pages process, and works on what waits now. @returns the run's id */
async function templatesChanged(context: Context, waiting: boolean, recognise = true): Promise<number | null> {
  await context.pages.setTemplates(usableTemplates(db(context)))
  fieldsChanged(context, assignModels(db(context), context.registry.models))
  context.bus.emit('templates.changed', { templates: templateRows(context) })
  if (!waiting) return null
  announcePages(context, null)
  return startPagesAndReading(context, recognise)?.id ?? null
}

function fieldsChanged(context: Context, ids: number[]): void {
  if (ids.length) context.bus.emit('fields.changed', { ids: null, counts: readCounts(db(context)) })
}

function readAgain(context: Context, recognise: boolean): void {
  const under = context.runs.some((run) => run.kind === 'recognise' && run.progress().status === 'running')
  if (recognise && !under && currentModel(context)) startRecognition(context)
}

const changedPages = (context: Context, ids: number[]) => ({
  pages: pageRows(db(context), ids.slice(0, namedAtMost)),
  changed: ids.length,
  counts: pageCounts(db(context))
})

export const formsHandlers: HandlersOf<keyof typeof formsEndpoints> = {
  'templates.list': (context) => ({ templates: templateRows(context) }),
  'templates.get': (context, { id }) => describeTemplate(db(context), readTemplate(db(context), id)),
  'templates.create': async (context, { name, image }) => {
    const template = await createTemplate(db(context), context.pages, name, image)
    await templatesChanged(context, false)
    return describeTemplate(db(context), template)
  },
  'templates.save': async (context, { id, name, fields }) => {
    const waiting = saveTemplate(db(context), id, name, fields)
    const runId = await templatesChanged(context, waiting)
    return { template: describeTemplate(db(context), readTemplate(db(context), id)), runId }
  },
  'templates.remove': async (context, { id }) => {
    await templatesChanged(context, dropTemplate(db(context), id))
    return done
  },
  'templates.importJson': async (context, { path }) => {
    const { template, waiting } = await importTemplate(db(context), context.pages, path)
    const runId = await templatesChanged(context, waiting)
    return { template: describeTemplate(db(context), template), runId }
  },
  'templates.exportJson': async (context, { id, path, overwrite }) => ({
    files: await exportTemplate(db(context), id, path, overwrite)
  }),
  'templates.propose': async (context, { id }) => {
    readTemplate(db(context), id)
    return context.pages.call('propose', { image: new Uint8Array(templateImage(db(context), id)!) })
  },

  'pages.ids': (context, { filter }) => ({
    ids: pageIds(db(context), filter),
    counts: pageCounts(db(context))
  }),
  'pages.rows': (context, { ids }) => ({ pages: pageRows(db(context), ids) }),
  'pages.counts': (context) => pageCounts(db(context)),
  'pages.detail': (context, { id }) => {
    const page = readPage(db(context), id)
    const fields = fieldDetails(db(context), id)
    const rows = new Map(
      readRows(
        db(context),
        fields.map((field) => field.id)
      ).map((row) => [row.id, row])
    )
    return {
      page: pageRows(db(context), [id])[0]!,
      path: pagePath(context, id),
      outline: outlineOf(db(context), page),
      fields: fields.map((field) => ({ ...field, row: rows.get(field.id)! })),
      events: pageEvents(db(context), id)
    }
  },
  'pages.export': (context, options) => writePageExport(db(context), options),
  'pages.ofField': (context, { fieldId }) => ({ pageId: pageOfField(db(context), fieldId) }),
  'pages.setCorners': async (context, { id, templateId, corners, recognise }, caller) => {
    const who = reviewerOf(context, caller)
    const fieldIds = await layByHand(db(context), context.pages, id, { templateId, corners: corners as Quad, who })
    fieldsChanged(context, fieldIds)
    announcePages(context, [id])
    readAgain(context, recognise)
    return { page: pageRows(db(context), [id])[0]! }
  },
  'pages.register': (context, { ids, templateId, recognise }, caller) => {
    const waiting = registerAgain(db(context), ids, templateId, reviewerOf(context, caller))
    if (waiting) announcePages(context, ids)
    return { runId: startPagesAndReading(context, recognise)?.id ?? null }
  },
  'pages.discard': (context, { ids }, caller) => {
    const { changed, fieldIds } = discardPages(db(context), ids, reviewerOf(context, caller))
    fieldsChanged(context, fieldIds)
    announcePages(context, ids.length > namedAtMost ? null : ids)
    return changedPages(context, changed)
  },
  'pages.restore': (context, { ids }, caller) => {
    const changed = restorePages(db(context), ids, reviewerOf(context, caller))
    announcePages(context, ids.length > namedAtMost ? null : ids)
    const runId = startPagesAndReading(context, true)?.id ?? null
    return { ...changedPages(context, changed), runId }
  }
}

const pagePath = (context: Context, pageId: number): string =>
  db(context)
    .prepare<[number], string>(
      `SELECT roots.path || '/' || sources.path FROM pages JOIN sources ON sources.id = pages.source_id
         JOIN roots ON roots.id = sources.root_id WHERE pages.id = ?`
    )
    .pluck()
    .get(pageId)!
