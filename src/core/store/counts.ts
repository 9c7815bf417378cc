import type { Counts } from '../../shared/domain'
import { fieldStatuses, type FieldStatus } from '../../shared/states'
import type { ReadOnlyDatabase } from './handle'
import { isShown } from './removals'
import { lastReopened } from './reopened'
import { reading } from './statements'

interface Tally {
  status: FieldStatus
  differs: number
  read: number
  count: number
}

/** From the tallies that triggers keep: a few microseconds at any number of fields. */
export function readCounts(db: ReadOnlyDatabase): Counts {
  const counts: Counts = {
    total: 0,
    ...(Object.fromEntries(fieldStatuses.map((status) => [status, 0])) as Record<FieldStatus, number>),
    read: 0,
    differs: 0,
    ...readDoubts(db)
  }
  const tallies = reading<[], Tally>(
    db,
    `SELECT status, differs, read, count FROM tallies WHERE count <> 0 AND ${isShown('tallies')}`
  ).all()
  for (const { status, differs, read, count } of tallies) {
    counts.total += count
    counts[status] += count
    if (read) counts.read += count
    if (differs && status === 'undecided') counts.differs += count
  }
  return counts
}

/** Few as a rule, so that they are looked up one by one (a CROSS JOIN keeps its order); absent where there are none. */
function readDoubts(db: ReadOnlyDatabase): Pick<Counts, 'reopened' | 'doubtful'> {
  const { reopened, doubtful } = reading<[], { reopened: number; doubtful: number }>(
    db,
    `SELECT (SELECT count(*) FROM fields WHERE id IN (${lastReopened}) AND status = 'undecided') AS reopened,
       (SELECT count(*) FROM doubts x CROSS JOIN decisions d ON d.id = x.decision_id CROSS JOIN fields f ON f.id = d.field_id
          WHERE f.decision_id = d.id) AS doubtful`
  ).get()!
  return { ...(reopened ? { reopened } : {}), ...(doubtful ? { doubtful } : {}) }
}
