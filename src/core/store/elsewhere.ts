/** What other processes do to a project. */
import type { ReadOnlyDatabase } from './handle'
import { reading } from './statements'

/** Another number than before where another connection has written something. */
export const writesElsewhere = (db: ReadOnlyDatabase): number =>
  reading<[], { data_version: number }>(db, 'PRAGMA data_version').get()!.data_version
