import type { Database, ReadOnlyDatabase } from '../store'
import { decisionsOf, readAction, readStacks, type NewDecision, type Plan } from './actions'
import { actOnce, type Change } from './change'

/** Voids the decisions of the reviewer's latest act that is not undone; of others' acts it touches nothing. */
export const undo = (db: Database, reviewer: string, request?: string): Change =>
  actOnce(db, request, () => planUndo(db, reviewer, request))

/** Makes the decisions of the reviewer's latest undone act again; a new decision since then leaves nothing to redo. */
export const redo = (db: Database, reviewer: string, request?: string): Change =>
  actOnce(db, request, () => planRedo(db, reviewer, request))

/** Null where there is nothing to undo. */
export function planUndo(db: ReadOnlyDatabase, reviewer: string, request?: string): Plan | null {
  const { done, undone } = readStacks(db, reviewer)
  if (done === null) return null
  const target = readAction(db, done)
  const decisions = decisionsOf(db, done).map((decision): NewDecision => ({
    fieldId: decision.fieldId,
    kind: 'undone',
    text: null,
    note: null,
    origin: 'person',
    undoes: decision.id,
    seen: decision.seen
  }))
  return {
    action: { kind: 'undo', targetId: done, belowId: undone, otherId: target.belowId, reviewer, request },
    decisions
  }
}

/** Null where there is nothing to redo. */
export function planRedo(db: ReadOnlyDatabase, reviewer: string, request?: string): Plan | null {
  const { done, undone } = readStacks(db, reviewer)
  if (undone === null) return null
  const target = readAction(db, undone)
  const decisions = decisionsOf(db, target.targetId!).map(({ id: _id, ...decision }): NewDecision => decision)
  return {
    action: { kind: 'redo', targetId: undone, belowId: done, otherId: target.belowId, reviewer, request },
    decisions
  }
}
