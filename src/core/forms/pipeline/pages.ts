/** What a person does with pages: lay a template by hand, look again, discard, restore. */
import type { Quad } from '../../../shared/forms'
import { NominaError, say } from '../../../shared/failure'
import { currentModelId, deriveFields, immediate, type Database, type ReadOnlyDatabase } from '../../store'
import { dropFields, fieldsOfPage, pageOfField, pageOfImage } from '../../store/page-fields'
import {
  addPageEvent,
  findPage,
  setPageDiscarded,
  setPagePending,
  setPageToCut,
  unmatchedOrFailedPages,
  type StoredPage
} from '../../store/pages'
import { findTemplate } from '../../store/templates'
import type { PagesClient } from '../../../reading/pages/process'
import { readTemplate, usableTemplates } from '../templates'
import { jobOf } from './job'
import { storeOutcome } from './store'

/** @throws NominaError `not-found` */
export function readPage(db: ReadOnlyDatabase, id: number): StoredPage {
  const page = findPage(db, id)
  if (!page) throw new NominaError('not-found', `There is no page with the number ${id}.`)
  return page
}

/**
 * Lays a template on a page where a person put its corners, and cuts the fields anew.
 * @returns ids of the fields that changed
 * @throws NominaError `not-found`, `invalid-input` where no page can lie so, `unreadable`
 */
export async function layByHand(
  db: Database,
  client: PagesClient,
  id: number,
  { templateId, corners, who }: { templateId: number; corners: Quad; who: string }
): Promise<number[]> {
  const page = readPage(db, id)
  readTemplate(db, templateId)
  await client.setTemplates(usableTemplates(db))
  const outcome = await client.call('page', await jobOf(db, page, { by: 'corners', templateId, corners }))
  if (outcome.status !== 'matched')
    throw new NominaError('invalid-input', outcome.reason ?? 'The template can’t lie there.')
  return storeOutcome(db, page, outcome, { by: 'hand', corners, who }) ?? []
}

/**
 * Pages wait to be registered again, on a template or on whichever fits.
 * @param ids null: all that are unmatched or failed
 * @returns how many wait
 * @throws NominaError `not-found`
 */
export function registerAgain(db: Database, ids: number[] | null, templateId: number | null, who: string): number {
  if (templateId !== null) readTemplate(db, templateId)
  const wanted = ids ?? unmatchedOrFailedPages(db)
  const note = templateId === null ? null : (findTemplate(db, templateId)?.name ?? null)
  immediate(db, () => {
    for (const id of wanted) {
      readPage(db, id)
      setPagePending(db, id, templateId)
      addPageEvent(db, id, templateId === null ? 'register' : 'template', note, who)
    }
  })
  return wanted.length
}

/** @returns ids of fields that changed or are gone. @throws NominaError `not-found` */
export function discardPages(db: Database, ids: number[], who: string): { changed: number[]; fieldIds: number[] } {
  return immediate(db, () => {
    const changed = ids.filter((id) => readPage(db, id).status !== 'discarded')
    const fieldIds = changed.flatMap((id) => {
      setPageDiscarded(db, id)
      addPageEvent(db, id, 'discarded', null, who)
      const fields = fieldsOfPage(db, id).map((field) => field.id)
      // What was decided stays as it is; its place on the page is known again when it is restored.
      dropFields(db, fields)
      return fields
    })
    deriveFields(db, { fieldIds }, currentModelId(db))
    return { changed, fieldIds }
  })
}

/** Discarded pages wait to be cut, or registered, again. @throws NominaError `not-found` */
export function restorePages(db: Database, ids: number[], who: string): number[] {
  return immediate(db, () => {
    const changed = ids.filter((id) => readPage(db, id).status === 'discarded')
    for (const id of changed) {
      const page = readPage(db, id)
      if (page.homography) setPageToCut(db, id)
      else setPagePending(db, id, page.wantedTemplateId)
      addPageEvent(db, id, 'restored', null, who)
    }
    return changed
  })
}

/** Pages that are being cut again: many crops of one page are asked for at once. */
const beingCut = new WeakMap<Database, Map<number, Promise<void>>>()

/** Cuts the crops of a page again, where the files are gone. @throws NominaError `not-found`, `unreadable` */
export function recutPage(db: Database, client: PagesClient, pageId: number): Promise<void> {
  const under = beingCut.get(db) ?? new Map<number, Promise<void>>()
  beingCut.set(db, under)
  const known = under.get(pageId)
  if (known) return known
  const work = cutAgain(db, client, pageId).finally(() => under.delete(pageId))
  under.set(pageId, work)
  return work
}

async function cutAgain(db: Database, client: PagesClient, pageId: number): Promise<void> {
  const page = readPage(db, pageId)
  if (page.homography === null) throw new NominaError('not-found', say('cropLost'))
  await client.setTemplates(usableTemplates(db))
  storeOutcome(db, page, await client.call('page', await jobOf(db, page)), { by: 'lost' })
}

/** As `recutPage`, for a page that shows this image. */
export async function recutImage(db: Database, client: PagesClient, imageId: number): Promise<void> {
  const pageId = pageOfImage(db, imageId)
  if (pageId !== null) await recutPage(db, client, pageId)
}

/** As `recutPage`, for the page of a field. @throws NominaError `not-found`, `unreadable` */
export async function recutField(db: Database, client: PagesClient, fieldId: number): Promise<void> {
  const pageId = pageOfField(db, fieldId)
  if (pageId === null) throw new NominaError('not-found', `Field ${fieldId} is not on a page.`)
  await recutPage(db, client, pageId)
}
