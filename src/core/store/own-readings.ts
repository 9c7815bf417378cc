/** Readings as lists change them, and as the model made them. */
import type { Alternative, Character } from '../../shared/domain'
import type { Database, ReadOnlyDatabase } from './handle'
import { reading, writing } from './statements'

/** A reading by a model, with the field that shows it (the first of several with the same pixels). */
export interface RescorableReading {
  id: number
  imageId: number
  field: string
  sourceId: number
  page: number
  /** Of what was read, px: the upright crop, or its one line, `left` of which lies before it. */
  width: number
  height: number
  left: number
  /** As the model read it by itself. */
  text: string
  /** JSON. */
  alternatives: string
  /** As it is now. */
  currentText: string
}

const select = `
  SELECT r.id, r.image_id AS imageId, f.name AS field, f.source_id AS sourceId, f.page,
    coalesce(l.width, i.width) AS width, coalesce(l.height, i.height) AS height, coalesce(l.x, 0) AS left,
    coalesce(own.text, r.text) AS text, coalesce(own.alternatives, r.alternatives) AS alternatives, r.text AS currentText
  FROM readings r JOIN images i ON i.id = r.image_id
  JOIN fields f ON f.id = (SELECT min(first.id) FROM fields first WHERE first.image_id = r.image_id)
  LEFT JOIN crop_lines l ON l.image_id = r.image_id AND l.line = (
    SELECT min(line) FROM crop_lines WHERE image_id = r.image_id)
  LEFT JOIN own_readings own ON own.reading_id = r.id
  WHERE r.model_id = ? AND r.status = 'ok' AND r.image_id IN`

export const rescorableOfImages = (db: ReadOnlyDatabase, modelId: number, imageIds: number[]): RescorableReading[] =>
  reading<[number, string], RescorableReading>(db, `${select} (SELECT value FROM json_each(?))`).all(
    modelId,
    JSON.stringify(imageIds)
  )

/** Images of all fields on the pages that show one of these. */
export const imagesOnSamePages = (db: ReadOnlyDatabase, imageIds: number[]): number[] =>
  reading<[string], { id: number }>(
    db,
    `SELECT DISTINCT mate.image_id AS id FROM fields f JOIN fields mate ON mate.source_id = f.source_id AND mate.page = f.page
     WHERE f.image_id IN (SELECT value FROM json_each(?)) AND mate.image_id IS NOT NULL`
  )
    .all(JSON.stringify(imageIds))
    .map(({ id }) => id)

/** Images that this model read, in order of id. */
export const readImagesAfter = (db: ReadOnlyDatabase, modelId: number, after: number, limit: number): number[] =>
  reading<[number, number, number], { id: number }>(
    db,
    `SELECT image_id AS id FROM readings WHERE model_id = ? AND status = 'ok' AND image_id > ? ORDER BY image_id LIMIT ?`
  )
    .all(modelId, after, limit)
    .map(({ id }) => id)

export interface Rescored {
  text: string
  confidence: number
  characters: Character[]
  alternatives: Alternative[]
  features: number[]
}

/** Keeps what the model read by itself the first time. */
export function storeRescored(db: Database, readingId: number, rescored: Rescored): void {
  writing(
    db,
    `INSERT INTO own_readings (reading_id, text, confidence, characters, alternatives, features)
     SELECT id, text, confidence, characters, alternatives, features FROM readings WHERE id = ?
     ON CONFLICT (reading_id) DO NOTHING`
  ).run(readingId)
  const { text, confidence, characters, alternatives, features } = rescored
  writing(
    db,
    'UPDATE readings SET text = ?, confidence = ?, characters = ?, alternatives = ?, features = ? WHERE id = ?'
  ).run(text, confidence, JSON.stringify(characters), JSON.stringify(alternatives), JSON.stringify(features), readingId)
}

/** Gives some readings back as the model made them: their images, and whether the text was another. */
export function restoreSome(db: Database, limit: number): { imageId: number; changed: boolean }[] {
  const some = reading<[number], { id: number; imageId: number; changed: number }>(
    db,
    `SELECT own.reading_id AS id, r.image_id AS imageId, own.text <> r.text AS changed
     FROM own_readings own JOIN readings r ON r.id = own.reading_id LIMIT ?`
  ).all(limit)
  for (const { id } of some) {
    writing(
      db,
      `UPDATE readings SET (text, confidence, characters, alternatives, features) =
         (SELECT text, confidence, characters, alternatives, features FROM own_readings WHERE reading_id = readings.id) WHERE id = ?`
    ).run(id)
    writing(db, 'DELETE FROM own_readings WHERE reading_id = ?').run(id)
  }
  return some.map(({ imageId, changed }) => ({ imageId, changed: changed === 1 }))
}

/** As the model read a field by itself; null where nothing made another text of it. */
export const ownReadingOf = (db: ReadOnlyDatabase, fieldId: number): string | null =>
  reading<[number], { text: string }>(
    db,
    `SELECT own.text FROM fields f JOIN readings r ON r.id = f.reading_id JOIN own_readings own ON own.reading_id = r.id
     WHERE f.id = ? AND own.text <> r.text`
  ).get(fieldId)?.text ?? null

/** What is read in a field and in the others of its page. */
export const readingsOnPage = (
  db: ReadOnlyDatabase,
  fieldId: number
): { id: number; name: string; text: string | null }[] =>
  reading<[number], { id: number; name: string; text: string | null }>(
    db,
    `SELECT mate.id, mate.name, r.text FROM fields f JOIN fields mate ON mate.source_id = f.source_id AND mate.page = f.page
     LEFT JOIN readings r ON r.id = mate.reading_id WHERE f.id = ?`
  ).all(fieldId)

/** Readings of these models. */
export const countRead = (db: ReadOnlyDatabase, modelIds: readonly number[]): number =>
  reading<[string], number>(
    db,
    `SELECT count(*) FROM readings WHERE model_id IN (SELECT value FROM json_each(?)) AND status = 'ok'`
  )
    .pluck()
    .get(JSON.stringify(modelIds))!
