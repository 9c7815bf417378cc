/** The parts of a filter that no index of the queue answers: each scans the fields once, or knows its fields itself. */
import type { Filter } from '../../shared/domain'
import { newestSample, waitingIds } from '../quality/acceptance/sample'
import type { ReadOnlyDatabase } from '../store'
import { earlierDecision, lastReopened } from '../store/reopened'
import { sought } from '../store/search'
import { placeBelow, suspectsBefore } from '../store/suspects'

type Value = string | number
/** SQL of a field `f`. */
export type Condition = [sql: string, ...values: Value[]]

/** Fields that pass, and meet these conditions as well; null where the filter asks nothing of the kind. */
export function narrowed(
  db: ReadOnlyDatabase,
  filter: Filter,
  besides: readonly Condition[] = []
): ReadonlySet<number> | null {
  const asked = [
    ...ofText(filter),
    ...ofForm(filter),
    ...ofLabel(filter),
    ...ofSize(filter),
    ...ofDecision(filter),
    ...ofContent(filter),
    ...sinceExport(db, filter)
  ]
  if (!asked.length) return null
  const conditions = [...besides, ...asked]
  const joins = [
    conditions.some(([sql]) => /\bi\./.test(sql)) ? 'JOIN images i ON i.id = f.image_id' : '',
    conditions.some(([sql]) => /\bd\./.test(sql)) ? 'JOIN decisions d ON d.id = f.decision_id' : ''
  ]
  const where = conditions.map(([sql]) => sql).join(' AND ')
  const values = conditions.flatMap(([, ...given]) => given)
  return new Set(
    db
      .prepare<Value[], number>(`SELECT f.id FROM fields f NOT INDEXED ${joins.join(' ')} WHERE ${where}`)
      .pluck()
      .all(...values)
  )
}

/** Fields of a filter that has an order of its own, in it; null where it has none. */
export function inOwnOrder(db: ReadOnlyDatabase, { sample, selection, suspect }: Filter): number[] | null {
  if (sample) return sampled(db, sample)
  if (selection !== undefined) {
    const ids = db.prepare<[number], string>('SELECT ids FROM selections WHERE id = ?').pluck().get(selection)
    return ids === undefined ? [] : (JSON.parse(ids) as number[])
  }
  if (suspect === undefined) return null
  return suspectsBefore(db, placeBelow(db, suspect))
}

/** Of the newest sample, or of the newest standing rule's audit. */
function sampled(db: ReadOnlyDatabase, kind: 'accuracy' | 'audit'): number[] {
  if (kind === 'accuracy') {
    const sample = newestSample(db)
    return sample ? waitingIds(db, sample.id) : []
  }
  const audit = db
    .prepare<[], number>(
      `SELECT s.id FROM samples s JOIN rules r ON r.id = s.rule_id WHERE r.status <> 'undone' ORDER BY s.id DESC LIMIT 1`
    )
    .pluck()
    .get()
  return audit === undefined ? [] : waitingIds(db, audit)
}

/** A search that is too short for the index of texts. */
function ofText({ search }: Filter): Condition[] {
  const text = sought(search)
  return text === null ? [] : [['instr(f.search, ?) > 0', text]]
}

const ofForm = ({ field }: Filter): Condition[] => (field === undefined ? [] : [['f.name = ?', field]])

function ofLabel({ text, character, minLength, maxLength, origin, imported }: Filter): Condition[] {
  const conditions: Condition[] = []
  if (text !== undefined) conditions.push(['f.text = ?', text])
  if (character !== undefined) conditions.push(['instr(f.text, ?) > 0', character])
  if (minLength !== undefined) conditions.push(['length(f.text) >= ?', minLength])
  if (maxLength !== undefined) conditions.push(['length(f.text) <= ?', maxLength])
  if (origin !== undefined) conditions.push(['f.origin = ?', origin])
  if (imported === 'none') conditions.push(['f.imported_state IS NULL'])
  else if (imported !== undefined) conditions.push(['f.imported_state = ?', imported])
  return conditions
}

function ofSize({ minWidth, maxWidth, minHeight, maxHeight }: Filter): Condition[] {
  const conditions: Condition[] = []
  if (minWidth !== undefined) conditions.push(['i.width >= ?', minWidth])
  if (maxWidth !== undefined) conditions.push(['i.width <= ?', maxWidth])
  if (minHeight !== undefined) conditions.push(['i.height >= ?', minHeight])
  if (maxHeight !== undefined) conditions.push(['i.height <= ?', maxHeight])
  return conditions
}

function ofDecision({ reviewer, decidedFrom, decidedTo }: Filter): Condition[] {
  const conditions: Condition[] = []
  if (reviewer !== undefined) conditions.push(['d.reviewer = ?', reviewer])
  if (decidedFrom !== undefined) conditions.push(['d.at >= ?', decidedFrom])
  if (decidedTo !== undefined) conditions.push(['d.at < ?', decidedTo])
  return conditions
}

function ofContent({ reopened, doubtful }: Filter): Condition[] {
  const conditions: Condition[] = []
  if (reopened === 'last-import') conditions.push([`f.id IN (${lastReopened})`])
  if (reopened === 'all') conditions.push([`f.decision_id IS NULL AND ${earlierDecision('f')} IS NOT NULL`])
  if (doubtful) conditions.push(['f.decision_id IN (SELECT decision_id FROM doubts)'])
  return conditions
}

/**
 * What an export would say anew: fields and labels imported, decisions made or undone, turns, and readings where these are
 * the label. Told by numbers, not times: a clock may jump. An export that is not known changes nothing.
 */
function sinceExport(db: ReadOnlyDatabase, { changedSinceExport }: Filter): Condition[] {
  if (changedSinceExport === undefined) return []
  const last = db
    .prepare<[number], { field: number; label: number; decision: number; rotation: number; reading: number }>(
      `SELECT last_field AS field, last_label AS label, last_decision AS decision, last_rotation AS rotation,
         last_reading AS reading FROM exports WHERE id = ?`
    )
    .get(changedSinceExport)
  if (!last) return [['0']]
  return [
    [
      `(f.id > ? OR f.id IN (SELECT field_id FROM labels WHERE id > ?) OR f.id IN (SELECT field_id FROM decisions WHERE id > ?)
        OR f.id IN (SELECT field_id FROM rotations WHERE id > ?) OR (f.origin = 'reading' AND f.reading_id > ?))`,
      last.field,
      last.label,
      last.decision,
      last.rotation,
      last.reading
    ]
  ]
}
