/** Sources: the files given to import, and the folders they were imported from. */
import { sep } from 'node:path'
import type { Problem } from '../../shared/domain'
import type { Database, ReadOnlyDatabase } from './handle'
import { isBack, sourceIsRemoved } from './removals'
import { reading, writing } from './statements'

export interface Root {
  id: number
  path: string
}

export interface Source {
  id: number
  root: string
  path: string
  size: number
  modifiedMs: number
  sha256: string | null
  status: 'ok' | 'failed' | 'missing'
  /** Null: it could not be read when it was looked at last. */
  format: string | null
  /** Its images are pages, not fields. */
  asPages: 0 | 1
  /** 1: another file has its place now, and what it shows lies nowhere that is known. */
  former: 0 | 1
  /** 1: a person took it out of the project. */
  removed: 0 | 1
  /** What the file shows, where it is one image. */
  contentId: number | null
  /** ctime when it was hashed, ms; null where that is not known. */
  changedMs: number | null
}

/** What is known of a file after it was read, or could not be. */
export interface SourceState {
  size: number
  modifiedMs: number
  changedMs: number | null
  sha256: string | null
  format: string | null
  status: 'ok' | 'failed'
  reason: string | null
  asPages: boolean
}

const columns = `sources.id, roots.path AS root, sources.path, size, modified_ms AS modifiedMs, sha256, status, format, as_pages AS asPages, former, ${sourceIsRemoved('sources')} AS removed, content_id AS contentId,
  changed_ms AS changedMs
  FROM sources JOIN roots ON roots.id = sources.root_id`

export const listRoots = (db: ReadOnlyDatabase): Root[] =>
  reading<[], Root>(db, 'SELECT id, path FROM roots ORDER BY id').all()

/** Of which something is in the project, or that nothing was taken out of. */
export const listRootsShown = (db: ReadOnlyDatabase): Root[] =>
  reading<[], Root>(
    db,
    `SELECT id, path FROM roots
       WHERE id NOT IN (SELECT s.root_id FROM removed_sources x JOIN sources s ON s.id = x.source_id)
         OR EXISTS (SELECT 1 FROM sources s WHERE s.root_id = roots.id AND NOT ${sourceIsRemoved('s')}) ORDER BY id`
  ).all()

export function ensureRoot(db: Database, path: string): number {
  writing(db, 'INSERT INTO roots (path) VALUES (?) ON CONFLICT (path) DO NOTHING').run(path)
  return reading<[string], { id: number }>(db, 'SELECT id FROM roots WHERE path = ?').get(path)!.id
}

/** Folders in one that has moved are in it where it is now. */
export const leadRoots = (db: Database, from: string, to: string): void => {
  for (const { id, path } of listRoots(db))
    if (path === from || path.startsWith(from + sep))
      writing(db, 'UPDATE roots SET path = ? WHERE id = ?').run(to + path.slice(from.length), id)
}

export const removeEmptyRoots = (db: Database): void => {
  writing(db, 'DELETE FROM roots WHERE id NOT IN (SELECT root_id FROM sources)').run()
}

export const findSource = (db: ReadOnlyDatabase, rootId: number, path: string): Source | undefined =>
  reading<[number, string], Source>(
    db,
    `SELECT ${columns} WHERE sources.root_id = ? AND sources.path = ? AND former = 0`
  ).get(rootId, path)

/** A page of all sources that have a place, by id: for walks over large projects in steps. */
export const sourcesAfter = (db: ReadOnlyDatabase, id: number, limit: number): Source[] =>
  reading<[number, number], Source>(
    db,
    `SELECT ${columns} WHERE sources.id > ? AND former = 0 ORDER BY sources.id LIMIT ?`
  ).all(id, limit)

/** All, former ones too. */
export const allSources = (db: ReadOnlyDatabase): Source[] =>
  reading<[], Source>(db, `SELECT ${columns} ORDER BY sources.id`).all()

export const readSources = (db: ReadOnlyDatabase, ids: number[]): Source[] =>
  reading<[string], Source>(db, `SELECT ${columns} WHERE sources.id IN (SELECT value FROM json_each(?))`).all(
    JSON.stringify(ids)
  )

