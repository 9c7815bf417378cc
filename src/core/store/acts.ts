/** What reviewers did: their acts as they can be taken back, and how fast they go. */
import type { ReadOnlyDatabase } from './handle'
import { reading } from './statements'

export interface Act {
  id: number
  at: string
  /** Of its decisions; null where they are of several kinds. */
  kind: string | null
  size: number
  field: number | null
  file: string | null
  text: string | null
}

export interface Work {
  name: string
  decided: number
  decidedToday: number
  lastAt: string
}

/** From this act down, along the acts beneath. */
export const stack = (db: ReadOnlyDatabase, top: number | null, limit = -1): number[] =>
  reading<[number | null, number], { id: number }>(
    db,
    `WITH RECURSIVE stack (id) AS (
       SELECT id FROM actions WHERE id = ? UNION ALL
       SELECT below.id FROM stack JOIN actions top ON top.id = stack.id JOIN actions below ON below.id = top.below_id LIMIT ?)
     SELECT id FROM stack`
  )
    .all(top, limit)
    .map(({ id }) => id)

export const readAct = (db: ReadOnlyDatabase, id: number): Act =>
  reading<[number], Act>(
    db,
    `SELECT a.id, a.at, max(a.size, count(DISTINCT t.id)) AS size, f.id AS field, s.path AS file,
       CASE WHEN t.id IS NOT NULL THEN 'rotated' WHEN count(DISTINCT d.kind) = 1 THEN min(d.kind) END AS kind,
       CASE WHEN t.id IS NOT NULL THEN (t.turns * 90) || '°' ELSE f1.text END AS text
     FROM actions a LEFT JOIN decisions d ON d.action_id = a.id
     LEFT JOIN rotations t ON t.id = (SELECT min(id) FROM rotations WHERE action_id = a.id)
     LEFT JOIN decisions f1 ON f1.id = (SELECT min(id) FROM decisions WHERE action_id = a.id)
     LEFT JOIN fields f ON f.id = coalesce(f1.field_id, t.field_id) LEFT JOIN sources s ON s.id = f.source_id
     WHERE a.id = ? GROUP BY a.id`
  ).get(id)!

/** What an action adds to the fields that its reviewer has decided: what was undone is taken off. */
const netDecided = `CASE kind WHEN 'undo' THEN -size ELSE size END`

/** Fields that a reviewer has decided since. */
export const decidedSince = (db: ReadOnlyDatabase, reviewer: string, since: Date): number =>
  reading<[string, string], number>(
    db,
    `SELECT coalesce(sum(${netDecided}), 0) FROM actions WHERE reviewer = ? AND at >= ?`
  )
    .pluck()
    .get(reviewer, since.toISOString())!

/** ms since 1970, newest first. */
export const timesOfSingleDecisions = (db: ReadOnlyDatabase, reviewer: string, since: Date, limit: number): number[] =>
  reading<[string, string, number], string>(
    db,
    `SELECT at FROM actions WHERE reviewer = ? AND at >= ? AND kind = 'decide' AND size = 1 ORDER BY at DESC LIMIT ?`
  )
    .pluck()
    .all(reviewer, since.toISOString(), limit)
    .map((at) => Date.parse(at))

/** Of everybody who has decided something. @param midnight ISO, from when on it is today */
export const workOfReviewers = (db: ReadOnlyDatabase, midnight: string): Work[] =>
  reading<[string], Work>(
    db,
    `SELECT reviewer AS name, sum(${netDecided}) AS decided, max(0, sum(iif(at >= ?, ${netDecided}, 0))) AS decidedToday, max(at) AS lastAt
     FROM actions GROUP BY reviewer`
  ).all(midnight)
