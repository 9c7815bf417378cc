/** Who holds which field, and until when. Times are in ms since 1970. */
import type { Database, ReadOnlyDatabase } from './handle'
import { reading, writing } from './statements'

export const LEASE_SECONDS = 120
/** Live at `@now`: not over, and not further ahead than a lease lasts, as after a clock that was set back. */
const live = `until > @now AND until <= @now + ${LEASE_SECONDS * 1000}`

/** A window of a person; another person's window of the same name is another one. */
interface Window {
  reviewer: string
  window: string
}

export interface Candidate {
  id: number
  /** 1: nobody holds it, or this window. */
  free: number
  decidedBy: string | null
}

/** The fields in this order, for whom they are free. */
export const candidatesOf = (
  db: ReadOnlyDatabase,
  { reviewer, window, ids }: Window & { ids: number[] },
  now: number
): Candidate[] =>
  reading<[{ ids: string; now: number; window: string; reviewer: string }], Candidate>(
    db,
    `SELECT wanted.value AS id, d.reviewer AS decidedBy,
         l.field_id IS NULL OR (l.window = @window AND l.reviewer = @reviewer) AS free
       FROM json_each(@ids) wanted JOIN fields f ON f.id = wanted.value
       LEFT JOIN leases l ON l.field_id = f.id AND ${live}
       LEFT JOIN decisions d ON d.id = f.decision_id
       ORDER BY wanted.key`
  ).all({ ids: JSON.stringify(ids), now, window, reviewer })

/** The window holds these from now on, and none that it held before. */
export function holdInstead(db: Database, { reviewer, window }: Window, ids: number[], now: number): void {
  writing(db, 'DELETE FROM leases WHERE window = ? AND reviewer = ?').run(window, reviewer)
  const insert = writing(
    db,
    `INSERT INTO leases (field_id, reviewer, window, until) VALUES (?, ?, ?, ?)
     ON CONFLICT (field_id) DO UPDATE SET reviewer = excluded.reviewer, window = excluded.window, until = excluded.until`
  )
  for (const id of ids) insert.run(id, reviewer, window, now + LEASE_SECONDS * 1000)
}

/** Fields that this person's other windows hold. */
export const heldElsewhere = (db: ReadOnlyDatabase, reviewer: string, window: string, now: number): number =>
  reading<[{ reviewer: string; window: string; now: number }], number>(
    db,
    `SELECT count(*) FROM leases WHERE reviewer = @reviewer AND window <> @window AND ${live}`
  )
    .pluck()
    .get({ reviewer, window, now })!

/** Fields that reviewers other than this one hold. */
export const heldByOthers = (db: ReadOnlyDatabase, reviewer: string, now = Date.now()): Set<number> =>
  new Set(
    reading<[{ reviewer: string; now: number }], number>(
      db,
      `SELECT field_id FROM leases WHERE reviewer <> @reviewer AND ${live}`
    )
      .pluck()
      .all({ reviewer, now })
  )

/** How many fields each reviewer holds. */
export const holdings = (db: ReadOnlyDatabase, now = Date.now()): Map<string, number> =>
  new Map(
    reading<[{ now: number }], { reviewer: string; fields: number }>(
      db,
      `SELECT reviewer, count(*) AS fields FROM leases WHERE ${live} GROUP BY reviewer`
    )
      .all({ now })
      .map(({ reviewer, fields }) => [reviewer, fields])
  )
