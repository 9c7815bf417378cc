/**
 * What is selected in a list of ids, which row is active (has the focus) and from where Shift extends.
 * Plain arrows move the active row only: a selection made with care is not lost to one key.
 */
export interface Selection {
  /** Ids, not places: a selection survives another order. */
  readonly ids: ReadonlySet<number>
  /** All that the list holds, loaded or not, but for these; null: only `ids`. */
  readonly allBut: ReadonlySet<number> | null
  /** Index of the active row, -1 where the list is empty. */
  readonly active: number
  /** Index from which Shift extends. */
  readonly anchor: number
}

/** A list of ids by place, as far as they are known; an array knows all of its own. */
export interface Places {
  readonly length: number
  at(index: number): number | undefined
  indexOf(id: number): number
}

export const nothingSelected: Selection = { ids: new Set(), allBut: null, active: -1, anchor: -1 }

const clamp = (index: number, length: number): number => Math.max(length === 0 ? -1 : 0, Math.min(length - 1, index))

/** `at` counts from the end where it is negative. */
const idAt = (places: Places, index: number): number | undefined => (index < 0 ? undefined : places.at(index))

/** What is known of the ids between two places, both included. */
export function range(places: Places, from: number, to: number): Set<number> {
  const ids = new Set<number>()
  for (let index = Math.min(from, to); index <= Math.max(from, to); index++) {
    const id = idAt(places, index)
    if (id !== undefined) ids.add(id)
  }
  return ids
}

export const isSelected = ({ ids, allBut }: Selection, id: number): boolean => (allBut ? !allBut.has(id) : ids.has(id))

/** @param all how many the list holds */
export const selectedOf = ({ ids, allBut }: Selection, all: number): number => (allBut ? all - allBut.size : ids.size)

const only = (ids: ReadonlySet<number>, active: number, anchor: number): Selection => ({
  ids,
  allBut: null,
  active,
  anchor
})

/** A press on a row: alone, with Ctrl (`toggle`) or with Shift (`extend`); both add a range. */
export function press(
  before: Selection,
  places: Places,
  index: number,
  how: { toggle?: boolean; extend?: boolean } = {}
): Selection {
  const id = idAt(places, index)
  if (id === undefined) return before
  if (how.extend) {
    const anchor = before.anchor < 0 ? index : clamp(before.anchor, places.length)
    const added = range(places, anchor, index)
    return only(how.toggle ? new Set([...before.ids, ...added]) : added, index, anchor)
  }
  if (how.toggle) return { ...toggled(before, id), active: index, anchor: index }
  return only(new Set([id]), index, index)
}

/** Moves the active row; with `extend` the selection becomes the range from the anchor. */
export function move(before: Selection, places: Places, to: number, extend = false): Selection {
  const active = clamp(to, places.length)
  if (active < 0) return { ...before, active: -1, anchor: -1 }
  if (!extend) return { ...before, active, anchor: active }
  const anchor = before.anchor < 0 ? Math.max(before.active, 0) : clamp(before.anchor, places.length)
  return only(range(places, anchor, active), active, anchor)
}

export function toggleActive(before: Selection, places: Places): Selection {
  const id = idAt(places, before.active)
  return id === undefined ? before : { ...toggled(before, id), anchor: before.active }
}

/** @param whole every id of the list is known */
export const selectAll = (before: Selection, places: Places, whole = true): Selection =>
  whole
    ? { ...before, ids: range(places, 0, places.length - 1), allBut: null }
    : { ...before, ids: new Set(), allBut: new Set() }

export const clear = (before: Selection): Selection => ({ ...before, ids: new Set(), allBut: null })

/**
 * The same selection in another list: what is gone from it is no longer selected, as far as that is known; the active row keeps its id.
 * @param whole every id of the other list is known
 */
export function carryOver(before: Selection, previous: Places, next: Places, whole = true): Selection {
  if (next.length === 0) return nothingSelected
  const activeId = idAt(previous, before.active)
  const found = activeId === undefined ? -1 : next.indexOf(activeId)
  const active = found >= 0 ? found : clamp(before.active, next.length)
  // What passes now is not what was selected then.
  if (before.allBut) return only(new Set(), active, active)
  if (before.ids.size === 0 || !whole) return only(before.ids, active, active)
  const there = range(next, 0, next.length - 1)
  return only(new Set([...there].filter((id) => before.ids.has(id))), active, active)
}

/** What an action is meant for, those in the list in its order: the selection, else the active row. */
export function targets(selection: Selection, places: Places): number[] {
  const { ids, active } = selection
  if (ids.size > 0) {
    const at = new Map([...ids].map((id) => [id, places.indexOf(id)]))
    return [...ids].sort((one, other) => at.get(one)! - at.get(other)!)
  }
  const id = idAt(places, active)
  return id === undefined ? [] : [id]
}

function toggled(before: Selection, id: number): Selection {
  const next = new Set(before.allBut ?? before.ids)
  if (!next.delete(id)) next.add(id)
  return before.allBut ? { ...before, allBut: next } : { ...before, ids: next }
}
