/** Imported lists and their entries, and what models read by themselves before lists changed it. */
import type { LexiconInfo, LexiconKind } from '../../shared/contract/lexicon'
import type { Database, ReadOnlyDatabase } from './handle'
import { isShown } from './removals'
import { reading, writing } from './statements'

export interface StoredLexicon extends LexiconInfo {
  /** Of all counts. */
  total: number
}

type Row = Omit<StoredLexicon, 'fields' | 'enabled'> & { fields: string | null; enabled: number }

const columns = 'id, name, kind, file, fields, enabled, rows, entries, total, imported_at AS importedAt'
const fromRow = ({ fields, enabled, ...row }: Row): StoredLexicon => ({
  ...row,
  fields: fields === null ? null : (JSON.parse(fields) as string[]),
  enabled: enabled === 1
})

/** In the order in which they were imported; those half imported or half removed are not among them. */
export const readLexicons = (db: ReadOnlyDatabase): StoredLexicon[] =>
  reading<[], Row>(db, `SELECT ${columns} FROM lexicons WHERE imported_at <> '' ORDER BY id`).all().map(fromRow)

/** A list that is not seen until `finishLexicon`. */
export const beginLexicon = (
  db: Database,
  lexicon: { name: string; kind: LexiconKind; file: string; fields: string[] | null }
): number =>
  Number(
    writing(db, "INSERT INTO lexicons (name, kind, file, fields, imported_at) VALUES (?, ?, ?, ?, '')").run(
      lexicon.name,
      lexicon.kind,
      lexicon.file,
      lexicon.fields && JSON.stringify(lexicon.fields)
    ).lastInsertRowid
  )

export const finishLexicon = (db: Database, id: number, rows: number, entries: number, total: number): void =>
  void writing(db, 'UPDATE lexicons SET rows = ?, entries = ?, total = ?, imported_at = ? WHERE id = ?').run(
    rows,
    entries,
    total,
    new Date().toISOString(),
    id
  )

export interface NewEntry {
  text: string
  key: string
  count: number
}

/** The ids of the entries, in order. */
export function insertEntries(db: Database, lexiconId: number, place: number, entries: NewEntry[]): number[] {
  const insert = writing(db, 'INSERT INTO lexicon_entries (lexicon_id, place, text, key, count) VALUES (?, ?, ?, ?, ?)')
  return entries.map(({ text, key, count }) => Number(insert.run(lexiconId, place, text, key, count).lastInsertRowid))
}

export function insertCells(
  db: Database,
  lexiconId: number,
  cells: { row: number; place: number; entryId: number }[]
): void {
  const insert = writing(db, 'INSERT INTO roster_cells (lexicon_id, row, place, entry_id) VALUES (?, ?, ?, ?)')
  for (const { row, place, entryId } of cells) insert.run(lexiconId, row, place, entryId)
}

export function changeLexicon(
  db: Database,
  id: number,
  change: { name?: string | undefined; enabled?: boolean | undefined; fields?: string[] | null | undefined }
): void {
  const { name, enabled, fields } = change
  if (name !== undefined) writing(db, 'UPDATE lexicons SET name = ? WHERE id = ?').run(name, id)
  if (enabled !== undefined) writing(db, 'UPDATE lexicons SET enabled = ? WHERE id = ?').run(enabled ? 1 : 0, id)
  if (fields !== undefined) {
    writing(db, 'UPDATE lexicons SET fields = ? WHERE id = ?').run(fields && JSON.stringify(fields), id)
  }
}

/** From now on it is not seen; `removeSome` takes it away. */
export const hideLexicon = (db: Database, id: number): boolean =>
  writing(db, "UPDATE lexicons SET imported_at = '', enabled = 0 WHERE id = ? AND imported_at <> ''").run(id).changes >
  0

