/** Pages: the images of sources, what registration found on them, and what a person said of them. */
import type { QuarterTurns } from '../../shared/domain'
import type { PageCounts, PageFilter, PageRow, PageStatus, Quad } from '../../shared/forms'
import type { Database, ReadOnlyDatabase } from './handle'
import { sourceIsRemoved } from './removals'
import { reading, writing } from './statements'

export interface StoredPage {
  id: number
  sourceId: number
  number: number
  sha256: string | null
  sourceStatus: 'ok' | 'failed' | 'missing'
  sourceReason: string | null
  width: number | null
  height: number | null
  turns: QuarterTurns
  status: PageStatus
  templateId: number | null
  homography: number[] | null
  score: number | null
  corners: Quad | null
  wantedTemplateId: number | null
  /** What it shows. */
  contentId: number | null
}

export type PageEvent =
  'matched' | 'unmatched' | 'failed' | 'corners' | 'template' | 'discarded' | 'restored' | 'register'

const columns = `p.id, p.source_id AS sourceId, p.number, s.sha256, s.status AS sourceStatus, s.reason AS sourceReason,
  p.width, p.height, p.turns, p.status, p.template_id AS templateId, p.homography, p.score, p.corners,
  p.wanted_template_id AS wantedTemplateId, p.content_id AS contentId FROM pages p JOIN sources s ON s.id = p.source_id`

type Row = Omit<StoredPage, 'homography' | 'corners'> & { homography: string | null; corners: string | null }
const toPage = (row: Row): StoredPage => ({
  ...row,
  homography: row.homography === null ? null : (JSON.parse(row.homography) as number[]),
  corners: row.corners === null ? null : (JSON.parse(row.corners) as Quad)
})

export function findPage(db: ReadOnlyDatabase, id: number): StoredPage | undefined {
  const row = reading<[number], Row>(db, `SELECT ${columns} WHERE p.id = ?`).get(id)
  return row && toPage(row)
}

/** The next pages to be registered, in file order. */
export const pendingPages = (db: ReadOnlyDatabase, limit: number): StoredPage[] =>
  reading<[number], Row>(
    db,
    `SELECT ${columns} WHERE p.status = 'pending' AND NOT ${sourceIsRemoved('s')} ORDER BY p.position, p.source_id, p.number LIMIT ?`
  )
    .all(limit)
    .map(toPage)

export interface PageResult {
  width: number | null
  height: number | null
  dpi: number | null
  origin: PageRow['origin']
  turns: QuarterTurns
  status: 'matched' | 'unmatched' | 'failed'
  reason: string | null
  templateId: number | null
  homography: number[] | null
  score: number | null
}

/** What could not be decoded keeps the size it had. */
export function setPageResult(db: Database, id: number, result: PageResult): void {
  writing(
    db,
    `UPDATE pages SET width = coalesce(?, width), height = coalesce(?, height), dpi = coalesce(?, dpi), origin = coalesce(?, origin),
       turns = ?, status = ?, reason = ?, template_id = ?, homography = ?, score = ? WHERE id = ?`
  ).run(
    result.width,
    result.height,
    result.dpi,
    result.origin,
    result.turns,
    result.status,
    result.reason,
    result.templateId,
    result.homography && JSON.stringify(result.homography),
    result.score,
    id
  )
}

export const setPageContent = (db: Database, id: number, contentId: number): void => {
  writing(db, 'UPDATE pages SET content_id = ? WHERE id = ?').run(contentId, id)
}

export const setPageCorners = (db: Database, id: number, corners: Quad): void => {
  writing(db, 'UPDATE pages SET corners = ? WHERE id = ?').run(JSON.stringify(corners), id)
}

/** To be registered as if new, on one template or on any. */
export const setPagePending = (db: Database, id: number, wantedTemplateId: number | null): void => {
  writing(
    db,
    `UPDATE pages SET status = 'pending', reason = NULL, corners = NULL, homography = NULL, template_id = NULL, score = NULL,
       wanted_template_id = ? WHERE id = ?`
  ).run(wantedTemplateId, id)
}

/** What is known of where its template lies stays: only the fields are cut again. */
export const setPageToCut = (db: Database, id: number): void => {
  writing(db, `UPDATE pages SET status = 'pending', reason = NULL WHERE id = ?`).run(id)
}

export const setPageDiscarded = (db: Database, id: number): void => {
  writing(db, `UPDATE pages SET status = 'discarded', reason = NULL WHERE id = ?`).run(id)
}

export function addPageEvent(db: Database, id: number, what: PageEvent, note: string | null, who: string | null): void {
  writing(db, 'INSERT INTO page_events (page_id, what, note, who, at) VALUES (?, ?, ?, ?, ?)').run(
    id,
    what,
    note,
    who,
    new Date().toISOString()
  )
}

export interface StoredEvent {
  at: string
  what: string
  who: string | null
  note: string | null
}
export const pageEvents = (db: ReadOnlyDatabase, id: number): StoredEvent[] =>
  reading<[number], StoredEvent>(db, 'SELECT at, what, who, note FROM page_events WHERE page_id = ? ORDER BY id').all(
    id
  )

export const pagesOfTemplate = (db: ReadOnlyDatabase, templateId: number): number[] =>
  ids(db, 'SELECT id FROM pages WHERE template_id = ?', templateId)

