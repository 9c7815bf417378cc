import type { Counts, FieldRow } from '../../shared/domain'
import { currentModelId, deriveFields, immediate, readCounts, type Database } from '../store'
import { decisionsOf } from './actions'
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
 * that is answered again.
 */
export const actOnce = (db: Database, request: string | undefined, act: () => Change): Change =>
  immediate(db, () => {
    const known =
      request === undefined
        ? undefined
        : db.prepare<[string], { id: number }>('SELECT id FROM actions WHERE request = ?').get(request)
    if (!known) return act()
    const fieldIds = decisionsOf(db, known.id).map((decision) => decision.fieldId)
    return finishChange(db, known.id, fieldIds)
  })

/** Brings the fields in line with an act that was just written; part of its transaction. */
export function finishChange(db: Database, action: number, fieldIds: number[]): Change {
  deriveFields(db, { fieldIds }, currentModelId(db))
  return {
    action,
    rows: readRows(db, fieldIds.slice(0, rowsAtMost)),
    changed: fieldIds.length,
    counts: readCounts(db)
  }
}
