import { readCounts, type ReadOnlyDatabase } from '../store'
import { decidedSince, timesOfSingleDecisions } from '../store/acts'

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
  const decidedToday = decidedSince(db, reviewer, midnight)
  const recent = new Date(now.getTime() - memoryMs)
  const perMinute = rateOf(timesOfSingleDecisions(db, reviewer, recent, recentActs))
  const left = readCounts(db).undecided
  return {
    decidedToday: Math.max(0, decidedToday),
    perMinute,
    secondsLeft: perMinute ? Math.round((left / perMinute) * 60) : null
  }
}

/** @param times ms since 1970, newest first */
export function rateOf(times: readonly number[]): number | null {
  const gaps = times.slice(1).map((time, index) => times[index]! - time)
  const worked = gaps.filter((gap) => gap <= breakMs)
  const total = worked.reduce((sum, gap) => sum + gap, 0)
  return worked.length < enoughActs - 1 || total <= 0 ? null : (worked.length * 60_000) / total
}
