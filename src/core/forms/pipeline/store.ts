/** Stores what was found on a page: the page, its fields, and what became of those that were there before. */
import type { Quad } from '../../../shared/forms'
import { currentModelId, deriveFields, immediate, type Database } from '../../store'
import { storeCovered } from '../../store/boxes'
import { decidedContents, ensureContent, fileHash } from '../../store/contents'
import { fieldModels } from '../../store/field-models'
import { dropFields, fieldsOfPage, putPageField } from '../../store/page-fields'
import {
  addPageEvent,
  findPage,
  setPageContent,
  setPageCorners,
  setPageResult,
  type StoredPage
} from '../../store/pages'
import { lastPosition } from '../../store/sources'
import { findTemplate } from '../../store/templates'
import type { PageOutcome } from '../../../reading/pages/process'

/** Room between two neighbours in file order; see ingest/positions. */
const step = 16

/** Why the page was worked on: it waited; a person laid the template on it; its crops were gone. */
export type Occasion = { by: 'waiting' } | { by: 'hand'; corners: Quad; who: string } | { by: 'lost' }

/**
 * @returns the ids of fields that are new, changed or gone; null where a person did something with the page meanwhile, so that
 * the outcome is old
 */
export function storeOutcome(
  db: Database,
  page: StoredPage,
  outcome: PageOutcome | { reason: string },
  occasion: Occasion = { by: 'waiting' }
): number[] | null {
  return immediate(db, () => {
    const now = findPage(db, page.id)
    if (!now || (occasion.by !== 'hand' && isOther(page, now))) return null
    if (occasion.by === 'hand') {
      setPageCorners(db, page.id, occasion.corners)
      addPageEvent(db, page.id, 'corners', JSON.stringify(occasion.corners), occasion.who)
    }
    const found = 'fields' in outcome ? outcome : null
    setPageResult(
      db,
      page.id,
      found ?? { ...unknown, turns: page.turns, reason: 'reason' in outcome ? outcome.reason : null }
    )
    if (occasion.by === 'waiting') addPageEvent(db, page.id, found?.status ?? 'failed', noteOf(db, outcome), null)
    if (found) {
      nameContent(db, page, found.content)
      storeCovered(db, found.covered)
    }
    const before = fieldsOfPage(db, page.id)
    const kept = found ? putFields(db, page, found) : []
    const gone = before.filter(({ id }) => !kept.includes(id)).map(({ id }) => id)
    dropFields(db, gone)
    const ids = [...kept, ...gone]
    deriveFields(db, { fieldIds: ids }, currentModelId(db))
    return ids
  })
}

/** Discarded, laid by hand, to be laid on something else, or another page since the work began. */
const isOther = (before: StoredPage, now: StoredPage): boolean =>
  now.status !== before.status ||
  now.wantedTemplateId !== before.wantedTemplateId ||
  now.contentId !== before.contentId ||
  JSON.stringify([now.corners, now.homography]) !== JSON.stringify([before.corners, before.homography])

/** The page was decoded: it is known by more than its file now, and may turn out to be one that lies elsewhere as well. */
function nameContent(db: Database, { id, sha256, number, contentId }: StoredPage, names: string[]): void {
  const hashes = [...(sha256 === null ? [] : [fileHash(sha256, number)]), ...names]
  const decided = decidedContents(db, { pageId: id })
  const present = contentId !== null && decided.includes(contentId) ? contentId : null
  setPageContent(db, id, ensureContent(db, hashes, present, decided))
}

const unknown = {
  width: null,
  height: null,
  dpi: null,
  origin: null,
  status: 'failed',
  templateId: null,
  homography: null,
  score: null
} as const

function putFields(db: Database, page: StoredPage, { templateId, score, fields }: PageOutcome): number[] {
  const template = templateId === null ? undefined : findTemplate(db, templateId)
  const drawn = new Map(template?.file.fields.map((field) => [field.name, field]))
  const models = fieldModels(db)
  const first = lastPosition(db) + step
  return fields.map((field, place) =>
    putPageField(
      db,
      page,
      {
        ...field,
        kind: drawn.get(field.name)?.kind ?? 'name',
        modelId: models[drawn.get(field.name)?.model ?? ''] ?? null,
        place,
        registration: score ?? 0
      },
      first + place * step
    )
  )
}

function noteOf(db: Database, outcome: PageOutcome | { reason: string }): string | null {
  if (!('fields' in outcome) || outcome.templateId === null) return outcome.reason
  return `${findTemplate(db, outcome.templateId)?.name ?? 'template'}, ${outcome.score?.toFixed(3) ?? ''}`
}
