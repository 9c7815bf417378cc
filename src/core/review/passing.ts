/** Which fields pass a filter, as the queue walks them: found by its indexes' columns, or beforehand. */
import type { Filter } from '../../shared/domain'
import type { ReadOnlyDatabase } from '../store'
import { lastFieldId, numbers, type Value } from '../store/numbers'
import { isShown } from '../store/removals'
import { decidedAndOpen } from '../store/reopened'
import { fieldsThatSay, isInIndex } from '../store/search'
import { turn } from '../store/slices'
import { labelOrigins, shownStates } from '../store/states'
import { memo, memoAhead } from '../store/memo'
import {
  allOf,
  among,
  byColumns,
  byLooking,
  bySearch,
  fromDecisions,
  hasOwnOrder,
  idsWhere,
  isOfDecision,
  ofSize,
  valuesOf,
  type Condition
} from './narrow'

/** Fewer fields than these are put in order; of more, the order's index is walked until enough are found. */
export const fewEnough = { toSort: 20_000 }
/** A share of all fields: of more, a walk finds enough soon. */
const rare = 1 / 20

/** Fields that were found beforehand. */
interface Kept {
  size: number
  /** Where they are few: which. */
  ids: number[] | null
  /** Else: a byte for each id, from 1 on. */
  bytes: Buffer
}

interface Source {
  from: string
  conditions: Condition[]
}

export interface Passing {
  /** Tells it from others. */
  about: unknown
  /** All that a field of the queue's indexes must meet. */
  conditions: Condition[]
  /** Those that meet this as well, where it is known that they are few. */
  fewWith(besides: Condition): number[] | null
  /** Where they are few: where they are found, in no order. */
  few: Source | null
  /** Where all are found, in no order. */
  source: Source
  /** A quick look: false only where the field does not pass. Null: there is none. */
  may: ((id: number) => boolean) | null
  /** How many pass, and with those that are left out. */
  total: number
  passing: number
}

/** @param without fields that are left out */
export function passingOf(db: ReadOnlyDatabase, filter: Filter, without: ReadonlySet<number> = new Set()): Passing {
  const kept = memo(db, keptBy(filter), () => keptOf(db, filter))
  const columns = byColumns(filter)
  const conditions = kept ? [...columns, kept.ids ? among(kept.ids) : inBytes(kept.bytes)] : columns
  const all = kept?.size ?? sizeBy(db, columns)
  const few = fewOf(db, columns, kept, all)
  const source = few ?? (kept ? withBytes(sourceOf(columns), kept.bytes) : sourceOf(columns))
  const left: Condition[] = without.size
    ? [['f.id NOT IN (SELECT value FROM json_each(?))', JSON.stringify([...without])]]
    : []
  return {
    about: [filter, [...without]],
    conditions: [...conditions, ...left],
    fewWith(besides) {
      const group = [...columns, besides]
      if (isOfConfidence(columns) || (!kept && !isFew(db, sizeBy(db, group)))) return null
      return memo(db, ['few', filter, besides, fewEnough.toSort], () => {
        const { from, conditions } = kept ? withBytes(sourceOf(group), kept.bytes) : sourceOf(group)
        const sql = `SELECT f.id FROM ${from} WHERE ${allOf(conditions)} LIMIT ${fewEnough.toSort + 1}`
        const found = numbers(db, sql, valuesOf(conditions))
        return isFew(db, found.length) ? found : null
      })
    },
    few: few && { ...few, conditions: [...few.conditions, ...left] },
    source: { from: source.from, conditions: [...source.conditions, ...left] },
    may: kept && !kept.ids ? (id) => kept.bytes[id - 1] === 1 : null,
    passing: all,
    total: without.size ? all - countAmong(db, conditions, [...without]) : all
  }
}

const withBytes = ({ from, conditions }: Source, bytes: Buffer): Source => ({
  from,
  conditions: [...conditions, inBytes(bytes)]
})

const inBytes = (bytes: Buffer): Condition => [`substr(?, f.id, 1) = x'01'`, bytes]

