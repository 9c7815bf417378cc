import type { Counts, FieldRow } from '../../shared/domain'
import { currentModelId, deriveFields, immediate, readCounts, type Database } from '../store'
import { appendDecisions, beginAction, decisionsOf, type BegunAction, type NewDecision, type Plan } from './actions'
import { readRows } from './rows'

/** What an act changed, as the contract gives it. */
export interface Change {
  /** Null where nothing changed. */
  action: number | null
  /** The first 200 rows. */
  rows: FieldRow[]
  changed: number
  counts: Counts
}

const rowsAtMost = 200

export const nothingChanged = (db: Database): Change => ({ action: null, rows: [], changed: 0, counts: readCounts(db) })

/**
 * Does an act in a transaction of its own, unless this very request was carried out before and only its reply was lost:
 * that is answered again. Without a plan nothing is done.
 */
export const actOnce = (db: Database, request: string | undefined, plan: () => Plan | null): Change =>
  immediate(db, () => {
    const before = knownChange(db, request)
    if (before) return before
    const planned = plan()
    if (!planned) return nothingChanged(db)
    const begun = begin(db, planned)
    carryOut(db, begun, planned.decisions)
    return changeOf(db, begun.actionId, planned.decisions)
  })

/** What a request changed that was carried out before; null where it was not. */
export function knownChange(db: Database, request: string | undefined): Change | null {
  if (request === undefined) return null
  const known = db.prepare<[string], { id: number }>('SELECT id FROM actions WHERE request = ?').get(request)
  return known ? changeOf(db, known.id, decisionsOf(db, known.id)) : null
}

/** Writes the act of a plan; its decisions are carried out after it. */
export function begin(db: Database, { action, decisions }: Plan): BegunAction {
  const at = new Date().toISOString()
  return { actionId: beginAction(db, { ...action, size: decisions.length, at }), reviewer: action.reviewer, at }
}

/** Writes decisions of an act and brings their fields in line with them; within a transaction. */
export function carryOut(db: Database, action: BegunAction, decisions: readonly NewDecision[]): void {
  appendDecisions(db, action, decisions)
  deriveFields(db, { fieldIds: decisions.map(({ fieldId }) => fieldId) }, currentModelId(db))
}

export const changeOf = (db: Database, action: number, decisions: readonly NewDecision[]): Change => ({
  action,
  rows: readRows(
    db,
    decisions.slice(0, rowsAtMost).map(({ fieldId }) => fieldId)
  ),
  changed: decisions.length,
  counts: readCounts(db)
})
