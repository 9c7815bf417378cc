import { readCounts, type ReadOnlyDatabase } from '../store'

/** Acts that the rate is taken from. */
const recentActs = 60
/** A longer time between two acts is a break, not work. */
const breakMs = 60_000
/** Older acts say nothing of how fast it goes now. */
const memoryMs = 30 * 60_000
const enoughActs = 5

export interface Pace {
  decidedToday: number
  perMinute: number | null
  secondsLeft: number | null
}

/**
 * How fast a reviewer goes: decisions since midnight (local time; undone ones taken off), decisions a minute over the last
 * acts on one field each, breaks left out, and what the undecided fields will take at that.
 */
export function pace(db: ReadOnlyDatabase, reviewer: string, now = new Date()): Pace {
  const midnight = new Date(now)
  midnight.setHours(0, 0, 0, 0)
  const decidedToday = db
    .prepare<[string, string], number>(
      `SELECT coalesce(sum(CASE kind WHEN 'undo' THEN -size ELSE size END), 0) FROM actions WHERE reviewer = ? AND at >= ?`
    )
    .pluck()
    .get(reviewer, midnight.toISOString())!
  const perMinute = rateOf(recentTimes(db, reviewer, now))
  const left = readCounts(db).undecided
  return {
    decidedToday: Math.max(0, decidedToday),
    perMinute,
    secondsLeft: perMinute ? Math.round((left / perMinute) * 60) : null
  }
}

/** ms since 1970, newest first. */
const recentTimes = (db: ReadOnlyDatabase, reviewer: string, now: Date): number[] =>
  db
    .prepare<[string, string, number], string>(
      `SELECT at FROM actions WHERE reviewer = ? AND at >= ? AND kind = 'decide' AND size = 1 ORDER BY at DESC LIMIT ?`
    )
    .pluck()
    .all(reviewer, new Date(now.getTime() - memoryMs).toISOString(), recentActs)
    .map((at) => Date.parse(at))

export function rateOf(times: readonly number[]): number | null {
  const gaps = times.slice(1).map((time, index) => times[index]! - time)
  const worked = gaps.filter((gap) => gap <= breakMs)
  const total = worked.reduce((sum, gap) => sum + gap, 0)
  return worked.length < enoughActs - 1 || total <= 0 ? null : (worked.length * 60_000) / total
}
