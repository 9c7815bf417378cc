/** Decisions that do not count any more, since the field shows something else now. */
import type { Database } from './handle'
import { writing } from './statements'
import { labellingKinds, statesByDecision } from './states'

/** SQL: fields that the last import opened again, decided since or not. Pages' fields of it that are gone are none. */
export const lastReopened = `SELECT field_id FROM reopenings WHERE run_id = (SELECT max(id) FROM runs WHERE kind = 'import')`

/** SQL: the latest decision of the field `alias` that nobody took back, whatever it was made on; a flagged crop suggests nothing. */
export const earlierDecision = (alias: string): string =>
  `(SELECT own.id FROM decisions own WHERE own.field_id = ${alias}.id AND own.kind IN ${labellingKinds}
    AND NOT EXISTS (SELECT 1 FROM decisions void WHERE void.undoes = own.id) ORDER BY own.id DESC LIMIT 1)`

/** SQL: fields with decisions none of which counts. Told by two indexes: a million fields are not looked at. */
export const decidedAndOpen = `SELECT field_id FROM decisions EXCEPT
  SELECT id FROM fields INDEXED BY fields_by_status WHERE id > 0 AND status IN ${statesByDecision}`

export function noteReopened(db: Database, runId: number, fieldIds: readonly number[]): void {
  const note = writing(db, 'INSERT INTO reopenings (run_id, field_id) VALUES (?, ?) ON CONFLICT DO NOTHING')
  for (const id of fieldIds) note.run(runId, id)
}
