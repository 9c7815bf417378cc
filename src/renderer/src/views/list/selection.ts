/**
 * What is selected in a list of ids, which row is active (has the focus) and from where Shift extends.
 * Plain arrows move the active row only: a selection made with care is not lost to one key.
 */
export interface Selection {
  /** Ids, not places: a selection survives another order. */
  readonly ids: ReadonlySet<number>
  /** Index of the active row, -1 where the list is empty. */
  readonly active: number
  /** Index from which Shift extends. */
  readonly anchor: number
}

export const nothingSelected: Selection = { ids: new Set(), active: -1, anchor: -1 }

const clamp = (index: number, length: number): number => Math.max(length === 0 ? -1 : 0, Math.min(length - 1, index))

function range(ids: readonly number[], from: number, to: number): Set<number> {
  return new Set(ids.slice(Math.min(from, to), Math.max(from, to) + 1))
}

/** A press on a row: alone, with Ctrl (`toggle`) or with Shift (`extend`); both add a range. */
export function press(
  before: Selection,
  ids: readonly number[],
  index: number,
  how: { toggle?: boolean; extend?: boolean } = {}
): Selection {
  const id = ids[index]
  if (id === undefined) return before
  if (how.extend) {
    const anchor = before.anchor < 0 ? index : clamp(before.anchor, ids.length)
    const added = range(ids, anchor, index)
    return { ids: how.toggle ? new Set([...before.ids, ...added]) : added, active: index, anchor }
  }
  if (how.toggle) return { ids: toggled(before.ids, id), active: index, anchor: index }
  return { ids: new Set([id]), active: index, anchor: index }
}

/** Moves the active row; with `extend` the selection becomes the range from the anchor. */
export function move(before: Selection, ids: readonly number[], to: number, extend = false): Selection {
  const active = clamp(to, ids.length)
  if (active < 0) return { ...before, active: -1, anchor: -1 }
  if (!extend) return { ...before, active, anchor: active }
  const anchor = before.anchor < 0 ? Math.max(before.active, 0) : clamp(before.anchor, ids.length)
  return { ids: range(ids, anchor, active), active, anchor }
}

export function toggleActive(before: Selection, ids: readonly number[]): Selection {
  const id = ids[before.active]
  return id === undefined ? before : { ...before, ids: toggled(before.ids, id), anchor: before.active }
}

export const selectAll = (before: Selection, ids: readonly number[]): Selection => ({ ...before, ids: new Set(ids) })

export const clear = (before: Selection): Selection => ({ ...before, ids: new Set() })

/** The same selection in another list: what is gone from it is no longer selected; the active row keeps its id. */
export function carryOver(before: Selection, previous: readonly number[], next: readonly number[]): Selection {
  if (next.length === 0) return nothingSelected
  const activeId = previous[before.active]
  const found = activeId === undefined ? -1 : next.indexOf(activeId)
  const active = found >= 0 ? found : clamp(before.active, next.length)
  if (before.ids.size === 0) return { ids: before.ids, active, anchor: active }
  return { ids: new Set(next.filter((id) => before.ids.has(id))), active, anchor: active }
}

/** What an action is meant for, in list order: the selection, else the active row. */
export function targets(selection: Selection, ids: readonly number[]): number[] {
  if (selection.ids.size > 0) return ids.filter((id) => selection.ids.has(id))
  const id = ids[selection.active]
  return id === undefined ? [] : [id]
}

function toggled(ids: ReadonlySet<number>, id: number): Set<number> {
  const next = new Set(ids)
  if (!next.delete(id)) next.add(id)
  return next
}
