/**
 * Contents: what decisions are of. A content is one page as it was scanned, known by every name it was met under: `file:` and the
 * hash of a file that is one image (`#` and the number of a page in it), the hash of a page's own content inside a PDF or TIFF, and
 * the hash of its decoded pixels with the decoder's name. Two contents are the same where they share one of them.
 */
import type { Database, ReadOnlyDatabase } from './handle'
import { reading, writing } from './statements'

/** @param number of a page; absent for a file that is one image */
export const fileHash = (sha256: string, number?: number): string =>
  number === undefined ? `file:${sha256}` : `file:${sha256}#${number}`

/** Contents that are known by one of these names, oldest first. */
export const contentsWith = (db: ReadOnlyDatabase, hashes: readonly string[]): number[] =>
  reading<[string], { id: number }>(
    db,
    `SELECT DISTINCT content_id AS id FROM content_hashes WHERE hash IN (SELECT value FROM json_each(?)) ORDER BY content_id`
  )
    .all(JSON.stringify(hashes))
    .map(({ id }) => id)

/**
 * The content with these names; they are its names from now on.
 * @param present the content that lies there now: kept where it is the same one
 * @param decided contents that its fields were decided on: of several that fit, one of them
 */
export function ensureContent(
  db: Database,
  hashes: readonly string[],
  present: number | null = null,
  decided: readonly number[] = []
): number {
  const known = contentsWith(db, hashes)
  const fits = present !== null && known.includes(present) ? present : known.find((id) => decided.includes(id))
  const content = fits ?? known[0] ?? Number(writing(db, 'INSERT INTO contents DEFAULT VALUES').run().lastInsertRowid)
  nameContent(db, content, hashes)
  return content
}

export function nameContent(db: Database, content: number, hashes: readonly string[]): void {
  const insert = writing(db, 'INSERT INTO content_hashes (hash, content_id) VALUES (?, ?) ON CONFLICT DO NOTHING')
  for (const hash of hashes) insert.run(hash, content)
}

/** What decisions on fields of a file, or of a page, were made on. */
export const decidedContents = (db: ReadOnlyDatabase, of: { sourceId: number } | { pageId: number }): number[] =>
  reading<[number], { id: number }>(
    db,
    `SELECT DISTINCT d.content_id AS id FROM decisions d JOIN fields f ON f.id = d.field_id
       WHERE d.content_id IS NOT NULL AND ${'pageId' in of ? 'f.page_id = ?' : 'f.source_id = ? AND f.page_id IS NULL'}`
  )
    .all('pageId' in of ? of.pageId : of.sourceId)
    .map(({ id }) => id)

/** Pages that are known by their file's bytes and by nothing of their own, by file. */
export function filesOfUnnamedPages(
  db: ReadOnlyDatabase
): { root: string; path: string; sha256: string; pages: { contentId: number; number: number }[] }[] {
  const rows = reading<[], { root: string; path: string; sha256: string; contentId: number; number: number }>(
    db,
    `SELECT roots.path AS root, s.path, s.sha256, p.content_id AS contentId, p.number
     FROM (SELECT content_id FROM content_hashes GROUP BY content_id HAVING min(hash LIKE 'file:%')) unnamed
     JOIN pages p ON p.content_id = unnamed.content_id JOIN sources s ON s.id = p.source_id JOIN roots ON roots.id = s.root_id
     WHERE s.status = 'ok' AND s.former = 0 AND s.sha256 IS NOT NULL ORDER BY s.id, p.number`
  ).all()
  const files = Map.groupBy(rows, ({ root, path }) => JSON.stringify([root, path]))
  return [...files.values()].map((pages) => ({ ...pages[0]!, pages }))
}

/** Whether any of these is known by its pixels, so that a page that is decoded may turn out to be it. */
export const someKnownByPixels = (db: ReadOnlyDatabase, contents: readonly number[]): boolean =>
  reading<[string], object>(
    db,
    `SELECT 1 FROM content_hashes WHERE hash LIKE 'pixels-%' AND content_id IN (SELECT value FROM json_each(?)) LIMIT 1`
  ).get(JSON.stringify(contents)) !== undefined

/** SQL: the content that the field `alias` shows now. */
export const contentOfField = (alias: string): string =>
  `(SELECT CASE WHEN ${alias}.page_id IS NULL THEN own_source.content_id ELSE own_page.content_id END
    FROM sources own_source LEFT JOIN pages own_page ON own_page.id = ${alias}.page_id WHERE own_source.id = ${alias}.source_id)`
