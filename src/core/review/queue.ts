import type { Filter, Order } from '../../shared/domain'
import type { ReadOnlyDatabase } from '../store'
import { lastFieldId, numbers as numbersOf } from '../store/numbers'
import { reading } from '../store/statements'
import { memo } from '../store/memo'
import { allOf, among, inOwnOrder, passingAmong, valuesOf, type Condition } from './narrow'
import { passingOf, type Passing } from './passing'
import { placeIn, shuffle, shuffledNumbers } from './shuffle'

export interface QueueRequest {
  filter: Filter
  order: Exclude<Order, 'suggested'>
  /** Of the random order: the same seed gives the same order. */
  seed?: number
  descending?: boolean
}

/** A part of a queue. */
export interface WindowRequest extends QueueRequest {
  /** So many of it; absent: all. */
  atMost?: number | undefined
  /** How many come before it. */
  from?: number | undefined
  /** What comes after this field, wherever that would stand now; from `from` on where it can't be told. */
  after?: number | undefined
  /** With this field in its middle, where it is in the queue. */
  around?: number | undefined
  /** Where this field comes later, so many from it on, and all before it. */
  through?: number | undefined
  /** Fields that are left out. */
  without?: ReadonlySet<number> | undefined
}

export interface Window {
  ids: number[]
  /** How many come before them. */
  from: number
  /** How many there are in all. */
  total: number
  /** And with those that are left out. */
  passing: number
}

/**
 * The ids of all fields that pass the filter, in order. Lowest confidence first, fields without a reading last; `differs`
 * puts those first whose imported label is not what was read; ties are in file order. Each query is a walk along one
 * covering index (no sorting), and the parts of an order are walked one after another; fields that are few are sorted. A filter with
 * an order of its own (sample, selection, suspects) keeps it.
 */
export const queueIds = (db: ReadOnlyDatabase, request: QueueRequest): number[] => queueWindow(db, request).ids

/** A part of `queueIds`, and how many there are in all: only as far is walked as is asked for. */
export function queueWindow(db: ReadOnlyDatabase, request: WindowRequest): Window {
  const { atMost = Infinity, through, around } = request
  const line = lineOf(db, request)
  const { total, passing } = line
  const part = (from: number, most: number): Window => ({ ids: line.part(from, most), from, total, passing })
  if (request.after !== undefined) {
    const ids = line.after(request.after, atMost)
    if (ids) return { ids, from: request.from ?? 0, total, passing }
  }
  if (around !== undefined) {
    const place = line.placeOf(around)
    return part(place < 0 ? 0 : Math.max(0, place - Math.floor(atMost / 2)), atMost)
  }
  const first = part(request.from ?? 0, atMost)
  if (through === undefined || first.ids.length >= first.total || first.ids.includes(through)) return first
  const place = line.placeOf(through)
  return place < 0 ? first : part(0, place + atMost)
}

/** A queue that is known by its places. */
interface Line {
  total: number
  passing: number
  part(from: number, atMost: number): number[]
  /** -1: it is not there. */
  placeOf(id: number): number
  /** Null: it can't be told. */
  after(id: number, atMost: number): number[] | null
}

function lineOf(db: ReadOnlyDatabase, request: WindowRequest): Line {
  const { filter, order, seed = 0, without } = request
  const own = inOwnOrder(db, filter)
  if (own) {
    const passing = passingAmong(db, own, filter)
    return knownLine(
      own.filter((id) => passing.has(id) && !without?.has(id)),
      passing.size
    )
  }
  const passing = passingOf(db, filter, without)
  if (order === 'random') return randomLine(db, passing, seed)
  const walked: Walked = { db, passing, order, descending: request.descending ?? false }
  return passing.few ? knownLine(sorted(walked), passing.passing) : walkedLine(walked)
}

function knownLine(ids: readonly number[], passing: number): Line {
  return {
    total: ids.length,
    passing,
    part: (from, atMost) => ids.slice(from, from + atMost),
    placeOf: (id) => ids.indexOf(id),
    after(id, atMost) {
      const at = ids.indexOf(id)
      return at < 0 ? null : ids.slice(at + 1, at + 1 + atMost)
    }
  }
}

