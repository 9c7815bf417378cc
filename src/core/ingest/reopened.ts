/** Which decisions an import opened again. */
import { decidedOf } from '../store/decided'
import { noteReopened } from '../store/reopened'
import { currentModelId, deriveFields, type Database } from '../store'

/**
 * Brings fields in line with what was stored, and notes those that were decided and are not any more. Within the transaction of the
 * change. @returns how many
 */
export function deriveAndNote(db: Database, runId: number, fieldIds: number[]): number {
  const before = decidedOf(db, fieldIds)
  deriveFields(db, { fieldIds }, currentModelId(db))
  const still = new Set(decidedOf(db, before))
  const reopened = before.filter((id) => !still.has(id))
  noteReopened(db, runId, reopened)
  return reopened.length
}
