import type { Counts, FieldStatus } from '../../shared/domain'
import type { ReadOnlyDatabase } from './handle'

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
    undecided: 0,
    accepted: 0,
    corrected: 0,
    blank: 0,
    illegible: 0,
    flagged: 0,
    failed: 0,
    read: 0,
    differs: 0
  }
  const tallies = db.prepare<[], Tally>('SELECT status, differs, read, count FROM tallies WHERE count <> 0').all()
  for (const { status, differs, read, count } of tallies) {
    counts.total += count
    counts[status] += count
    if (read) counts.read += count
    if (differs && status === 'undecided') counts.differs += count
  }
  return counts
}
