/** Files that a person took out of the project: hidden with all that is known of them, until they are brought back. */
import type { Database, ReadOnlyDatabase } from './handle'
import { earlierDecision } from './reopened'
import { reading, writing } from './statements'

/** The state of their fields, which nobody is ever shown. */
export const removedStatus = 'removed'

/** SQL: the field `alias` is not one of theirs. */
export const isShown = (alias: string): string => `${alias}.status <> '${removedStatus}'`

/** SQL: the source `alias` is one of them. */
export const sourceIsRemoved = (alias: string): string =>
  `EXISTS (SELECT 1 FROM removed_sources WHERE source_id = ${alias}.id)`

export interface Removal {
  id: number
  at: string
  reviewer: string
  /** Of the import that was undone. */
  run: number | null
  files: number
  /** The first of them, as it is called in its folder. */
  example: string
  decisions: number
}

export function insertRemoval(db: Database, reviewer: string, run: number | null): number {
  const made = writing(db, 'INSERT INTO removals (run_id, reviewer, at) VALUES (?, ?, ?)').run(
    run,
    reviewer,
    new Date().toISOString()
  )
  return Number(made.lastInsertRowid)
}

/** Its place is free for another file, and an import finds it again by its content. */
export function removeSources(db: Database, removal: number, ids: readonly number[]): void {
  const given = JSON.stringify(ids)
  writing(
    db,
    `INSERT INTO removed_sources (source_id, removal_id, former)
       SELECT id, ?, former FROM sources WHERE id IN (SELECT value FROM json_each(?)) ON CONFLICT DO NOTHING`
  ).run(removal, given)
  writing(db, 'UPDATE sources SET former = 1 WHERE id IN (SELECT value FROM json_each(?))').run(given)
}

/** As they were; one whose place another file has now stays a former one. */
export function bringSourcesBack(db: Database, ids: readonly number[], placeTaken: string): void {
  for (const id of ids) {
    writing(
      db,
      `UPDATE sources SET former = (SELECT former FROM removed_sources WHERE source_id = sources.id)
         WHERE id = ? AND NOT EXISTS (SELECT 1 FROM sources other
           WHERE other.root_id = sources.root_id AND other.path = sources.path AND other.former = 0)`
    ).run(id)
    writing(db, `UPDATE sources SET status = 'missing', reason = ? WHERE id = ? AND former = 1`).run(placeTaken, id)
    isBack(db, id)
  }
}

export const isBack = (db: Database, sourceId: number): void => {
  writing(db, 'DELETE FROM removed_sources WHERE source_id = ?').run(sourceId)
}

export const sourcesOfRemoval = (db: ReadOnlyDatabase, removal: number): number[] =>
  numbers(db, 'SELECT source_id AS id FROM removed_sources WHERE removal_id = ? ORDER BY source_id', removal)

/** Files that this import added and that are in the project. */
export const sourcesOfRun = (db: ReadOnlyDatabase, run: number): number[] =>
  numbers(db, `SELECT id FROM sources WHERE run_id = ? AND NOT ${sourceIsRemoved('sources')} ORDER BY id`, run)

export const sourcesOfFields = (db: ReadOnlyDatabase, fieldIds: readonly number[]): number[] =>
  numbers(
    db,
    `SELECT DISTINCT source_id AS id FROM fields WHERE id IN (SELECT value FROM json_each(?)) AND ${isShown('fields')}`,
    JSON.stringify(fieldIds)
  )

/** How many fields of these files have a decision that nobody took back. */
export const decisionsOf = (db: ReadOnlyDatabase, sourceIds: readonly number[]): number =>
  count(
    db,
    `SELECT count(*) AS count FROM fields f
       WHERE f.source_id IN (SELECT value FROM json_each(?)) AND ${earlierDecision('f')} IS NOT NULL`,
    JSON.stringify(sourceIds)
  )

export const fieldsOf = (db: ReadOnlyDatabase, sourceIds: readonly number[]): number =>
  count(
    db,
    'SELECT count(*) AS count FROM fields WHERE source_id IN (SELECT value FROM json_each(?))',
    JSON.stringify(sourceIds)
  )

/** Those of which something has not come back, newest first. */
export const listRemovals = (db: ReadOnlyDatabase, limit: number): Removal[] =>
  reading<[number], Omit<Removal, 'decisions'>>(
    db,
    `SELECT r.id, r.at, r.reviewer, r.run_id AS run, count(*) AS files, min(s.path) AS example
       FROM removals r JOIN removed_sources x ON x.removal_id = r.id JOIN sources s ON s.id = x.source_id
       GROUP BY r.id ORDER BY r.id DESC LIMIT ?`
  )
    .all(limit)
    .map((removal) => ({ ...removal, decisions: decisionsOf(db, sourcesOfRemoval(db, removal.id)) }))

export interface ImportDone {
  run: number
  at: string
  /** Files that it added and that are in the project. */
  files: number
  example: string
}

/** Imports whose files are in the project, newest first. */
export const listImports = (db: ReadOnlyDatabase, limit: number): ImportDone[] =>
  reading<[number], ImportDone>(
    db,
    `SELECT r.id AS run, r.started_at AS at, count(*) AS files, min(s.path) AS example FROM runs r JOIN sources s ON s.run_id = r.id
       WHERE s.former = 0 GROUP BY r.id ORDER BY r.id DESC LIMIT ?`
  ).all(limit)

const numbers = (db: ReadOnlyDatabase, sql: string, given: number | string): number[] =>
  reading<[number | string], { id: number }>(db, sql)
    .all(given)
    .map(({ id }) => id)

const count = (db: ReadOnlyDatabase, sql: string, given: string): number =>
  reading<[string], { count: number }>(db, sql).get(given)!.count