interface Walked {
  db: ReadOnlyDatabase
  passing: Passing
  order: 'file' | 'confidence' | 'differs'
  descending: boolean
}

function sorted({ db, passing, order, descending }: Walked): number[] {
  const { from, conditions } = passing.few!
  const direction = descending ? 'DESC' : 'ASC'
  const groups = { file: '', confidence: 'f.confidence IS NULL,', differs: 'f.differs DESC, f.confidence IS NULL,' }
  const by = `${order === 'file' ? '' : `f.confidence ${direction},`} f.position ${direction}, f.id ${direction}`
  return numbers(db, `SELECT f.id FROM ${from} WHERE ${allOf(conditions)} ORDER BY ${groups[order]} ${by}`, conditions)
}

/** A part of an order that is one walk along an index. */
interface Part {
  conditions: Condition[]
  /** What is said of several parts, and known of all fields at once. */
  group?: Condition
  index: string
  columns: ('confidence' | 'position' | 'id')[]
}

const byPosition: Part = { conditions: [], index: 'fields_by_position', columns: ['position', 'id'] }
const byConfidence: Part[] = [
  {
    conditions: [['f.confidence IS NOT NULL']],
    index: 'fields_by_confidence',
    columns: ['confidence', 'position', 'id']
  },
  { conditions: [['f.confidence IS NULL']], index: 'fields_by_confidence', columns: ['position', 'id'] }
]
const partsOf: Record<Walked['order'], Part[]> = {
  file: [byPosition],
  confidence: byConfidence,
  differs: ([['+f.differs = 1'], ['+f.differs = 0']] as Condition[]).flatMap((group) =>
    byConfidence.map((part) => ({ ...part, group, conditions: [...part.conditions, group] }))
  )
}

function walkedLine(walked: Walked): Line {
  const { db, passing, order, descending } = walked
  const parts = partsOf[order]
  const { total } = passing
  return {
    total,
    passing: passing.passing,
    part(from, atMost) {
      const most = Math.min(atMost, total - from)
      if (most <= 0) return []
      // From the nearer end.
      if (from <= total / 2) return walkParts(walked, parts, descending, from, most)
      return walkParts(walked, parts.toReversed(), !descending, total - from - most, most).reverse()
    },
    placeOf(id) {
      const at = spot(db, parts, id)
      if (!at || !passes(db, passing, id)) return -1
      const before = parts.slice(0, at.part).reduce((sum, part) => sum + sizeOf(walked, part), 0)
      return before + sizeOf(walked, parts[at.part]!, [beyond(parts[at.part]!, at.values, !descending)])
    },
    after(id, atMost) {
      const at = spot(db, parts, id)
      if (!at) return null
      const rest: Part = {
        ...parts[at.part]!,
        conditions: [...parts[at.part]!.conditions, beyond(parts[at.part]!, at.values, descending)]
      }
      return walkParts(walked, [rest, ...parts.slice(at.part + 1)], descending, 0, atMost)
    }
  }
}

/** Along the parts of an order: so many are left behind first. */
function walkParts(
  walked: Walked,
  parts: readonly Part[],
  descending: boolean,
  from: number,
  atMost: number
): number[] {
  const { db, passing } = walked
  const direction = descending ? 'DESC' : 'ASC'
  const ids: number[] = []
  let behind = from
  for (const part of parts) {
    if (ids.length >= atMost) break
    const { from, conditions } = placed(passing, part)
    if (!from) continue
    const by = part.columns.map((column) => `f.${column} ${direction}`).join(', ')
    const limit =
      atMost < Infinity || behind > 0 ? `LIMIT ${atMost < Infinity ? atMost - ids.length : -1} OFFSET ${behind}` : ''
    const sql = `SELECT f.id FROM ${from} WHERE ${allOf(conditions)} ORDER BY ${by} ${limit}`
    const some = numbers(db, sql, conditions)
    if (some.length === 0 && behind > 0) behind -= sizeOf(walked, part)
    else behind = 0
    for (const id of some) ids.push(id)
  }
  return ids
}

