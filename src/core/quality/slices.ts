/** Long sums in short steps, so that the event loop is free in between. */
import { setImmediate } from 'node:timers/promises'

/** Calls `next` until it gives nothing more; the event loop runs before each call. */
export async function* yielding<T>(next: () => T[], signal?: AbortSignal): AsyncGenerator<T[]> {
  for (;;) {
    await setImmediate()
    signal?.throwIfAborted()
    const some = next()
    if (!some.length) return
    yield some
  }
}

/** Parts of at most `size`, with the event loop free between them. */
export async function* parts<T>(all: readonly T[], size: number, signal?: AbortSignal): AsyncGenerator<T[]> {
  for (let start = 0; start < all.length; start += size) {
    await setImmediate()
    signal?.throwIfAborted()
    yield all.slice(start, start + size)
  }
}
