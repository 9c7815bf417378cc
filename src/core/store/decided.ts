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