export const unusableSourceIds = (db: ReadOnlyDatabase): number[] =>
  reading<[], { id: number }>(db, `SELECT id FROM sources WHERE status <> 'ok' AND former = 0 ORDER BY id`)
    .all()
    .map(({ id }) => id)

export function insertSource(db: Database, runId: number, rootId: number, path: string, state: SourceState): number {
  const made = writing(
    db,
    `INSERT INTO sources (root_id, path, size, modified_ms, changed_ms, sha256, format, status, reason, as_pages, run_id, added_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
  ).run(rootId, path, ...valuesOf(state), runId, new Date().toISOString())
  return Number(made.lastInsertRowid)
}

export function updateSource(db: Database, id: number, state: SourceState): void {
  writing(
    db,
    `UPDATE sources SET size = ?, modified_ms = ?, changed_ms = ?, sha256 = ?, format = ?, status = ?, reason = ?, as_pages = ? WHERE id = ?`
  ).run(...valuesOf(state), id)
}

const valuesOf = (state: SourceState): (string | number | null)[] => [
  state.size,
  state.modifiedMs,
  state.changedMs,
  state.sha256,
  state.format,
  state.status,
  state.reason,
  state.asPages ? 1 : 0
]

/** The same bytes as before, at the same place, with the time that they have now. */
export const touchSource = (db: Database, id: number, modifiedMs: number, changedMs: number): void => {
  writing(db, 'UPDATE sources SET modified_ms = ?, changed_ms = ? WHERE id = ?').run(modifiedMs, changedMs, id)
}

export const setSourceContent = (db: Database, id: number, contentId: number | null): void => {
  writing(db, 'UPDATE sources SET content_id = ? WHERE id = ?').run(contentId, id)
}

/** Its place is free for another file; it is found again where its content is. */
export const leavePlace = (db: Database, id: number, reason: string): void => {
  writing(db, `UPDATE sources SET former = 1, status = 'missing', reason = ? WHERE id = ?`).run(reason, id)
}

/** A source like this one that has no place: for pages that its file does not have any more. @returns its id */
export function insertFormer(db: Database, id: number, reason: string): number {
  const made = writing(
    db,
    `INSERT INTO sources (root_id, path, size, modified_ms, sha256, format, status, reason, as_pages, run_id, added_at, former)
       SELECT root_id, path, size, modified_ms, sha256, format, 'missing', ?, as_pages, run_id, added_at, 1 FROM sources WHERE id = ?`
  ).run(reason, id)
  return Number(made.lastInsertRowid)
}

/** Former sources of which nothing is left: all their pages were found again. */
export const removeEmptyFormers = (db: Database): void => {
  writing(
    db,
    `DELETE FROM sources WHERE former = 1 AND id NOT IN (SELECT source_id FROM pages) AND id NOT IN (SELECT source_id FROM fields)`
  ).run()
}

/** A file that was there and is there again, or is no longer. What was read and decided stays. */
export function setSourceStatus(db: Database, id: number, status: Source['status'], reason: string | null): void {
  writing(db, 'UPDATE sources SET status = ?, reason = ? WHERE id = ?').run(status, reason, id)
}

export function moveSource(
  db: Database,
  id: number,
  { rootId, path, modifiedMs, changedMs }: { rootId: number; path: string; modifiedMs: number; changedMs: number }
): void {
  writing(db, 'UPDATE sources SET root_id = ?, path = ?, modified_ms = ?, changed_ms = ?, former = 0 WHERE id = ?').run(
    rootId,
    path,
    modifiedMs,
    changedMs,
    id
  )
  isBack(db, id)
}

/** Files with the same bytes as another one, beyond the first of each. */
export const countIdentical = (db: ReadOnlyDatabase): number =>
  reading<[], { count: number }>(
    db,
    `SELECT count(sha256) - count(DISTINCT sha256) AS count FROM sources WHERE status = 'ok' AND NOT ${sourceIsRemoved('sources')}`
  ).get()!.count

const listed = 1000

/**
 * Files that could not be used or that are gone, and those of which only a part was: the first thousand, and how many. With
 * what is to be known of pages and files that were taken in, as of a second form on a sheet.
 */
export function readProblems(db: ReadOnlyDatabase): { failed: Problem[]; total: number; notes: Problem[] } {
  const failed = reading<[number], Problem>(
    db,
    `SELECT sources.id AS sourceId, path AS file, coalesce(reason, 'The file could not be read.') AS reason
       FROM sources WHERE status <> 'ok' AND NOT ${sourceIsRemoved('sources')} ORDER BY id LIMIT ?`
  ).all(listed)
  const { total } = reading<[], { total: number }>(
    db,
    `SELECT count(*) AS total FROM sources WHERE status <> 'ok' AND NOT ${sourceIsRemoved('sources')}`
  ).get()!
  const notes = reading<[number], Problem>(
    db,
    `SELECT s.id AS sourceId, s.path || CASE WHEN p.number > 1 THEN ', ' || p.number ELSE '' END AS file, p.reason
       FROM pages p JOIN sources s ON s.id = p.source_id
       WHERE p.status = 'matched' AND p.reason IS NOT NULL AND NOT ${sourceIsRemoved('s')} ORDER BY p.position, p.source_id, p.number LIMIT ?`
  ).all(listed)
  return { failed, total, notes }
}

export interface SourceField {
  id: number
  rotation: 0 | 1 | 2 | 3
}

/** The fields of the source's first page that are whole images. */
export const fieldOfSource = (db: ReadOnlyDatabase, sourceId: number): SourceField | undefined =>
  reading<[number], SourceField>(
    db,
    `SELECT id, rotation FROM fields WHERE source_id = ? AND page = 1 AND name = ''`
  ).get(sourceId)

export function insertField(db: Database, sourceId: number, imageId: number | null, position: number): number {
  const made = writing(db, 'INSERT INTO fields (source_id, image_id, position) VALUES (?, ?, ?)').run(
    sourceId,
    imageId,
    position
  )
  return Number(made.lastInsertRowid)
}

export const setFieldImage = (db: Database, fieldId: number, imageId: number): void => {
  writing(db, 'UPDATE fields SET image_id = ? WHERE id = ?').run(imageId, fieldId)
}

/** Its file shows something else now: neither its picture, nor how it was turned, nor the label that was imported are of that. */
export const forgetWholeImage = (db: Database, sourceId: number): void => {
  writing(
    db,
    'UPDATE fields SET image_id = NULL, rotation = 0, imported = NULL, imported_state = NULL WHERE source_id = ? AND page_id IS NULL'
  ).run(sourceId)
}

export const lastPosition = (db: ReadOnlyDatabase): number =>
  reading<[], { last: number }>(db, 'SELECT coalesce(max(position), 0) AS last FROM fields').get()!.last

export interface FieldPlace {
  id: number
  position: number
  file: string
}

/** Every field with its root and path, a page at a time. */
export const fieldPlacesAfter = (db: ReadOnlyDatabase, id: number, limit: number): FieldPlace[] =>
  reading<[number, number], FieldPlace>(
    db,
    // Fields of one file follow one another by page and place, as if these were folders.
    `SELECT fields.id, fields.position,
       roots.path || '/' || sources.path || CASE WHEN fields.page_id IS NULL THEN '' ELSE '/' || page || '/' || place END AS file
       FROM fields JOIN sources ON sources.id = fields.source_id JOIN roots ON roots.id = sources.root_id
       WHERE fields.id > ? ORDER BY fields.id LIMIT ?`
  ).all(id, limit)

export const setPosition = (db: Database, fieldId: number, position: number): void => {
  writing(db, 'UPDATE fields SET position = ? WHERE id = ?').run(position, fieldId)
}

export const fieldIdsOf = (db: ReadOnlyDatabase, sourceIds: readonly number[]): number[] =>
  reading<[string], { id: number }>(db, 'SELECT id FROM fields WHERE source_id IN (SELECT value FROM json_each(?))')
    .all(JSON.stringify(sourceIds))
    .map(({ id }) => id)

/** Whether a file of the same relative name lies in two imported folders. */
export const namesClash = (db: ReadOnlyDatabase): boolean =>
  db.prepare('SELECT 1 FROM sources GROUP BY path HAVING count(DISTINCT root_id) > 1 LIMIT 1').get() !== undefined
