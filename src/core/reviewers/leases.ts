/** Leases: who works on a field just now. They end by themselves, so a window that dies holds nothing for long. */
import { NominaError, say } from '../../shared/failure'
import { immediate, type Database, type ReadOnlyDatabase } from '../store'

export const LEASE_SECONDS = 120
/** Fields that one person's windows hold together: some ten windows of what a window asks for ahead. */
export const MOST_HELD = 80

/** Live at `@now`: not over, and not further ahead than a lease lasts, as after a clock that was set back. */
const live = `until > @now AND until <= @now + ${LEASE_SECONDS * 1000}`

export interface LeaseRequest {
  reviewer: string
  window: string
  /** Candidates in the window's order. */
  ids: number[]
  /** How many of them it wants to hold. */
  count: number
}

export interface Leased {
  granted: number[]
  /** Held by another window, or decided by somebody else. Where a person holds as much as they may, nothing more is granted. */
  taken: number[]
}

interface Candidate {
  id: number
  /** 1: nobody, or this window of this person. Another person's window of the same name is another window. */
  free: number
  decidedBy: string | null
}

/**
 * Gives the window the first `count` of the fields that nobody else holds and nobody else has decided; what it held and
 * does not get again is free for others at once.
 * @param now ms since 1970
 */
export function lease(db: Database, request: LeaseRequest, now = Date.now()): Leased {
  const { reviewer, window, count } = request
  return immediate(db, () => {
    const candidates = db
      .prepare<[{ ids: string; now: number; window: string; reviewer: string }], Candidate>(
        `SELECT wanted.value AS id, d.reviewer AS decidedBy,
           l.field_id IS NULL OR (l.window = @window AND l.reviewer = @reviewer) AS free
         FROM json_each(@ids) wanted JOIN fields f ON f.id = wanted.value
         LEFT JOIN leases l ON l.field_id = f.id AND ${live}
         LEFT JOIN decisions d ON d.id = f.decision_id
         ORDER BY wanted.key`
      )
      .all({ ids: JSON.stringify(request.ids), now, window, reviewer })
    const most = Math.min(count, MOST_HELD - heldElsewhere(db, reviewer, window, now))
    const granted: number[] = []
    const taken: number[] = []
    for (const { id, free, decidedBy } of candidates) {
      if (granted.length >= most) break
      ;(free && (decidedBy === null || decidedBy === reviewer) ? granted : taken).push(id)
    }
    db.prepare('DELETE FROM leases WHERE window = ? AND reviewer = ?').run(window, reviewer)
    const insert = db.prepare(
      `INSERT INTO leases (field_id, reviewer, window, until) VALUES (?, ?, ?, ?)
       ON CONFLICT (field_id) DO UPDATE SET reviewer = excluded.reviewer, window = excluded.window, until = excluded.until`
    )
    for (const id of granted) insert.run(id, reviewer, window, now + LEASE_SECONDS * 1000)
    return { granted, taken }
  })
}

/** Fields that this person's other windows hold. */
const heldElsewhere = (db: ReadOnlyDatabase, reviewer: string, window: string, now: number): number =>
  db
    .prepare<[{ reviewer: string; window: string; now: number }], number>(
      `SELECT count(*) FROM leases WHERE reviewer = @reviewer AND window <> @window AND ${live}`
    )
    .pluck()
    .get({ reviewer, window, now })!

/** Fields that reviewers other than this one hold. */
export const heldByOthers = (db: ReadOnlyDatabase, reviewer: string, now = Date.now()): Set<number> =>
  new Set(
    db
      .prepare<[{ reviewer: string; now: number }], number>(
        `SELECT field_id FROM leases WHERE reviewer <> @reviewer AND ${live}`
      )
      .pluck()
      .all({ reviewer, now })
  )

/** How many fields each reviewer holds. */
export const holdings = (db: ReadOnlyDatabase, now = Date.now()): Map<string, number> =>
  new Map(
    db
      .prepare<[{ now: number }], { reviewer: string; fields: number }>(
        `SELECT reviewer, count(*) AS fields FROM leases WHERE ${live} GROUP BY reviewer`
      )
      .all({ now })
      .map(({ reviewer, fields }) => [reviewer, fields])
  )

/**
 * Those of the fields that nobody else works on.
 * @throws NominaError('conflict') where none is left: the one field, or all of them, are somebody else's just now
 */
export function notHeld(db: ReadOnlyDatabase, ids: number[], reviewer: string): number[] {
  const held = heldByOthers(db, reviewer)
  const free = held.size ? ids.filter((id) => !held.has(id)) : ids
  if (ids.length && !free.length) throw new NominaError('conflict', say('somebodyElse'))
  return free
}