const keptBy = (filter: Filter): unknown[] => ['kept', filter, fewEnough.toSort]

/** Fields that are looked at at a time: some ms, and more from a cold disk. */
export const lookedAt = { fields: 10_000 }

/**
 * A letter is in no index, and from a cold disk all fields take long. They are looked at in parts, so that nobody else waits: then `passingOf`
 * knows what it asks for, or at least has it at hand. Null: there is no need. @throws as `turn`
 */
export function lookAhead(db: ReadOnlyDatabase, filter: Filter): Promise<void> | null {
  if (isInIndex(filter.search) !== false || hasOwnOrder(filter) || imagesOf(db, filter)) return null
  const conditions = [...byColumns(filter), ...bySearch(filter), ...byLooking(db, filter)]
  return memoAhead(db, keptBy(filter), async () => {
    const last = lastFieldId(db)
    const ids: number[] = []
    for (let from = 0; from < last; from += lookedAt.fields) {
      const part: Condition = ['f.id > ? AND f.id <= ?', from, from + lookedAt.fields]
      for (const id of idsWhere(db, 'fields f NOT INDEXED', [part, ...conditions])) ids.push(id)
      await turn(db)
    }
    return keep(ids)
  })
}

/** All that pass, where a filter asks more than the queue's indexes know, or where they are few; else null. */
function keptOf(db: ReadOnlyDatabase, filter: Filter): Kept | null {
  const looked = byLooking(db, filter)
  const said = fieldsThatSay(db, filter.search)
  const columns = byColumns(filter)
  if (Array.isArray(said)) {
    const isAll = looked.length === 0 && columns.length === 1 && (filter.status ?? 'all') === 'all'
    if (isAll) return keep(said)
    if (said.length <= fewEnough.toSort)
      return keep(idsWhere(db, 'fields f NOT INDEXED', [among(said), ...columns, ...looked]))
    const { from, conditions } = looked.length
      ? { from: 'fields f NOT INDEXED', conditions: columns }
      : sourceOf(columns)
    return keep(idsWhere(db, from, [...conditions, inBytes(bytesOf(said)), ...looked]))
  }
  const asked = [...(said === 'all' ? [] : bySearch(filter)), ...looked]
  const images = imagesOf(db, filter)
  if (images) {
    const conditions: Condition[] = [['f.image_id IN (SELECT value FROM json_each(?))', JSON.stringify(images)]]
    return keep(idsWhere(db, 'fields f INDEXED BY fields_by_image', [...conditions, ...columns, ...asked]))
  }
  if (asked.length) {
    const index = indexFor([...columns, ...asked])
    if (asked.every(([sql]) => sql.startsWith('d.'))) return keep(idsByDecision(db, asked, columns))
    const soonest: Condition[] = filter.reopened === 'all' ? [[`f.id IN (${decidedAndOpen})`]] : []
    const from = index ? `fields f INDEXED BY ${index}` : isOfDecision(looked) ? fromDecisions : 'fields f NOT INDEXED'
    return keep(idsWhere(db, from, [...soonest, ...columns, ...asked]))
  }
  return null
}

/** Where nothing is asked but what decisions say: these first, and then which fields they count for, without a look at each. */
function idsByDecision(db: ReadOnlyDatabase, asked: readonly Condition[], columns: readonly Condition[]): number[] {
  const decisions = numbers(db, `SELECT d.id FROM decisions d NOT INDEXED WHERE ${allOf(asked)}`, valuesOf(asked))
  const among: Condition = [`f.decision_id IS NOT NULL AND substr(?, f.decision_id, 1) = x'01'`, bytesOf(decisions)]
  return idsWhere(db, 'fields f INDEXED BY fields_by_decision', [among, ...columns])
}

/** Of the size that a filter asks for, where they are few; else null. */
function imagesOf(db: ReadOnlyDatabase, filter: Filter): number[] | null {
  const size = ofSize(filter)
  if (!size.length) return null
  const sql = `SELECT i.id FROM images i WHERE ${allOf(size)} LIMIT ${fewEnough.toSort + 1}`
  const found = numbers(db, sql, valuesOf(size))
  return found.length > fewEnough.toSort ? null : found
}

