const INTERVAL_MS = 150

/** Passes on the first call, the last, and one in between every 150 ms. */
export function fewer(emit: (done: number, total: number) => void): (done: number, total: number) => void {
  let last = -Infinity
  return (done, total) => {
    const now = performance.now()
    if (done < total && now - last < INTERVAL_MS) return
    last = now
    emit(done, total)
  }
}
