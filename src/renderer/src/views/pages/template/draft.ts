/** A template while a person draws it: boxes in reading order, in px of its picture. */
import type { FieldKind } from '../../../../../shared/forms'
import type { Box, Point, Size } from '../geometry/shapes'
import { bottom, right } from '../geometry/shapes'

export interface DraftBox extends Box {
  /** Of this box while it is drawn; never stored. */
  readonly key: number
  name: string
  kind: FieldKind
  /** Id of the model that reads it; null: the project's. */
  model: string | null
  /** Keys of its JSON that Nomina does not know, kept. */
  rest: Readonly<Record<string, unknown>>
  /** Its stored name, so that what was decided on it stays with it; null for a new one. */
  was: string | null
}

export interface Draft {
  name: string
  boxes: readonly DraftBox[]
}

/** px; a smaller box holds no writing. */
export const leastSide = 8

let nextKey = 1
export const createBox = (box: Box, name: string, more: Partial<Omit<DraftBox, 'key' | keyof Box>> = {}): DraftBox => ({
  x: box.x,
  y: box.y,
  width: box.width,
  height: box.height,
  key: nextKey++,
  kind: 'name',
  model: null,
  rest: {},
  was: null,
  ...more,
  name
})

type Keys = ReadonlySet<number>

/** Changes the boxes of these keys, leaves the others. */
export const change = (draft: Draft, keys: Keys, how: (box: DraftBox) => Partial<DraftBox>): Draft => ({
  ...draft,
  boxes: draft.boxes.map((box) => (keys.has(box.key) ? { ...box, ...how(box) } : box))
})

export const add = (draft: Draft, boxes: readonly DraftBox[], at = draft.boxes.length): Draft => ({
  ...draft,
  boxes: [...draft.boxes.slice(0, at), ...boxes, ...draft.boxes.slice(at)]
})

export const remove = (draft: Draft, keys: Keys): Draft => ({
  ...draft,
  boxes: draft.boxes.filter((box) => !keys.has(box.key))
})

/** `surname` → the first of `surname`, `surname_2`, `surname_3` … that is free; a number at the end counts on. */
export function freeName(wanted: string, taken: ReadonlySet<string>): string {
  if (!taken.has(wanted)) return wanted
  const [, stem = wanted, digits] = /^(.*?)_?(\d+)$/.exec(wanted) ?? []
  for (let n = digits === undefined ? 2 : Number(digits) + 1; ; n++) {
    const name = `${stem}_${n}`
    if (!taken.has(name)) return name
  }
}

export const keysOf = (boxes: readonly DraftBox[]): ReadonlySet<number> => new Set(boxes.map((box) => box.key))

/** These boxes are stored under their names of now: so it is in every state that undo can go back to. */
export function settleNames(stored: readonly DraftBox[]): (draft: Draft) => Draft {
  const names = new Map(stored.map((box) => [box.key, box.name.trim()]))
  return (draft) => ({
    ...draft,
    boxes: draft.boxes.map((box) => ({ ...box, was: names.get(box.key) ?? null }))
  })
}

export const namesOf = (draft: Draft): Set<string> => new Set(draft.boxes.map((box) => box.name))

/** Copies of these boxes, a little below them, with names of their own, after the last of them in reading order. */
export function duplicate(draft: Draft, keys: Keys, page: Size): { draft: Draft; added: DraftBox[] } {
  const chosen = draft.boxes.filter((box) => keys.has(box.key))
  if (chosen.length === 0) return { draft, added: [] }
  const taken = namesOf(draft)
  const height = Math.max(...chosen.map(bottom)) - Math.min(...chosen.map((box) => box.y))
  const fits = Math.max(...chosen.map(bottom)) + height <= page.height
  const added = chosen.map((box) => {
    const name = freeName(box.name, taken)
    taken.add(name)
    const y = fits ? box.y + height : box.y + 16
    return createBox({ ...box, y }, name, { kind: box.kind, model: box.model, rest: box.rest })
  })
  const last = draft.boxes.findLastIndex((box) => keys.has(box.key))
  const copied = added.map((box) => ({ ...box, ...shifted(box, { x: 0, y: 0 }, page) }))
  return { draft: add(draft, copied, last + 1), added: copied }
}

