/** Where to go next in the list of groups, and where a key leads in the grid of their fields. */

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

export interface GridShape {
  count: number
  columns: number
  /** Whole rows in view. */
  rows: number
}

/** The place that a key leads to in a grid that is filled row by row, or null where it is no key of movement. */
export function placeOfKey(key: string, active: number, { count, columns, rows }: GridShape): number | null {
  const last = count - 1
  const within = (to: number): number => Math.max(0, Math.min(last, to))
  const column = active % columns
  /** The same column some rows on; beyond the end the last row that has it. */
  const byRows = (by: number): number => {
    const row = Math.max(0, Math.floor(active / columns) + by)
    const lastRow = Math.floor((last - column) / columns)
    return within(Math.min(row, lastRow) * columns + column)
  }
  switch (key) {
    case 'ArrowRight':
      return within(active + 1)
    case 'ArrowLeft':
      return within(active - 1)
    case 'ArrowDown':
      // From the row before the last, where the last is shorter, down is to its end.
      return active + columns > last && Math.floor(active / columns) < Math.floor(last / columns) ? last : byRows(1)
    case 'ArrowUp':
      return byRows(-1)
    case 'PageDown':
      return byRows(rows)
    case 'PageUp':
      return byRows(-rows)
    case 'Home':
      return 0
    case 'End':
      return within(last)
    default:
      return null
  }
}
