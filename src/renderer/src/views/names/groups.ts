/** Where to go next in the list of groups, and what has come and gone in it. */

/** The next place after `place` that is not done, from the start again where there is none; -1 where all are done. */
export function nextOpen(ids: readonly number[], place: number, isDone: (id: number) => boolean): number {
  for (let step = 1; step <= ids.length; step++) {
    const at = (place + step) % ids.length
    if (at !== place && !isDone(ids[at]!)) return at
  }
  return -1
}

/** How many of `now` are not among `before`. */
export function added(before: readonly number[], now: readonly number[]): number {
  const known = new Set(before)
  return now.reduce((sum, id) => sum + (known.has(id) ? 0 : 1), 0)
}

/** Those of `before` that are not among `now`. */
export function gone(before: readonly number[], now: readonly number[]): number[] {
  const known = new Set(now)
  return before.filter((id) => !known.has(id))
}
