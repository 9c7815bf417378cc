/** The decision that holds on a field, and the last of all. */
import type { ReadOnlyDatabase } from './handle'
import { reading } from './statements'

/** When it was made and by whom; undefined: none holds. */
export const decisionOn = (db: ReadOnlyDatabase, fieldId: number): { at: string; reviewer: string } | undefined =>
  reading<[number], { at: string; reviewer: string }>(
    db,
    'SELECT d.at, d.reviewer FROM fields f JOIN decisions d ON d.id = f.decision_id WHERE f.id = ?'
  ).get(fieldId)

/** Its number; 0: nothing was decided. */
export const lastDecision = (db: ReadOnlyDatabase): number =>
  reading<[], number>(db, 'SELECT coalesce(max(id), 0) FROM decisions').pluck().get()!

/** The number of an act's first; where it has none, of the next that is made. */
export const firstDecision = (db: ReadOnlyDatabase, actionId: number): number =>
  reading<[number], number | null>(db, 'SELECT min(id) FROM decisions WHERE action_id = ?').pluck().get(actionId) ??
  lastDecision(db) + 1

/** Decided fields of these files or pages. */
export const decidedIn = (db: ReadOnlyDatabase, column: 'f.source_id' | 'f.page_id', ids: number[]): number[] =>
  reading<[string], number>(
    db,
    `SELECT f.id FROM fields f WHERE ${column} IN (SELECT value FROM json_each(?)) AND f.decision_id IS NOT NULL`
  )
    .pluck()
    .all(JSON.stringify(ids))

export const decidedOf = (db: ReadOnlyDatabase, fieldIds: readonly number[]): number[] =>
  reading<[string], number>(
    db,
    'SELECT id FROM fields WHERE id IN (SELECT value FROM json_each(?)) AND decision_id IS NOT NULL'
  )
    .pluck()
    .all(JSON.stringify(fieldIds))