/** Some rows of hidden lists; whether there may be more. */
export function removeSome(db: Database, rows: number): boolean {
  const lexicon = reading<[], { id: number }>(db, "SELECT id FROM lexicons WHERE imported_at = '' LIMIT 1").get()
  if (!lexicon) return false
  for (const table of ['roster_cells', 'lexicon_entries']) {
    const sought = table === 'roster_cells' ? 'row FROM roster_cells' : 'id FROM lexicon_entries'
    const column = table === 'roster_cells' ? 'row' : 'id'
    const gone = writing(
      db,
      `DELETE FROM ${table} WHERE lexicon_id = ? AND ${column} IN (SELECT ${sought} WHERE lexicon_id = ? LIMIT ?)`
    ).run(lexicon.id, lexicon.id, rows)
    if (gone.changes) return true
  }
  writing(db, 'DELETE FROM lexicons WHERE id = ?').run(lexicon.id)
  return true
}

export interface Entry {
  id: number
  text: string
  count: number
}

export const entriesAfter = (
  db: ReadOnlyDatabase,
  lexiconId: number,
  place: number,
  after: number,
  limit: number
): Entry[] =>
  reading<[number, number, number, number], Entry>(
    db,
    'SELECT id, text, count FROM lexicon_entries WHERE lexicon_id = ? AND place = ? AND id > ? ORDER BY id LIMIT ?'
  ).all(lexiconId, place, after, limit)

/** The most frequent entries whose key begins so. */
export const entriesWithPrefix = (
  db: ReadOnlyDatabase,
  lexiconId: number,
  place: number,
  key: string,
  limit: number
): Entry[] =>
  reading<[number, number, string, string, number], Entry>(
    db,
    `SELECT e.id, e.text, e.count FROM (
       SELECT id FROM lexicon_entries WHERE lexicon_id = ? AND place = ? AND key >= ? AND key < ? ORDER BY count DESC LIMIT ?
     ) found JOIN lexicon_entries e ON e.id = found.id`
  ).all(lexiconId, place, key, `${key}\u{10ffff}`, limit)

/** The most frequent entry of a column that reads so, without case and accents. */
export const entryWithKey = (db: ReadOnlyDatabase, lexiconId: number, place: number, key: string): number | undefined =>
  reading<[number, number, string], { id: number }>(
    db,
    'SELECT id FROM lexicon_entries WHERE lexicon_id = ? AND place = ? AND key = ? ORDER BY count DESC LIMIT 1'
  ).get(lexiconId, place, key)?.id

/** Rows of a roster that hold one of these entries, at most so many an entry. */
export function rowsWithEntries(db: ReadOnlyDatabase, entryIds: number[], mostEach: number): number[] {
  const rows = new Set<number>()
  const find = reading<[number, number], { row: number }>(db, 'SELECT row FROM roster_cells WHERE entry_id = ? LIMIT ?')
  for (const id of entryIds) for (const { row } of find.all(id, mostEach)) rows.add(row)
  return [...rows]
}

/** The text of each column of a row; a cell that is empty is absent. */
export const cellsOfRow = (db: ReadOnlyDatabase, lexiconId: number, row: number): { place: number; text: string }[] =>
  reading<[number, number], { place: number; text: string }>(
    db,
    `SELECT c.place, e.text FROM roster_cells c JOIN lexicon_entries e ON e.id = c.entry_id
     WHERE c.lexicon_id = ? AND c.row = ?`
  ).all(lexiconId, row)

export interface DecidedText {
  text: string
  count: number
}

/** What was decided in this project and begins so, most frequent first; case does not count. */
export const decidedWithPrefix = (db: ReadOnlyDatabase, prefix: string, limit: number): DecidedText[] =>
  reading<[string, string, number], DecidedText>(
    db,
    `SELECT text, count(*) AS count FROM fields
     WHERE origin = 'decision' AND text IS NOT NULL AND text COLLATE NOCASE >= ? AND text COLLATE NOCASE < ?
     GROUP BY text COLLATE NOCASE ORDER BY count DESC LIMIT ?`
  ).all(prefix, `${prefix}\u{10ffff}`, limit)

export const fieldNames = (db: ReadOnlyDatabase): string[] =>
  reading<[], { name: string }>(
    db,
    `SELECT DISTINCT name FROM fields WHERE ${isShown('fields')} ORDER BY name LIMIT 1000`
  )
    .all()
    .map(({ name }) => name)

/** A new reading takes the place of what lists had changed. */
export const forgetOwnReading = (db: Database, readingId: number): void =>
  void writing(db, 'DELETE FROM own_readings WHERE reading_id = ?').run(readingId)
