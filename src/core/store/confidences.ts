/** Readings with what people decided on them: what a calibration is fitted to. */
import type { DecisionKind } from '../../shared/states'
import type { ReadOnlyDatabase } from './handle'
import { pictureColumns, type Picture } from './learnt'
import { labellingKinds } from './states'
import { reading } from './statements'

export interface DecidedReading extends Picture {
  decision: number
  field: number
  modelId: number
  kind: DecisionKind
  label: string | null
  text: string
  confidence: number
  /** JSON, or null where none was kept. */
  features: string | null
  /** 1: of the blind random sample. */
  sampled: number
}

/** What people (not rules) decided last on fields that they looked at by themselves, before this decision, newest first. */
export const decidedBefore = (db: ReadOnlyDatabase, before: number, limit: number): DecidedReading[] =>
  reading<[number, number], DecidedReading>(
    db,
    `SELECT f.id AS field, r.model_id AS modelId, ${pictureColumns}, d.id AS decision, d.kind, d.text AS label, r.text, coalesce(r.confidence, 0) AS confidence, r.features,
       d.seen = 'blind' AS sampled
     FROM decisions d CROSS JOIN fields f ON f.id = d.field_id AND f.decision_id = d.id JOIN readings r ON r.id = f.reading_id
       JOIN images i ON i.id = f.image_id JOIN sources s ON s.id = f.source_id
     WHERE d.id < ? AND d.origin = 'person' AND d.seen IN ('blind', 'field') AND d.kind IN ${labellingKinds} AND coalesce(f.blank, 0) < 0.5 ORDER BY d.id DESC LIMIT ?`
  ).all(before, limit)

/** Fields with a reading, a page at a time. */
export const readFieldsAfter = (db: ReadOnlyDatabase, after: number, limit: number): number[] =>
  reading<[number, number], number>(
    db,
    'SELECT id FROM fields WHERE id > ? AND reading_id IS NOT NULL ORDER BY id LIMIT ?'
  )
    .pluck()
    .all(after, limit)

/** Whether a model's own confidences are calibrated. */
export const saysProbabilities = (db: ReadOnlyDatabase, model: number | null): boolean =>
  db
    .prepare<[number | null], number>(`SELECT calibrated FROM readings WHERE model_id = ? AND status = 'ok' LIMIT 1`)
    .pluck()
    .get(model) === 1

/** Whether the confidences that fields show were calibrated when they were read. */
export const isCalibrated = (db: ReadOnlyDatabase): boolean =>
  db
    .prepare<[], number>(
      `SELECT r.calibrated FROM fields f INDEXED BY fields_by_confidence JOIN readings r ON r.id = f.reading_id
       WHERE f.confidence IS NOT NULL LIMIT 1`
    )
    .pluck()
    .get() === 1