/** Where all that is asked is in one index of those of a text or of a form's field. */
function indexFor(conditions: readonly Condition[]): string | null {
  const columns = new Set(conditions.flatMap(([sql]) => [...sql.matchAll(/\b[a-z]\.(\w+)/g)].map(([, name]) => name!)))
  for (const state of ['status', 'differs', 'origin', 'imported_state']) columns.delete(state)
  if (columns.size !== 1) return null
  return columns.has('text') ? 'fields_by_text' : columns.has('name') ? 'fields_by_form_field' : null
}

const keep = (ids: number[]): Kept => {
  const few = ids.length <= fewEnough.toSort
  return { size: ids.length, ids: few ? ids : null, bytes: few ? Buffer.alloc(0) : bytesOf(ids) }
}

function bytesOf(ids: readonly number[]): Buffer {
  let last = 0
  for (const id of ids) if (id > last) last = id
  const bytes = Buffer.alloc(last)
  for (const id of ids) bytes[id - 1] = 1
  return bytes
}

/** Where they are few: by the index that finds them at once. */
function fewOf(db: ReadOnlyDatabase, columns: readonly Condition[], kept: Kept | null, size: number): Source | null {
  if (kept) return kept.ids && { from: 'fields f NOT INDEXED', conditions: [among(kept.ids)] }
  return isFew(db, size) ? sourceOf(columns) : null
}

/** Few enough to be put in order, and so few that a walk would find enough late. */
const isFew = (db: ReadOnlyDatabase, size: number): boolean =>
  size <= fewEnough.toSort && size <= rare * count(db, 'SELECT coalesce(sum(count), 0) FROM tallies')

/** From where fields that meet these are had soonest, in no order. */
function sourceOf(columns: readonly Condition[]): Source {
  const by = (index: string): string => `fields f INDEXED BY ${index}`
  if (isOfConfidence(columns)) return { from: by('fields_by_confidence'), conditions: [...columns] }
  const sought: Condition[] = columns.map(([sql, ...values]) =>
    sql === `+${isShown('f')}` ? [`f.status IN ${shownStates}`] : [sql.replace('+', ''), ...values]
  )
  // Each column before the one that is asked for says all that it can be: then the index is sought in, and not walked.
  if (columns.some(([sql]) => /f\.(origin|imported_state) /.test(sql))) {
    if (!columns.some(([sql]) => sql.includes('f.differs '))) sought.push(['f.differs IN (0, 1)'])
    if (!columns.some(([sql]) => sql.includes('f.origin '))) sought.push([`f.origin IN ${labelOrigins}`])
  }
  return { from: by('fields_by_status'), conditions: [['f.id > 0'], ...sought] }
}

const isOfConfidence = (columns: readonly Condition[]): boolean =>
  columns.some(([sql]) => sql.startsWith('f.confidence'))

/** What follows from state and difference alone is known already. */
const isTallied = (columns: readonly Condition[]): boolean =>
  columns.every(([sql]) => /^\+?f\.(status|differs) /.test(sql))

/** How many meet conditions on columns of the queue's indexes. */
const sizeBy = (db: ReadOnlyDatabase, columns: readonly Condition[]): number =>
  memo(db, ['count', columns], () => {
    if (isTallied(columns))
      return count(db, `SELECT coalesce(sum(f.count), 0) FROM tallies f WHERE ${allOf(columns)}`, ...valuesOf(columns))
    const { from, conditions } = sourceOf(columns)
    return count(db, `SELECT count(*) FROM ${from} WHERE ${allOf(conditions)}`, ...valuesOf(conditions))
  })

function countAmong(db: ReadOnlyDatabase, conditions: readonly Condition[], ids: number[]): number {
  const all = [among(ids), ...conditions]
  return count(db, `SELECT count(*) FROM fields f NOT INDEXED WHERE ${allOf(all)}`, ...valuesOf(all))
}

const count = (db: ReadOnlyDatabase, sql: string, ...values: Value[]): number => numbers(db, sql, values)[0]!
