/** Rounds of second keying: what was drawn, what a second person said, what settled a difference. */
import type { DecisionKind, LabelState } from '../../shared/states'
import type { Database, ReadOnlyDatabase } from './handle'
import { labellingKinds } from './states'
import { reading, writing } from './statements'

/** A decided field that a round may draw. */
export interface Candidate {
  fieldId: number
  decisionId: number
}

export interface StoredRound {
  id: number
  name: string
  startedBy: string
  startedAt: string
  closedAt: string | null
  fields: number
}

/** The latest second key of a field beside the decision that it is compared to, and what settled the two. */
export interface KeyRow {
  keyId: number
  roundId: number
  fieldId: number
  firstKind: DecisionKind
  firstText: string | null
  firstBy: string
  firstAt: string
  kind: LabelState
  text: string | null
  reviewer: string
  at: string
  settledKind: LabelState | null
  settledText: string | null
  settledBy: string | null
  settledAt: string | null
}

/** Fields that a person decided and that no open round holds. `null`: any. */
export const drawableFields = (
  db: ReadOnlyDatabase,
  wanted: { reviewers: readonly string[] | null; corrected: boolean; maxConfidence: number | null }
): Candidate[] =>
  reading<[Record<string, unknown>], Candidate>(
    db,
    `SELECT f.id AS fieldId, d.id AS decisionId FROM fields f JOIN decisions d ON d.id = f.decision_id
     WHERE d.origin = 'person' AND d.kind IN ${labellingKinds}
       AND (@reviewers IS NULL OR d.reviewer IN (SELECT value FROM json_each(@reviewers)))
       AND (@corrected = 0 OR d.kind = 'corrected')
       AND (@maxConfidence IS NULL OR f.confidence IS NULL OR f.confidence <= @maxConfidence)
       AND NOT EXISTS (SELECT 1 FROM round_fields rf JOIN rounds r ON r.id = rf.round_id
                       WHERE rf.field_id = f.id AND r.closed_at IS NULL)
     ORDER BY f.id`
  ).all({
    reviewers: wanted.reviewers && JSON.stringify(wanted.reviewers),
    corrected: wanted.corrected ? 1 : 0,
    maxConfidence: wanted.maxConfidence
  })

/** Within a transaction. @returns its number */
export function insertRound(
  db: Database,
  round: { name: string; reviewer: string; parameters: unknown },
  drawn: readonly Candidate[]
): number {
  const { lastInsertRowid } = writing(
    db,
    'INSERT INTO rounds (name, started_by, started_at, parameters) VALUES (?, ?, ?, ?)'
  ).run(round.name, round.reviewer, new Date().toISOString(), JSON.stringify(round.parameters))
  const insert = writing(db, 'INSERT INTO round_fields (round_id, field_id, decision_id, position) VALUES (?, ?, ?, ?)')
  drawn.forEach(({ fieldId, decisionId }, position) => insert.run(lastInsertRowid, fieldId, decisionId, position))
  return Number(lastInsertRowid)
}

export const readRounds = (db: ReadOnlyDatabase): StoredRound[] =>
  reading<[], StoredRound>(
    db,
    `SELECT r.id, r.name, r.started_by AS startedBy, r.started_at AS startedAt, r.closed_at AS closedAt,
       (SELECT count(*) FROM round_fields WHERE round_id = r.id) AS fields
     FROM rounds r ORDER BY r.id DESC`
  ).all()

export const readRound = (db: ReadOnlyDatabase, round: number): { closedAt: string | null } | undefined =>
  reading<[number], { closedAt: string | null }>(db, 'SELECT closed_at AS closedAt FROM rounds WHERE id = ?').get(round)

/** @returns whether it was open */
export const markClosed = (db: Database, round: number): boolean =>
  writing(db, 'UPDATE rounds SET closed_at = ? WHERE id = ? AND closed_at IS NULL').run(new Date().toISOString(), round)
    .changes > 0

