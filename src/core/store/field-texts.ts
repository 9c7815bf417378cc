/** What is written in the fields of one name on the form. */
import type { ReadOnlyDatabase } from './handle'
import { isShown } from './removals'
import { reading } from './statements'

/** @returns `modelId`: of the reader that its template names; null: the project's */
export const nameAndModelOf = (
  db: ReadOnlyDatabase,
  id: number
): { name: string; modelId: number | null } | undefined =>
  reading<[number], { name: string; modelId: number | null }>(
    db,
    'SELECT name, model_id AS modelId FROM fields WHERE id = ?'
  ).get(id)

/** What people said and what was imported of fields of this name. @param most decisions, newest first, and fields that are looked at */
export const textsOfName = (db: ReadOnlyDatabase, name: string, most: number): string[] =>
  reading<{ name: string; most: number }[], string>(
    db,
    `SELECT d.text FROM (SELECT id, field_id, text FROM decisions WHERE origin = 'person' AND text IS NOT NULL ORDER BY id DESC LIMIT @most) d
       JOIN fields f ON f.id = d.field_id AND f.decision_id = d.id WHERE f.name = @name
     UNION ALL
     SELECT f.imported FROM (SELECT name, imported, imported_state FROM fields ORDER BY id LIMIT @most) f
       WHERE f.name = @name AND f.imported_state = 'text'`
  )
    .pluck()
    .all({ name, most })

/** The names of all fields, in the order in which they come. */
export const namesOnForms = (db: ReadOnlyDatabase): string[] =>
  reading<[], string>(
    db,
    `SELECT name FROM fields WHERE ${isShown('fields')} GROUP BY name ORDER BY min(place), min(position), name`
  )
    .pluck()
    .all()

/** Every text that a field has, and how many have it. */
export const allTexts = (db: ReadOnlyDatabase): { text: string; fields: number }[] =>
  reading<[], { text: string; fields: number }>(
    db,
    `SELECT text, count(*) AS fields FROM fields WHERE text IS NOT NULL AND text <> '' GROUP BY text`
  ).all()

export interface FieldToComplete {
  name: string
  readingId: number | null
  alternatives: string | null
  manifest: string | null
  /** Of the reader that it belongs to. */
  readerId: number | null
}

/** What the completion of a field goes by. */
export const fieldToComplete = (db: ReadOnlyDatabase, id: number): FieldToComplete | undefined =>
  reading<[number], FieldToComplete>(
    db,
    `SELECT f.name, f.reading_id AS readingId, r.alternatives, m.manifest,
         coalesce(m.reader_id, m.id) AS readerId
       FROM fields f LEFT JOIN readings r ON r.id = f.reading_id LEFT JOIN models m ON m.id = r.model_id WHERE f.id = ?`
  ).get(id)
