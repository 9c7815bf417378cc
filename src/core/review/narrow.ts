/** What a filter asks, as SQL: by columns of the queue's indexes, or by a look at the fields; and fields that it knows itself. */
import type { Filter } from '../../shared/domain'
import type { ReadOnlyDatabase } from '../store'
import { markOfExport } from '../store/exports'
import { numbers, type Value } from '../store/numbers'
import { isShown } from '../store/removals'
import { earlierDecision, lastReopened } from '../store/reopened'
import { standingAuditId } from '../store/rules'
import { newestSample, waitingIds } from '../store/samples'
import { sought } from '../store/search'
import { readSelection } from '../store/selections'
import { decidedStates } from '../store/states'
import { placeBelow, suspectsBefore } from '../store/suspects'

/** SQL of a field `f`. */
export type Condition = [sql: string, ...values: Value[]]

export const allOf = (conditions: readonly Condition[]): string => conditions.map(([sql]) => sql).join(' AND ') || '1'
export const valuesOf = (conditions: readonly Condition[]): Value[] => conditions.flatMap(([, ...values]) => values)

/** What columns of the queue's indexes say. The unary plus keeps SQLite from leaving the order's index for another one. */
export function byColumns({
  status = 'all',
  differs,
  minConfidence,
  maxConfidence,
  origin,
  imported
}: Filter): Condition[] {
  const conditions: Condition[] = []
  if (status === 'all') conditions.push([`+${isShown('f')}`])
  else if (status === 'decided') conditions.push([`+f.status IN ${decidedStates}`])
  else conditions.push(['+f.status = ?', status])
  if (differs) conditions.push(['+f.differs = 1'])
  if (minConfidence !== undefined) conditions.push(['f.confidence >= ?', minConfidence])
  if (maxConfidence !== undefined) conditions.push(['f.confidence <= ?', maxConfidence])
  if (origin !== undefined) conditions.push(['f.origin = ?', origin])
  if (imported === 'none') conditions.push(['f.imported_state IS NULL'])
  else if (imported !== undefined) conditions.push(['f.imported_state = ?', imported])
  return conditions
}

/** What has to be looked up in the fields themselves, or beside them. */
export const byLooking = (db: ReadOnlyDatabase, filter: Filter): Condition[] => [
  ...ofForm(filter),
  ...ofLabel(filter),
  ...ofSize(filter),
  ...ofDecision(filter),
  ...ofContent(filter),
  ...sinceExport(db, filter)
]

/** Where fields come from that are sought by what was decided: most projects have fewer decisions than fields. */
export const fromDecisions = 'decisions d NOT INDEXED CROSS JOIN fields f ON f.id = d.field_id AND f.decision_id = d.id'
export const isOfDecision = (conditions: readonly Condition[]): boolean => conditions.some(([sql]) => /\bd\./.test(sql))

/** @param from where the fields come from, as `f` */
export function idsWhere(db: ReadOnlyDatabase, from: string, conditions: readonly Condition[]): number[] {
  const joins = [
    conditions.some(([sql]) => /\bi\./.test(sql)) ? 'JOIN images i ON i.id = f.image_id' : '',
    isOfDecision(conditions) && from !== fromDecisions ? 'JOIN decisions d ON d.id = f.decision_id' : ''
  ]
  return numbers(db, `SELECT f.id FROM ${from} ${joins.join(' ')} WHERE ${allOf(conditions)}`, valuesOf(conditions))
}

/** Of these fields, those that pass. */
export function passingAmong(db: ReadOnlyDatabase, ids: readonly number[], filter: Filter): Set<number> {
  const conditions = [...byColumns(filter), ...bySearch(filter), ...byLooking(db, filter)]
  return new Set(idsWhere(db, 'fields f NOT INDEXED', [among(ids), ...conditions]))
}

export const among = (ids: readonly number[]): Condition => [
  'f.id IN (SELECT value FROM json_each(?))',
  JSON.stringify(ids)
]

