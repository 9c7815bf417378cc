import { NominaError, say } from '../../shared/failure'
import type { ReadOnlyDatabase } from './handle'

const closing = new WeakMap<ReadOnlyDatabase, AbortSignal>()

/** The signal is given when the store is about to be closed. */
export const closesWith = (db: ReadOnlyDatabase, signal: AbortSignal): void => void closing.set(db, signal)

/** For long work, between its steps: what waits for its end does not wait long. @throws NominaError('no-project') */
export function refuseClosing(db: ReadOnlyDatabase): void {
  closing.get(db)?.throwIfAborted()
  if (!db.open) throw new NominaError('no-project', say('closed'))
}
