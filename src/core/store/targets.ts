/** Fields that are to be decided on, as they stand. */
import type { FieldStatus, LabelOrigin, LabelState } from '../../shared/domain'
import type { ReadOnlyDatabase } from './handle'
import { isShown } from './removals'
import { reading } from './statements'

export interface Target {
  id: number
  status: FieldStatus
  text: string | null
  origin: LabelOrigin
  importedState: LabelState | null
  differs: number
  reading: string | null
  decidedAt: string | null
  ink: number
  textAsOf: number
  /** The newest thing that was decided on it or undone, and in which act; null: nothing ever was. */
  newest: number | null
  newestAct: number | null
  newestBy: string | null
}

export const readTargets = (db: ReadOnlyDatabase, ids: readonly number[]): Target[] =>
  reading<[string], Target>(
    db,
    `SELECT f.id, f.status, f.text, f.origin, f.imported_state AS importedState, f.differs,
       CASE WHEN f.blank >= 0.5 THEN '' ELSE r.text END AS reading, own.at AS decidedAt, f.ink, f.text_as_of AS textAsOf, d.id AS newest, d.action_id AS newestAct, d.reviewer AS newestBy
     FROM json_each(?) wanted JOIN fields f ON f.id = wanted.value LEFT JOIN readings r ON r.id = f.reading_id
     LEFT JOIN decisions own ON own.id = f.decision_id
     LEFT JOIN decisions d ON d.id = (SELECT max(id) FROM decisions WHERE field_id = f.id) ORDER BY wanted.key`
  ).all(JSON.stringify(ids))

/** What can be decided on of one: its ink and text, and as of which change. */
export const shownNow = (db: ReadOnlyDatabase, id: number): Pick<Target, 'ink' | 'text' | 'textAsOf'> =>
  reading<[number], Pick<Target, 'ink' | 'text' | 'textAsOf'>>(
    db,
    'SELECT ink, text, text_as_of AS textAsOf FROM fields WHERE id = ?'
  ).get(id)!

/** The first of these that is no field, or is removed; undefined: all are there. */
export const noneShownOf = (db: ReadOnlyDatabase, ids: readonly number[]): number | undefined =>
  reading<[string], number>(
    db,
    `SELECT wanted.value FROM json_each(?) wanted
     WHERE NOT EXISTS (SELECT 1 FROM fields f WHERE f.id = wanted.value AND ${isShown('f')}) LIMIT 1`
  )
    .pluck()
    .get(JSON.stringify(ids))

/** Whether any was decided, or was read as its imported label says. */
export const someAgree = (db: ReadOnlyDatabase, ids: readonly number[]): boolean =>
  reading<[string], object>(
    db,
    `SELECT 1 FROM json_each(?) wanted JOIN fields f ON f.id = wanted.value
     WHERE f.status <> 'undecided' OR f.differs = 0 LIMIT 1`
  ).get(JSON.stringify(ids)) !== undefined

/** It is in a random sample of all fields. */
export const isSampled = (db: ReadOnlyDatabase, id: number): boolean =>
  reading<[number], object>(
    db,
    `SELECT 1 FROM sample_fields x JOIN samples s ON s.id = x.sample_id WHERE x.field_id = ? AND s.kind = 'accuracy' LIMIT 1`
  ).get(id) !== undefined
