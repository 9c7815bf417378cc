/** What figures are made of: fields and decisions in the order of their numbers, and sums over all. */
import type { DecisionKind, FieldStatus, LabelOrigin, LabelState } from '../../shared/domain'
import type { ReadOnlyDatabase } from './handle'
import { pictureColumns, type Picture } from './learnt'
import { isShown, sourceIsRemoved } from './removals'
import { reading } from './statements'
import { labellingKinds, trainingKinds } from './states'

export interface CountedField {
  id: number
  status: FieldStatus
  origin: LabelOrigin
  imported: LabelState | null
  text: string | null
  confidence: number | null
  width: number | null
  height: number | null
}

export const fieldsToCountAfter = (db: ReadOnlyDatabase, after: number, limit: number): CountedField[] =>
  reading<[number, number], CountedField>(
    db,
    `SELECT f.id, f.status, f.origin, f.imported_state AS imported, f.text, f.confidence, i.width, i.height
     FROM fields f LEFT JOIN images i ON i.id = f.image_id WHERE f.id > ? AND ${isShown('f')} ORDER BY f.id LIMIT ?`
  ).all(after, limit)

export interface StandingDecision {
  id: number
  at: string
  reviewer: string
  origin: 'person' | 'rule'
  kind: DecisionKind
}

/** Decisions that fields have now. */
export const standingDecisionsAfter = (db: ReadOnlyDatabase, after: number, limit: number): StandingDecision[] =>
  reading<[number, number], StandingDecision>(
    db,
    `SELECT d.id, d.at, d.reviewer, d.origin, d.kind FROM decisions d CROSS JOIN fields f ON f.id = d.field_id AND f.decision_id = d.id
     WHERE d.id > ? ORDER BY d.id LIMIT ?`
  ).all(after, limit)

/** On all fields that people decided on, or on those of the newest blind random sample only. */
export type On = 'decided' | 'sample'

/** Fields that a person looked at by themselves and decided on, with what a model read there. */
export const decidedAndReadAfter = (
  db: ReadOnlyDatabase,
  { model, on, after }: { model: number; on: On; after: number },
  limit: number
): (Picture & { id: number; text: string | null; reading: string })[] =>
  reading<[number, number, number], Picture & { id: number; text: string | null; reading: string }>(
    db,
    `SELECT f.id, d.text, r.text AS reading, ${pictureColumns} FROM fields f
     JOIN images i ON i.id = f.image_id JOIN sources s ON s.id = f.source_id JOIN decisions d ON d.id = f.decision_id JOIN readings r ON r.image_id = f.image_id AND r.model_id = ? AND r.status = 'ok'
     WHERE f.id > ? AND d.origin = 'person' AND d.kind IN ${trainingKinds} AND d.seen IN ('blind', 'field') ${on === 'sample' ? inSample : ''}
     ORDER BY f.id LIMIT ?`
  ).all(model, after, limit)

/** SQL: decision `d` on field `f` was made blind, for the newest sample. */
const inSample = `AND EXISTS (SELECT 1 FROM sample_fields x WHERE x.field_id = f.id AND x.sample_id =
  (SELECT max(id) FROM samples WHERE kind = 'accuracy')) AND d.seen = 'blind'`

/** The models that have read a decided field; the current one first. */
export const measurableModels = (
  db: ReadOnlyDatabase,
  current: number | null
): { id: number; name: string; hash: string }[] =>
  db
    .prepare<[number | null], { id: number; name: string; hash: string }>(
      `SELECT id, name, hash FROM models m WHERE EXISTS (SELECT 1 FROM readings WHERE model_id = m.id)
       ORDER BY (id = ?) DESC, id DESC`
    )
    .all(current)

/** Files of the project, whether they are where they were or not. */
export const countFiles = (db: ReadOnlyDatabase): number =>
  db
    .prepare<[], number>(`SELECT count(*) FROM sources s WHERE s.former = 0 AND NOT ${sourceIsRemoved('s')}`)
    .pluck()
    .get()!

export const countDecidedBy = (db: ReadOnlyDatabase, origin: 'person' | 'rule'): number =>
  db
    .prepare<[string], number>(
      'SELECT count(*) FROM fields f JOIN decisions d ON d.id = f.decision_id WHERE d.origin = ?'
    )
    .pluck()
    .get(origin)!

/** SQL: the label of `f` says what was imported. */
const isAsImported = `CASE f.imported_state WHEN 'text' THEN f.text IS f.imported ELSE f.status = f.imported_state END`

/** Of fields that a person decided and that came with a label: how many have another one now. */
export const labelsChanged = (db: ReadOnlyDatabase): { decided: number; changed: number } =>
  db
    .prepare<[], { decided: number; changed: number }>(
      `SELECT count(*) AS decided, coalesce(sum(NOT (${isAsImported})), 0) AS changed
       FROM fields f JOIN decisions d ON d.id = f.decision_id
       WHERE f.imported_state IS NOT NULL AND d.origin = 'person' AND d.kind IN ${labellingKinds} AND ${isShown('f')}`
    )
    .get()!