/** Pages that lie on nothing, of their own accord. */
export const unmatchedPages = (db: ReadOnlyDatabase): number[] =>
  ids(db, `SELECT id FROM pages WHERE status = 'unmatched'`)

export const unmatchedOrFailedPages = (db: ReadOnlyDatabase): number[] =>
  ids(db, `SELECT id FROM pages WHERE status IN ('unmatched', 'failed')`)

const ids = (db: ReadOnlyDatabase, sql: string, ...given: number[]): number[] =>
  reading<number[], { id: number }>(db, sql)
    .all(...given)
    .map(({ id }) => id)

export function pageCounts(db: ReadOnlyDatabase): PageCounts {
  const counts: PageCounts = { total: 0, pending: 0, matched: 0, unmatched: 0, discarded: 0, failed: 0 }
  const rows = reading<[], { status: PageStatus; count: number }>(
    db,
    `SELECT p.status, count(*) AS count FROM pages p JOIN sources s ON s.id = p.source_id
       WHERE NOT ${sourceIsRemoved('s')} GROUP BY p.status`
  ).all()
  for (const { status, count } of rows) {
    counts[status] = count
    counts.total += count
  }
  return counts
}

/** Pages on a template of which a person should know something all the same, in file order. */
export const notedPages = (db: ReadOnlyDatabase): { file: string; page: number; reason: string }[] =>
  db
    .prepare<[], { file: string; page: number; reason: string }>(
      `SELECT s.path AS file, p.number AS page, p.reason FROM pages p JOIN sources s ON s.id = p.source_id
       WHERE p.status = 'matched' AND p.reason IS NOT NULL AND NOT ${sourceIsRemoved('s')} ORDER BY p.position, p.source_id, p.number`
    )
    .all()

/** In file order. */
export function pageIds(db: ReadOnlyDatabase, { status = 'all', templateId, maxScore, search }: PageFilter): number[] {
  return db
    .prepare<object, { id: number }>(
      `SELECT p.id FROM pages p JOIN sources s ON s.id = p.source_id
       WHERE NOT ${sourceIsRemoved('s')} AND (@status = 'all' OR p.status = @status OR (@status = 'problems' AND p.status IN ('unmatched', 'failed')))
         AND (@templateId IS NULL OR p.template_id = @templateId)
         AND (@maxScore IS NULL OR (p.status = 'matched' AND p.score <= @maxScore))
         AND (@search IS NULL OR instr(lower(s.path), lower(@search)) > 0)
       ORDER BY p.position, p.source_id, p.number`
    )
    .all({ status, templateId: templateId ?? null, maxScore: maxScore ?? null, search: search || null })
    .map(({ id }) => id)
}

type StoredRow = Omit<PageRow, 'byHand' | 'fields' | 'imageVersion' | 'template'> & {
  template: string | null
  byHand: 0 | 1
  sha256: string | null
  fieldsTotal: number
  fieldsUndecided: number
  fieldsFailed: number
}

/** In the order of the ids; an id that is no page gives none. */
export const pageRows = (db: ReadOnlyDatabase, wanted: readonly number[]): PageRow[] =>
  db
    .prepare<[string], StoredRow>(
      `SELECT p.id, s.path AS file, p.number, (SELECT max(number) FROM pages own WHERE own.source_id = p.source_id) AS pages,
         coalesce(p.width, 0) AS width, coalesce(p.height, 0) AS height, p.dpi, p.origin, p.turns, p.status, p.reason,
         p.template_id AS templateId, t.name AS template, p.score, p.corners IS NOT NULL AS byHand, s.sha256,
         count(f.id) AS fieldsTotal, coalesce(sum(f.status = 'undecided'), 0) AS fieldsUndecided,
         coalesce(sum(f.status = 'failed'), 0) AS fieldsFailed
       FROM json_each(?) wanted JOIN pages p ON p.id = wanted.value JOIN sources s ON s.id = p.source_id
       LEFT JOIN templates t ON t.id = p.template_id LEFT JOIN fields f ON f.page_id = p.id
       GROUP BY p.id ORDER BY wanted.key`
    )
    .all(JSON.stringify(wanted))
    .map(({ byHand, sha256, fieldsTotal, fieldsUndecided, fieldsFailed, ...row }) => ({
      ...row,
      byHand: byHand === 1,
      fields: {
        total: fieldsTotal,
        undecided: fieldsUndecided,
        failed: fieldsFailed,
        decided: fieldsTotal - fieldsUndecided - fieldsFailed
      },
      imageVersion: `${sha256?.slice(0, 16) ?? 'none'}-${row.number}-${row.turns}`
    }))

/** The file that a page is of, and how many pages that has. */
export const scanOfPage = (
  db: ReadOnlyDatabase,
  id: number
): { rootId: number; root: string; file: string; format: string | null; pages: number } =>
  reading<[number], { rootId: number; root: string; file: string; format: string | null; pages: number }>(
    db,
    `SELECT s.root_id AS rootId, roots.path AS root, s.path AS file, s.format,
         (SELECT max(number) FROM pages own WHERE own.source_id = s.id) AS pages
       FROM pages p JOIN sources s ON s.id = p.source_id JOIN roots ON roots.id = s.root_id WHERE p.id = ?`
  ).get(id)!