/** Where a box comes to lie when it is moved, kept on the page. */
export const shifted = (box: Box, by: Point, page: Size): Point => ({
  x: Math.min(Math.max(0, box.x + by.x), Math.max(0, page.width - box.width)),
  y: Math.min(Math.max(0, box.y + by.y), Math.max(0, page.height - box.height))
})

/** How far boxes can go together without leaving the page: an arrow at the edge does not push them into each other. */
export function roomFor(boxes: readonly Box[], by: Point, page: Size): Point {
  if (boxes.length === 0) return { x: 0, y: 0 }
  const within = (wanted: number, least: number, most: number): number =>
    Math.min(Math.max(wanted, Math.min(0, least)), Math.max(0, most))
  return {
    x: within(by.x, -Math.min(...boxes.map((box) => box.x)), page.width - Math.max(...boxes.map(right))),
    y: within(by.y, -Math.min(...boxes.map((box) => box.y)), page.height - Math.max(...boxes.map(bottom)))
  }
}

export function move(draft: Draft, keys: Keys, by: Point, page: Size): Draft {
  const room = roomFor(
    draft.boxes.filter((box) => keys.has(box.key)),
    by,
    page
  )
  return change(draft, keys, (box) => ({ x: box.x + room.x, y: box.y + room.y }))
}

/** Makes boxes wider or higher at their right and lower sides. */
export const grow = (draft: Draft, keys: Keys, by: Point, page: Size): Draft =>
  change(draft, keys, (box) => ({
    width: Math.max(leastSide, Math.min(page.width - box.x, box.width + by.x)),
    height: Math.max(leastSide, Math.min(page.height - box.y, box.height + by.y))
  }))

/** Moves boxes one place earlier (-1) or later (1) in the reading order, together. */
export function reorder(draft: Draft, keys: Keys, by: -1 | 1): Draft {
  const boxes = [...draft.boxes]
  const places = boxes.map((_, index) => index).filter((index) => keys.has(boxes[index]!.key))
  const edge = by === -1 ? places[0] === 0 : places.at(-1) === boxes.length - 1
  if (places.length === 0 || edge) return draft
  for (const place of by === -1 ? places : places.reverse()) {
    const [box] = boxes.splice(place, 1)
    boxes.splice(place + by, 0, box!)
  }
  return { ...draft, boxes }
}

/** Boxes in their order, and each proposal after what lies before it on the page. */
export function withProposals<T extends Box>(boxes: readonly DraftBox[], proposals: readonly T[]): (DraftBox | T)[] {
  const placed = inPlaceOrder<DraftBox | T>([...boxes, ...proposals])
  const all: (DraftBox | T)[] = [...boxes]
  for (const proposal of proposals) {
    const before = placed[placed.indexOf(proposal) - 1]
    all.splice(before ? all.indexOf(before) + 1 : 0, 0, proposal)
  }
  return all
}

/** The name that a box has until a person gives it one. */
export const isGiven = (name: string): boolean => !/^field_\d+$/.test(name)

/** Reading order by place: rows from top to bottom, within a row from left to right. Boxes share a row where their middles do. */
export function inPlaceOrder<T extends Box>(boxes: readonly T[]): T[] {
  const rows: T[][] = []
  for (const box of [...boxes].sort((a, b) => a.y + a.height / 2 - (b.y + b.height / 2))) {
    const row = rows.at(-1)
    const middle = box.y + box.height / 2
    if (row && middle < bottom(row[0]!) && middle > row[0]!.y) row.push(box)
    else rows.push([box])
  }
  return rows.flatMap((row) => row.sort((a, b) => a.x - b.x))
}
