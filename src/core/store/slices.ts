/**
 * Long work in short steps. Between two of them whoever waits has a turn, and work on a project that is being closed ends by name.
 * Each step reads and writes the state as it is then, in a transaction of its own: none lasts over a turn.
 */
import { setImmediate, setTimeout as pause } from 'node:timers/promises'
import { openPictures } from '../../reading/pages/process'
import { Checkpoints } from './checkpoints'
import { refuseClosing } from './closing'
import type { Database, ReadOnlyDatabase } from './handle'

/**
 * Lets the event loop run.
 * @param db of the project that is worked on; absent: of none
 * @throws the signal's reason; NominaError('no-project') where the project is being closed
 */
export async function turn(db?: ReadOnlyDatabase | null, signal?: AbortSignal): Promise<void> {
  await setImmediate()
  signal?.throwIfAborted()
  if (db) refuseClosing(db)
}

/** Fields of the first transaction of many. */
export const sliceSize = 25
/** What a transaction may take, in ms: for so long everything else waits, and for some 30 ms more where the index of texts is merged. */
const sliceMs = 10
const [fewest, most] = [10, 250]
/** Pictures that a person waits for go first; a bulk waits for them as often as this, each time as long as its last slice took. */
const picturesAtMost = 4
/** Transactions until what they wrote is brought from the log into the file. */
const logged = 4
/** SQLite's own way: the transaction that finds so many pages in the log brings them into the file as well. */
const loggedOtherwise = 1000

/**
 * How many fields may be written now, again and again: as many as lately took some 10 ms. In between whoever waits, in this process or
 * another, has as long as the work took. @throws NominaError('no-project')
 */
export async function* slices(db: Database): AsyncGenerator<number, never> {
  const checkpoints = new Checkpoints(db)
  try {
    for (let written = 0, took = 0, size = sliceSize; ; written++) {
      await pause(took)
      for (let times = 0; times < picturesAtMost && openPictures(); times++) await pause(took)
      refuseClosing(db)
      if (written === logged) {
        await checkpoints.make()
        took = 0
        written = -1
        continue
      }
      const started = performance.now()
      db.pragma('wal_autocheckpoint = 0')
      yield size
      took = performance.now() - started
      size = Math.max(fewest, Math.min(most, Math.round((size * sliceMs) / Math.max(1, took))))
    }
  } finally {
    await checkpoints.close()
    if (db.open) db.pragma(`wal_autocheckpoint = ${loggedOtherwise}`)
  }
}

/** Parts of at most `size`, with a turn before each. @throws as `turn` */
export async function* parts<T>(
  db: ReadOnlyDatabase | null,
  all: readonly T[],
  size: number,
  signal?: AbortSignal
): AsyncGenerator<T[]> {
  for (let start = 0; start < all.length; start += size) {
    await turn(db, signal)
    yield all.slice(start, start + size)
  }
}

/** What `next` gives, a turn before each call, until it gives nothing more. @throws as `turn` */
export async function* yielding<T>(
  db: ReadOnlyDatabase | null,
  next: () => T[],
  signal?: AbortSignal
): AsyncGenerator<T[]> {
  for (;;) {
    await turn(db, signal)
    const some = next()
    if (!some.length) return
    yield some
  }
}
