/** Where keys and presses lead in a list, or in a grid that is filled row by row. */
export interface Shape {
  count: number
  /** Whole rows in view. */
  rows: number
  /** A list has none: there left and right lead nowhere. */
  columns?: number
}

/** The place that a key leads to, or null where it is no key of movement. */
export function placeOfKey(
  key: string,
  active: number,
  { count, rows, columns = 1 }: Shape,
  list = false
): number | null {
  const last = count - 1
  const within = (to: number): number => Math.max(0, Math.min(last, to))
  const column = Math.max(0, active) % columns
  /** The same column some rows on; beyond the end the last row that has it. */
  const byRows = (by: number): number => {
    const row = Math.max(0, Math.floor(active / columns) + by)
    const lastRow = Math.floor((last - column) / columns)
    return within(Math.min(row, lastRow) * columns + column)
  }
  switch (key) {
    case 'ArrowRight':
      return list ? null : within(active + 1)
    case 'ArrowLeft':
      return list ? null : within(active - 1)
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

/** The place that a list leads a key to; a key with Ctrl, Alt or Command is none of movement. */
export const placeInList = (event: KeyboardEvent, active: number, count: number, rows: number): number | null =>
  event.ctrlKey || event.metaKey || event.altKey ? null : placeOfKey(event.key, active, { count, rows }, true)

/** Which row or tile was pressed: the number in its `data-index`, or null. */
export function placeOfPress(target: EventTarget | null): number | null {
  const part = target instanceof Element ? target.closest<HTMLElement>('[data-index]') : null
  return part ? Number(part.dataset.index) : null
}
