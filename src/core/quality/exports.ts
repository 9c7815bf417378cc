/** What was exported when, and what has changed since. */
import { queueIds } from '../review'
import type { ReadOnlyDatabase } from '../store'
import { readExports, type StoredExport } from '../store/exports'

export interface Exported extends StoredExport {
  /** Fields that would be written otherwise now; null where it is too long ago to be counted. */
  changed: number | null
}

/** Exports whose changes are counted: each count looks at every field. */
const COUNTED = 5
const LISTED = 100

/** Newest first. */
export const listExports = (db: ReadOnlyDatabase): Exported[] =>
  readExports(db, LISTED).map((row, index) => ({
    ...row,
    changed: index < COUNTED ? queueIds(db, { filter: { changedSinceExport: row.id }, order: 'file' }).length : null
  }))
