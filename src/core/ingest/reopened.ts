/** Which decisions an import opened again. */
import { currentModelId, deriveFields, type Database } from '../store'

/**
 * Brings fields in line with what was stored, and notes those that were decided and are not any more. Within the transaction of the
 * change. @returns how many
 */
export function deriveAndNote(db: Database, runId: number, fieldIds: number[]): number {
  const decided = db
    .prepare<[string], number>(
      'SELECT id FROM fields WHERE id IN (SELECT value FROM json_each(?)) AND decision_id IS NOT NULL'
    )
    .pluck()
  const before = decided.all(JSON.stringify(fieldIds))
  deriveFields(db, { fieldIds }, currentModelId(db))
  const still = new Set(decided.all(JSON.stringify(before)))
  const reopened = before.filter((id) => !still.has(id))
  const note = db.prepare('INSERT INTO reopenings (run_id, field_id) VALUES (?, ?) ON CONFLICT DO NOTHING')
  for (const id of reopened) note.run(runId, id)
  return reopened.length
}
