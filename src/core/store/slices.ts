/**
 * Long work in short steps. Between two of them whoever waits has a turn, and work on a project that is being closed ends by name.
 * Each step reads and writes the state as it is then, in a transaction of its own: none lasts over a turn.
 */
import { setImmediate, setTimeout as pause } from 'node:timers/promises'
import { refuseClosing } from './closing'
import type { ReadOnlyDatabase } from './handle'

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
export const sliceSize = 80
/** What a transaction may take, in ms: for so long everything else waits. */
const sliceMs = 20
const [fewest, most] = [25, 250]

/**
 * How many fields may be written now, again and again: as many as lately took some 20 ms. In between whoever waits, in this process or
 * another, has as long as the work took. @throws NominaError('no-project')
 */
export async function* slices(db: ReadOnlyDatabase): AsyncGenerator<number, never> {
  for (let took = 0, size = sliceSize; ;) {
    await pause(took)
    refuseClosing(db)
    const started = performance.now()
    yield size
    took = performance.now() - started
    size = Math.max(fewest, Math.min(most, Math.round((size * sliceMs) / Math.max(1, took))))
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
