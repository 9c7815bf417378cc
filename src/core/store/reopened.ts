/** SQL: decisions that do not count any more, since the field shows something else now. */
import { labellingKinds } from './states'

/** Fields that the last import opened again, decided since or not. Pages' fields of it that are gone are none. */
export const lastReopened = `SELECT field_id FROM reopenings WHERE run_id = (SELECT max(id) FROM runs WHERE kind = 'import')`

/** The latest decision of the field `alias` that nobody took back, whatever it was made on; a flagged crop suggests nothing. */
export const earlierDecision = (alias: string): string =>
  `(SELECT own.id FROM decisions own WHERE own.field_id = ${alias}.id AND own.kind IN ${labellingKinds}
    AND NOT EXISTS (SELECT 1 FROM decisions void WHERE void.undoes = own.id) ORDER BY own.id DESC LIMIT 1)`
