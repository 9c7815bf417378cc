/** Decisions that were taken back, and those that can be again. */
import type { ReadOnlyDatabase } from './handle'
import { reading } from './statements'

/** Those of these that nobody took back, and whether each is what counts for its field. */
export const notVoided = (db: ReadOnlyDatabase, ids: readonly number[]): { id: number; counts: 0 | 1 }[] =>
  reading<[string], { id: number; counts: 0 | 1 }>(
    db,
    `SELECT d.id, f.decision_id = d.id AS counts FROM json_each(?) wanted JOIN decisions d ON d.id = wanted.value
     JOIN fields f ON f.id = d.field_id WHERE NOT EXISTS (SELECT 1 FROM decisions void WHERE void.undoes = d.id)`
  ).all(JSON.stringify(ids))

export interface VoidedBy {
  undoId: number
  /** What this redo has done is neither voided nor left. */
  redoId: number | null
  reviewer: string
}

/** Those that the undo voided; `free`: nobody else has decided on the field since, and its box covers the ink. */
export const voidedAgain = (
  db: ReadOnlyDatabase,
  ids: readonly number[],
  by: VoidedBy
): { id: number; free: 0 | 1 }[] =>
  reading<[object], { id: number; free: 0 | 1 }>(
    db,
    `SELECT wanted.value AS id, (now.id IS NULL OR now.id < void.id OR now.reviewer = @reviewer)
       AND NOT EXISTS (SELECT 1 FROM uncovered WHERE decision_id = wanted.value) AS free
     FROM json_each(@ids) wanted JOIN decisions void ON void.undoes = wanted.value AND void.action_id = @undoId
     JOIN fields f ON f.id = void.field_id LEFT JOIN decisions now ON now.id = f.decision_id
     WHERE now.action_id IS NOT @redoId OR @redoId IS NULL`
  ).all({ ids: JSON.stringify(ids), ...by })