export const hasOwnOrder = ({ sample, selection, suspect }: Filter): boolean =>
  !!sample || selection !== undefined || suspect !== undefined

/** Fields of a filter that has an order of its own, in it; null where it has none. */
export function inOwnOrder(db: ReadOnlyDatabase, { sample, selection, suspect }: Filter): number[] | null {
  if (sample) return sampled(db, sample)
  if (selection !== undefined) return readSelection(db, selection)
  if (suspect === undefined) return null
  return suspectsBefore(db, placeBelow(db, suspect))
}

/** Of the newest sample, or of the newest standing rule's audit. */
function sampled(db: ReadOnlyDatabase, kind: 'accuracy' | 'audit'): number[] {
  if (kind === 'accuracy') {
    const sample = newestSample(db)
    return sample ? waitingIds(db, sample.id) : []
  }
  const audit = standingAuditId(db)
  return audit === undefined ? [] : waitingIds(db, audit)
}

/** A text in each field. */
export function bySearch({ search }: Filter): Condition[] {
  const text = sought(search)
  return text === null ? [] : [['instr(f.search, ?) > 0', text]]
}

/** Those of which there is something to ask for. */
const asked = (...conditions: [sql: string, value: Value | undefined][]): Condition[] =>
  conditions.flatMap(([sql, value]) => (value === undefined ? [] : [[sql, value]]))

const ofForm = ({ field }: Filter): Condition[] =>
  field === undefined ? [] : [['f.name = ?', field], ...(field === '' ? [] : [[`f.name <> ''`] as Condition])]

function ofLabel({ text, character, minLength, maxLength }: Filter): Condition[] {
  const conditions = asked(
    ['f.text = ?', text],
    ['instr(f.text, ?) > 0', character],
    ['length(f.text) >= ?', minLength],
    ['length(f.text) <= ?', maxLength]
  )
  // As the index of texts says it.
  return conditions.length ? [...conditions, ['f.text IS NOT NULL']] : []
}

export const ofSize = ({ minWidth, maxWidth, minHeight, maxHeight }: Filter): Condition[] =>
  asked(
    ['i.width >= ?', minWidth],
    ['i.width <= ?', maxWidth],
    ['i.height >= ?', minHeight],
    ['i.height <= ?', maxHeight]
  )

const ofDecision = ({ reviewer, decidedFrom, decidedTo }: Filter): Condition[] =>
  asked(['d.reviewer = ?', reviewer], ['d.at >= ?', decidedFrom], ['d.at < ?', decidedTo])

function ofContent({ reopened, doubtful }: Filter): Condition[] {
  const conditions: Condition[] = []
  if (reopened === 'last-import') conditions.push([`f.id IN (${lastReopened})`])
  if (reopened === 'all') conditions.push([`f.decision_id IS NULL AND ${earlierDecision('f')} IS NOT NULL`])
  if (doubtful)
    conditions.push([
      'f.id IN (SELECT d.field_id FROM doubts JOIN decisions d ON d.id = decision_id) AND f.decision_id IN (SELECT decision_id FROM doubts)'
    ])
  return conditions
}

/**
 * What an export would say anew: fields and labels imported, decisions that were made since and stand, those before that were undone,
 * turns, and readings where these are the label. Told by numbers, not times: a clock may jump. An export that is not known changes nothing.
 */
function sinceExport(db: ReadOnlyDatabase, { changedSinceExport }: Filter): Condition[] {
  if (changedSinceExport === undefined) return []
  const last = markOfExport(db, changedSinceExport)
  if (!last) return [['0']]
  return [
    [
      `(f.id > ? OR f.id IN (SELECT field_id FROM labels WHERE id > ?) OR f.decision_id > ?
        OR f.id IN (SELECT field_id FROM decisions WHERE id > ? AND undoes <= ?)
        OR f.id IN (SELECT field_id FROM rotations WHERE id > ?) OR (f.origin = 'reading' AND f.reading_id > ?))`,
      last.field,
      last.label,
      last.decision,
      last.decision,
      last.decision,
      last.rotation,
      last.reading
    ]
  ]
}
