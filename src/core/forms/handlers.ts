/** Templates and pages. */
import type { formsEndpoints } from '../../shared/contract/forms'
import type { Quad } from '../../shared/forms'
import { reviewerOf } from '../app'
import { allModelsOf, done, modelsOf, type Project, type ProjectHandlers } from '../project'
import { readAlong } from '../recognise/stage'
import { readRows } from '../review'
import { fieldDetails } from '../store/page-fields'
import { pageCounts, pageEvents, pageIds, pageRows, scanOfPage } from '../store/pages'
import { listTemplates, templateImage, templateRow } from '../store/templates'
import { outlineOf } from './outline'
import { announcePages, startPagesAndReading } from './stage'
import { discardPages, layByHand, readPage, registerAgain, restorePages } from './pipeline'
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
} from './templates'

/** Named in an answer; more are told of by number. */
const namedAtMost = 200

const templateRows = (project: Project) => listTemplates(project.db).map((one) => templateRow(project.db, one))

/** Tells the windows and the pages process, and works on what waits now. @returns the run's id */
async function templatesChanged(project: Project, waiting: boolean, recognise = true): Promise<number | null> {
  await project.pages.setTemplates(usableTemplates(project.db))
  fieldsChanged(project, assignModels(project.db, modelsOf(project), allModelsOf(project)))
  project.events.emit('templates.changed', { templates: templateRows(project) })
  if (!waiting) return null
  announcePages(project, null)
  return startPagesAndReading(project, recognise)?.id ?? null
}

function fieldsChanged(project: Project, ids: number[]): void {
  if (ids.length) project.tellFields(null)
}

const changedPages = (project: Project, ids: number[]) => ({
  pages: pageRows(project.db, ids.slice(0, namedAtMost)),
  changed: ids.length,
  counts: pageCounts(project.db)
})

export const formsHandlers: ProjectHandlers<keyof typeof formsEndpoints> = {
  'templates.list': (project) => ({ templates: templateRows(project) }),
  'templates.get': (project, { id }) => describeTemplate(project.db, readTemplate(project.db, id)),
  'templates.create': async (project, { name, image }) => {
    const template = await createTemplate(project.db, project.pages, name, image)
    await templatesChanged(project, false)
    return describeTemplate(project.db, template)
  },
  'templates.save': async (project, { id, name, fields }) => {
    const waiting = saveTemplate(project.db, id, name, fields)
    const runId = await templatesChanged(project, waiting)
    return { template: describeTemplate(project.db, readTemplate(project.db, id)), runId }
  },
  'templates.remove': async (project, { id }) => {
    await templatesChanged(project, dropTemplate(project.db, id))
    return done
  },
  'templates.importJson': async (project, { path }) => {
    const { template, waiting } = await importTemplate(project.db, project.pages, path)
    const runId = await templatesChanged(project, waiting)
    return { template: describeTemplate(project.db, template), runId }
  },
  'templates.exportJson': async (project, { id, path, overwrite }) => ({
    files: await exportTemplate(project.db, id, path, overwrite)
  }),
  'templates.propose': async (project, { id }) => {
    readTemplate(project.db, id)
    return project.pages.call('propose', { image: new Uint8Array(templateImage(project.db, id)!) })
  },

  'pages.ids': (project, { filter }) => ({
    ids: pageIds(project.db, filter),
    counts: pageCounts(project.db)
  }),
  'pages.rows': (project, { ids }) => ({ pages: pageRows(project.db, ids) }),
  'pages.counts': (project) => pageCounts(project.db),
  'pages.detail': (project, { id }) => {
    const page = readPage(project.db, id)
    const fields = fieldDetails(project.db, id)
    const rows = new Map(
      readRows(
        project.db,
        fields.map((field) => field.id)
      ).map((row) => [row.id, row])
    )
    return {
      page: pageRows(project.db, [id])[0]!,
      path: pagePath(project, id),
      outline: outlineOf(project.db, page),
      fields: fields.map((field) => ({ ...field, row: rows.get(field.id)! })),
      events: pageEvents(project.db, id)
    }
  },
  'pages.setCorners': async (project, { id, templateId, corners, recognise }, caller) => {
    const who = reviewerOf(project.app, caller)
    const fieldIds = await layByHand(project.db, project.pages, id, { templateId, corners: corners as Quad, who })
    fieldsChanged(project, fieldIds)
    announcePages(project, [id])
    if (recognise) readAlong(project)
    return { page: pageRows(project.db, [id])[0]! }
  },
  'pages.register': (project, { ids, templateId, recognise }, caller) => {
    const waiting = registerAgain(project.db, ids, templateId, reviewerOf(project.app, caller))
    if (waiting) announcePages(project, ids)
    return { runId: startPagesAndReading(project, recognise)?.id ?? null }
  },
  'pages.discard': (project, { ids }, caller) => {
    const { changed, fieldIds } = discardPages(project.db, ids, reviewerOf(project.app, caller))
    fieldsChanged(project, fieldIds)
    announcePages(project, ids.length > namedAtMost ? null : ids)
    return changedPages(project, changed)
  },
  'pages.restore': (project, { ids }, caller) => {
    const changed = restorePages(project.db, ids, reviewerOf(project.app, caller))
    announcePages(project, ids.length > namedAtMost ? null : ids)
    const runId = startPagesAndReading(project, true)?.id ?? null
    return { ...changedPages(project, changed), runId }
  }
}

function pagePath({ db }: Project, pageId: number): string {
  const { root, file } = scanOfPage(db, pageId)
  return `${root}/${file}`
}
