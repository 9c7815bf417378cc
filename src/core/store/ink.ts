/**
 * Changes of what fields show: of the scan behind them or of their box, which triggers count whoever changes it, and of the text that stands
 * for them without a decision.
 */
import type { Database, ReadOnlyDatabase } from './handle'
import { reading, writing } from './statements'

/** The number of the last one in the project; `fields.ink` and `fields.text_as_of` are those of a field's own. */
export const lastInk = (db: ReadOnlyDatabase): number =>
  reading<[], number>(db, 'SELECT changes FROM ink').pluck().get()!

/** Counts one more. @returns its number */
export function countChange(db: Database): number {
  writing(db, 'UPDATE ink SET changes = changes + 1').run()
  return lastInk(db)
}
