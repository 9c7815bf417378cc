/** Which page lies where: the pages of a file as it is now, those that were found again led to their new place. */
import { decidedContents, ensureContent, fileHash } from './contents'
import type { Database, ReadOnlyDatabase } from './handle'
import { dropFields, fieldsOfPage } from './page-fields'
import { setPageContent } from './pages'
import { insertFormer } from './sources'
import { reading, writing } from './statements'

export interface PlacedPage {
  id: number
  sourceId: number
  number: number
  contentId: number | null
}

const columns = 'id, source_id AS sourceId, number, content_id AS contentId FROM pages'

export const pagesOfSource = (db: ReadOnlyDatabase, sourceId: number): PlacedPage[] =>
  reading<[number], PlacedPage>(db, `SELECT ${columns} WHERE source_id = ? ORDER BY number`).all(sourceId)

/** A file's pages as they were found. */
export interface FoundPages {
  /** What each is known by beside its file, from the first; may be empty. */
  hashes: readonly (readonly string[])[]
  /** Pages that are known already, wherever they lay: id by the number that they have now. */
  known: ReadonlyMap<number, number>
}

interface File {
  id: number
  sha256: string
  pages: number
  position: number
}

const lost = 'This page is not in its file any more.'

/**
 * Lays out the pages of a file: known ones are led here with their fields, other content at a known place waits to be looked at
 * again, new pages are made, and what the file has lost goes to a former source. Within a transaction, before the source's new
 * hash is stored.
 * @param taken ids of pages that are led to any place by this import
 * @returns ids of the fields of pages that lie elsewhere or show something else now
 */
export function arrangePages(db: Database, file: File, found: FoundPages, taken: ReadonlySet<number>): number[] {
  const here = pagesOfSource(db, file.id)
  const position = positionOf(db, file.id) ?? file.position
  const stays = (page: PlacedPage): boolean => found.known.get(page.number) === page.id
  const isReplaced = (page: PlacedPage): boolean =>
    !taken.has(page.id) && page.number <= file.pages && !found.known.has(page.number)
  const leaving = here.filter((page) => !stays(page) && !isReplaced(page))
  if (leaving.length) {
    const former = insertFormer(db, file.id, lost)
    for (const page of leaving) movePage(db, page.id, former, page.number)
  }
  const replaced = new Map(here.filter(isReplaced).map((page) => [page.number, page]))
  const touched = leaving.map(({ id }) => id)
  for (let number = 1; number <= file.pages; number++) {
    const names = [fileHash(file.sha256, number), ...(found.hashes[number - 1] ?? [])]
    const known = found.known.get(number)
    const id = known ?? replaced.get(number)?.id ?? insertPage(db, file.id, number)
    if (known !== undefined) movePage(db, id, file.id, number)
    touched.push(id)
    const before = contentOfPage(db, id)
    const content = ensureContent(db, names, before, decidedContents(db, { pageId: id }))
    if (content === before) {
      tryAgain(db, id)
      continue
    }
    setPageContent(db, id, content)
    if (before === null) continue
    forgetPage(db, id)
  }
  writing(db, 'UPDATE pages SET position = ? WHERE source_id = ?').run(position, file.id)
  return touched.flatMap((id) => fieldsOfPage(db, id).map((field) => field.id))
}

const positionOf = (db: ReadOnlyDatabase, sourceId: number): number | undefined =>
  reading<[number], { position: number }>(
    db,
    'SELECT position FROM pages WHERE source_id = ? ORDER BY number LIMIT 1'
  ).get(sourceId)?.position

function insertPage(db: Database, sourceId: number, number: number): number {
  const made = writing(db, 'INSERT INTO pages (source_id, number) VALUES (?, ?)').run(sourceId, number)
  return Number(made.lastInsertRowid)
}

function movePage(db: Database, id: number, sourceId: number, number: number): void {
  writing(db, 'UPDATE pages SET source_id = ?, number = ? WHERE id = ?').run(sourceId, number, id)
  writing(db, 'UPDATE fields SET source_id = ?, page = ? WHERE page_id = ?').run(sourceId, number, id)
}

const contentOfPage = (db: ReadOnlyDatabase, id: number): number | null =>
  reading<[number], { contentId: number | null }>(db, 'SELECT content_id AS contentId FROM pages WHERE id = ?').get(id)!
    .contentId

/** What failed may have failed of what the file was like. */
const tryAgain = (db: Database, id: number): void => {
  writing(db, `UPDATE pages SET status = 'pending', reason = NULL WHERE id = ? AND status = 'failed'`).run(id)
}

/** Another page lies there: it is registered as if new, and its fields show nothing until then. */
function forgetPage(db: Database, id: number): void {
  writing(
    db,
    `UPDATE pages SET status = 'pending', reason = NULL, homography = NULL, template_id = NULL, score = NULL, corners = NULL WHERE id = ?`
  ).run(id)
  const left = dropFields(
    db,
    fieldsOfPage(db, id).map((field) => field.id)
  )
  const forget = writing(
    db,
    'UPDATE fields SET image_id = NULL, rotation = 0, recut = 0, imported = NULL, imported_state = NULL WHERE id = ?'
  )
  for (const field of left) forget.run(field)
}