/** Where a part's fields are found: those of a group that has few by themselves, or nowhere. */
function placed(passing: Passing, part: Part): { from: string | null; conditions: Condition[] } {
  const few = part.group && passing.fewWith(part.group)
  return few
    ? {
        from: few.length ? 'fields f NOT INDEXED' : null,
        conditions: [among(few), ...passing.conditions, ...part.conditions]
      }
    : { from: `fields f INDEXED BY ${part.index}`, conditions: [...passing.conditions, ...part.conditions] }
}

function sizeOf({ db, passing }: Walked, part: Part, besides: Condition[] = []): number {
  const { from, conditions: all } = placed(passing, part)
  if (!from) return 0
  const conditions = [...all, ...besides]
  const sql = `SELECT count(*) FROM ${from} WHERE ${allOf(conditions)}`
  return memo(db, ['size', passing.about, part, besides], () => numbers(db, sql, conditions)[0]!)
}

/** Where a field stands, whether it passes or not. */
function spot(db: ReadOnlyDatabase, parts: readonly Part[], id: number): { part: number; values: number[] } | null {
  const row = reading<[number], { confidence: number | null; position: number; differs: number }>(
    db,
    'SELECT confidence, position, differs FROM fields WHERE id = ?'
  ).get(id)
  if (!row) return null
  const part = parts.findIndex(({ conditions }) =>
    conditions.every(
      ([sql]) =>
        sql === `+f.differs = ${row.differs}` ||
        sql === (row.confidence === null ? 'f.confidence IS NULL' : 'f.confidence IS NOT NULL')
    )
  )
  return { part, values: parts[part]!.columns.map((column) => (column === 'id' ? id : row[column]!)) }
}

const beyond = ({ columns }: Part, values: number[], descending: boolean): Condition => [
  `(${columns.map((column) => `f.${column}`).join(', ')}) ${descending ? '<' : '>'} (${columns.map(() => '?').join(', ')})`,
  ...values
]

function passes(db: ReadOnlyDatabase, { conditions }: Passing, id: number): boolean {
  const all: Condition[] = [['f.id = ?', id], ...conditions]
  return numbers(db, `SELECT f.id FROM fields f NOT INDEXED WHERE ${allOf(all)}`, all).length > 0
}

const numbers = (db: ReadOnlyDatabase, sql: string, conditions: readonly Condition[]): number[] =>
  numbersOf(db, sql, valuesOf(conditions))

/** Fields that are looked up one by one at most, so that the first of a random order are found without the others. */
const lookedUpAtMost = 20_000

function randomLine(db: ReadOnlyDatabase, passing: Passing, seed: number): Line {
  const { total, few } = passing
  const all = (): Line =>
    memo(db, ['random', seed, passing.about], () => {
      const { from, conditions } = passing.source
      const found = numbers(db, `SELECT f.id FROM ${from} WHERE ${allOf(conditions)}`, conditions)
      return knownLine(shuffle(found, seed), passing.passing)
    })
  const last = lastFieldId(db)
  /** The first so many from a place on; null: that would be a look at too many. */
  const begin = (atMost: number, place = 0): number[] | null => {
    const share = (1.2 * atMost) / total
    if (few || total === 0 || (passing.may ? share > 1 : share * last > lookedUpAtMost)) return null
    const ids: number[] = []
    for (const some of shuffledNumbers(last, seed, share, place)) {
      const candidates = passing.may ? some.filter(passing.may) : some
      const passed = [...passing.conditions, among(candidates)]
      const found = new Set(numbers(db, `SELECT f.id FROM fields f NOT INDEXED WHERE ${allOf(passed)}`, passed))
      for (const id of candidates) if (found.has(id)) ids.push(id)
      if (ids.length >= atMost) break
    }
    return ids.slice(0, atMost)
  }
  return {
    total,
    passing: passing.passing,
    part: (from, atMost) => (from === 0 ? begin(atMost) : null) ?? all().part(from, atMost),
    placeOf: (id) => all().placeOf(id),
    after: (id, atMost) => begin(atMost, placeIn(seed, id) + 1) ?? all().after(id, atMost)
  }
}
