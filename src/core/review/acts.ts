/** The acts a reviewer can take back, as the stored stacks tell: they are the same after a restart. */
import { NominaError } from '../../shared/failure'
import type { Database, ReadOnlyDatabase } from '../store'
import { readAction, readStacks } from './actions'
import { nothingChanged, type Change } from './change'
import { undo } from './undo'

export interface Act {
  id: number
  at: string
  /** Of its decisions; null where they are of several kinds. */
  kind: string | null
  size: number
  field: number | null
  file: string | null
  text: string | null
}

/** What `undo` would take back, one after the other: newest first; and how many undone acts `redo` would do again. */
export function undoableActs(db: ReadOnlyDatabase, reviewer: string, limit: number): { acts: Act[]; undone: number } {
  const stacks = readStacks(db, reviewer)
  const ids: number[] = []
  for (let id = stacks.done; id !== null && ids.length < limit; id = readAction(db, id).belowId) ids.push(id)
  let undone = 0
  for (let id = stacks.undone; id !== null; id = readAction(db, id).belowId) undone++
  return { acts: ids.map((id) => readAct(db, id)), undone }
}

/**
 * Takes back every act down to and with this one, in one transaction.
 * @throws NominaError('not-found') it is not among the acts this reviewer can take back
 */
export function undoTo(db: Database, reviewer: string, act: number): Change {
  const ids: number[] = []
  for (let id = readStacks(db, reviewer).done; id !== null && !ids.includes(act); id = readAction(db, id).belowId)
    ids.push(id)
  if (!ids.includes(act)) {
    throw new NominaError('not-found', 'This is not among what you can take back any more.')
  }
  let all = nothingChanged(db)
  db.transaction(() => {
    for (const _ of ids) {
      const { action, rows, changed, counts } = undo(db, reviewer)
      const seen = new Set(rows.map(({ id }) => id))
      all = {
        action,
        rows: [...rows, ...all.rows.filter(({ id }) => !seen.has(id))].slice(0, 200),
        changed: all.changed + changed,
        counts
      }
    }
  }).immediate()
  return all
}

const readAct = (db: ReadOnlyDatabase, id: number): Act =>
  db
    .prepare<[number], Act>(
      `SELECT a.id, a.at, a.size, CASE WHEN count(DISTINCT d.kind) = 1 THEN min(d.kind) END AS kind, f.id AS field, s.path AS file, f1.text
       FROM actions a LEFT JOIN decisions d ON d.action_id = a.id
       LEFT JOIN decisions f1 ON f1.id = (SELECT min(id) FROM decisions WHERE action_id = a.id)
       LEFT JOIN fields f ON f.id = f1.field_id LEFT JOIN sources s ON s.id = f.source_id
       WHERE a.id = ? GROUP BY a.id`
    )
    .get(id)!
