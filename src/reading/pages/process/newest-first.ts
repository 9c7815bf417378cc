/** Work of which so much goes on at a time. Of what waits the newest goes first, and nothing goes that nobody waits for any more. */
export function newestFirst(atOnce: number): <T>(work: () => Promise<T>, signal?: AbortSignal) => Promise<T> {
  const waiting: (() => void)[] = []
  let busy = 0
  const turn = (signal?: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      const leave = (): void => {
        waiting.splice(waiting.indexOf(begin), 1)
        reject(signal!.reason as Error)
      }
      const begin = (): void => {
        signal?.removeEventListener('abort', leave)
        busy++
        resolve()
      }
      if (busy < atOnce) return begin()
      waiting.push(begin)
      signal?.addEventListener('abort', leave, { once: true })
    })
  return async (work, signal) => {
    signal?.throwIfAborted()
    await turn(signal)
    try {
      return await work()
    } finally {
      busy--
      waiting.pop()?.()
    }
  }
}
