/** Changes of what fields show: of the scan behind them, or of their box. Counted by triggers, whoever changes it. */
import type { ReadOnlyDatabase } from './handle'
import { reading } from './statements'

/** The number of the last one in the project; `fields.ink` is that of a field's own. */
export const lastInk = (db: ReadOnlyDatabase): number =>
  reading<[], number>(db, 'SELECT changes FROM ink').pluck().get()!
