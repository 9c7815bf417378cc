/** How a project stands: what was decided last, by one person and by the others since; what is in it. */
import type { ReadOnlyDatabase } from './handle'
import { sourceIsRemoved } from './removals'

export interface LastAct {
  at: string
  file: string
  text: string | null
}

export const lastActOf = (db: ReadOnlyDatabase, reviewer: string): LastAct | null =>
  db
    .prepare<[string], LastAct>(
      `SELECT a.at, s.path AS file, f.text FROM actions a JOIN decisions d ON d.action_id = a.id
         JOIN fields f ON f.id = d.field_id JOIN sources s ON s.id = f.source_id
         WHERE a.reviewer = ? AND a.kind = 'decide' ORDER BY a.id DESC, d.id DESC LIMIT 1`
    )
    .get(reviewer) ?? null

/** Who decided since this reviewer's last act, and how many fields stand so. */
export const othersSince = (db: ReadOnlyDatabase, reviewer: string): { reviewer: string; fields: number }[] =>
  db
    .prepare<[string, string], { reviewer: string; fields: number }>(
      `SELECT d.reviewer, count(*) AS fields FROM decisions d JOIN fields f ON f.decision_id = d.id
         WHERE d.reviewer <> ? AND d.origin = 'person'
           AND d.action_id > (SELECT coalesce(max(id), 0) FROM actions WHERE reviewer = ?)
         GROUP BY d.reviewer ORDER BY fields DESC LIMIT 5`
    )
    .all(reviewer, reviewer)

/** Fields whose text a person decided, in the order of their ids, and whether it is another than was imported or read. */
export const decidedTexts = (db: ReadOnlyDatabase): { id: number; changed: 0 | 1 }[] =>
  db
    .prepare<[], { id: number; changed: 0 | 1 }>(
      `SELECT f.id, coalesce(f.imported, r.text, '') <> f.text AS changed FROM fields f
         JOIN decisions d ON d.id = f.decision_id LEFT JOIN readings r ON r.id = f.reading_id
       WHERE d.origin = 'person' AND d.kind IN ('accepted', 'corrected') AND f.text IS NOT NULL ORDER BY f.id`
    )
    .all()

export interface SourceCounts {
  ok: number
  failed: number
  missing: number
}

export function countSources(db: ReadOnlyDatabase): SourceCounts {
  const rows = db
    .prepare<[], { status: keyof SourceCounts; count: number }>(
      `SELECT status, count(*) AS count FROM sources WHERE NOT ${sourceIsRemoved('sources')} GROUP BY status`
    )
    .all()
  return { ok: 0, failed: 0, missing: 0, ...Object.fromEntries(rows.map(({ status, count }) => [status, count])) }
}

/** Rows of labels files, and how many of them belong to a file. */
export const countLabels = (db: ReadOnlyDatabase): { rows: number; attached: number } =>
  db
    .prepare<[], { rows: number; attached: number }>('SELECT count(*) AS rows, count(field_id) AS attached FROM labels')
    .get()!

export interface LastJob {
  id: number
  kind: string
  status: string
  startedAt: string
  endedAt: string | null
  error: string | null
}

/** The newest of each kind. */
export const lastJobs = (db: ReadOnlyDatabase): LastJob[] =>
  db
    .prepare<[], LastJob>(
      `SELECT id, kind, status, started_at AS startedAt, ended_at AS endedAt, error FROM runs
       WHERE id IN (SELECT max(id) FROM runs GROUP BY kind) ORDER BY id`
    )
    .all()
