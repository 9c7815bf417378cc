import { storeFailure } from './failures'
import type { Database } from './handle'
import { refuseAbsent } from './presence'
import { refuseReadingOnly } from './reading-only'

/**
 * Runs `work` in one transaction that takes the write lock at its start: all of it is on the disk when this returns, or
 * none of it. Within another transaction it is a part of that one.
 * @throws NominaError('disk-full' | 'busy' | 'refused' | 'gone' | 'read-only', …) what went wrong with the file; nothing was changed then
 */
export function immediate<T>(db: Database, work: () => T): T {
  refuseReadingOnly(db)
  refuseAbsent(db)
  try {
    return db.transaction(work).immediate()
  } catch (error) {
    throw storeFailure(error, db.name)
  }
}

/**
 * As `immediate`, but it does not wait for the disk: `onDisk` does, for all that was committed before, and so does the next `immediate`.
 * A power cut before it takes it back, whole; the end of the process takes nothing.
 */
export function inPassing<T>(db: Database, work: () => T): T {
  db.pragma('synchronous = NORMAL')
  try {
    return immediate(db, work)
  } finally {
    db.pragma('synchronous = FULL')
  }
}
