import type { Database } from '../store'
import { appendAction, decisionsOf, readAction, readStacks, type NewDecision } from './actions'
import { actOnce, finishChange, nothingChanged, type Change } from './change'

/** Voids the decisions of the reviewer's latest act that is not undone; of others' acts it touches nothing. */
export function undo(db: Database, reviewer: string, request?: string): Change {
  return actOnce(db, request, () => {
    const { done, undone } = readStacks(db, reviewer)
    if (done === null) return nothingChanged(db)
    const target = readAction(db, done)
    const voids = decisionsOf(db, done).map((decision): NewDecision => ({
      fieldId: decision.fieldId,
      kind: 'undone',
      text: null,
      note: null,
      origin: 'person',
      undoes: decision.id
    }))
    const action = appendAction(
      db,
      { kind: 'undo', targetId: done, belowId: undone, otherId: target.belowId, reviewer, request },
      voids
    )
    const fieldIds = voids.map((decision) => decision.fieldId)
    return finishChange(db, action, fieldIds)
  })
}

/** Makes the decisions of the reviewer's latest undone act again; a new decision since then leaves nothing to redo. */
export function redo(db: Database, reviewer: string, request?: string): Change {
  return actOnce(db, request, () => {
    const { done, undone } = readStacks(db, reviewer)
    if (undone === null) return nothingChanged(db)
    const target = readAction(db, undone)
    const decisions = decisionsOf(db, target.targetId!).map(({ id: _id, ...decision }): NewDecision => decision)
    const action = appendAction(
      db,
      { kind: 'redo', targetId: undone, belowId: done, otherId: target.belowId, reviewer, request },
      decisions
    )
    const fieldIds = decisions.map((decision) => decision.fieldId)
    return finishChange(db, action, fieldIds)
  })
}