/** Of one round, or of all. */
export const readLatestKeys = (db: ReadOnlyDatabase, round: number | null): KeyRow[] =>
  reading<[{ round: number | null }], KeyRow>(
    db,
    `SELECT k.id AS keyId, k.round_id AS roundId, k.field_id AS fieldId, d.kind AS firstKind, d.text AS firstText,
       d.reviewer AS firstBy, d.at AS firstAt, k.kind, k.text, k.reviewer, k.at,
       a.kind AS settledKind, a.text AS settledText, a.reviewer AS settledBy, a.at AS settledAt
     FROM second_keys k JOIN round_fields rf ON rf.round_id = k.round_id AND rf.field_id = k.field_id
     JOIN decisions d ON d.id = rf.decision_id LEFT JOIN adjudications a ON a.second_key_id = k.id
     WHERE (@round IS NULL OR k.round_id = @round)
       AND k.id = (SELECT max(id) FROM second_keys WHERE round_id = k.round_id AND field_id = k.field_id)
     ORDER BY k.id`
  ).all({ round })

/** Fields of a round that nobody has keyed yet; `own`: it was this reviewer who decided it first. */
export const leftToKey = (db: ReadOnlyDatabase, round: number, reviewer: string): { id: number; own: number }[] =>
  reading<[{ round: number; reviewer: string }], { id: number; own: number }>(
    db,
    `SELECT rf.field_id AS id, d.reviewer = @reviewer AS own FROM round_fields rf JOIN decisions d ON d.id = rf.decision_id
     WHERE rf.round_id = @round
       AND NOT EXISTS (SELECT 1 FROM second_keys k WHERE k.round_id = rf.round_id AND k.field_id = rf.field_id)
     ORDER BY rf.position`
  ).all({ round, reviewer })

export const fieldsOfRound = (db: ReadOnlyDatabase, round: number): Set<number> =>
  new Set(
    reading<[number], { id: number }>(db, 'SELECT field_id AS id FROM round_fields WHERE round_id = ?')
      .all(round)
      .map(({ id }) => id)
  )

/** Who decided a round's field first, and who keyed it last. */
export const keyersOf = (
  db: ReadOnlyDatabase,
  round: number,
  field: number
): { first: string; second: string | null } | undefined =>
  reading<[number, number], { first: string; second: string | null }>(
    db,
    `SELECT d.reviewer AS first, (SELECT k.reviewer FROM second_keys k
        WHERE k.round_id = rf.round_id AND k.field_id = rf.field_id ORDER BY k.id DESC LIMIT 1) AS second
     FROM round_fields rf JOIN decisions d ON d.id = rf.decision_id WHERE rf.round_id = ? AND rf.field_id = ?`
  ).get(round, field)

/** The key that a window sent under this name. */
export const keyOfRequest = (
  db: ReadOnlyDatabase,
  reviewer: string,
  request: string
): { round: number; id: number } | undefined =>
  reading<[string, string], { round: number; id: number }>(
    db,
    'SELECT round_id AS round, field_id AS id FROM second_keys WHERE reviewer = ? AND request = ?'
  ).get(reviewer, request)

interface Said {
  kind: LabelState
  text: string | null
  reviewer: string
}

export const insertKey = (
  db: Database,
  { round, field, kind, text, reviewer, request }: Said & { round: number; field: number; request: string | null }
): void =>
  void writing(
    db,
    'INSERT INTO second_keys (round_id, field_id, kind, text, reviewer, at, request) VALUES (?, ?, ?, ?, ?, ?, ?)'
  ).run(round, field, kind, text, reviewer, new Date().toISOString(), request)

export const roundOfKey = (db: ReadOnlyDatabase, key: number): number | undefined =>
  reading<[number], { round: number }>(db, 'SELECT round_id AS round FROM second_keys WHERE id = ?').get(key)?.round

export const insertAdjudication = (
  db: Database,
  { key, kind, text, reviewer, action }: Said & { key: number; action: number | null }
): void =>
  void writing(
    db,
    'INSERT INTO adjudications (second_key_id, kind, text, action_id, reviewer, at) VALUES (?, ?, ?, ?, ?, ?)'
  ).run(key, kind, text, action, reviewer, new Date().toISOString())
