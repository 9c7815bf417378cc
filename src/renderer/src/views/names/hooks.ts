/** What the grid's model reaches of the world around it. */
import type { Counts, FieldRow } from '../../../../shared/domain'
import type { Call } from '../../lib/outbox'

export interface NamesHooks {
  call: Call
  counts(counts: Counts): void
  /** Fields that are about to be seen: their pictures can be fetched. */
  near(rows: FieldRow[]): void
  refused(message: string): void
  undone(what: 'undo' | 'redo', changed: number): void
}
