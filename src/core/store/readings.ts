/** Readings: what a model read on an image; one row for each image and model, shared by all fields with these pixels. */
import type { QuarterTurns } from '../../shared/domain'
import type { EngineResult } from '../../reading/engine'
import type { Database, ReadOnlyDatabase } from './handle'
import { isShown } from './removals'
import { storeLattice } from './lattices'
import { forgetOwnReading } from './lexicons'
import { reading, writing } from './statements'

/** A place in file order. */
export interface Place {
  position: number
  id: number
}

export interface FieldToRead extends Place {
  imageId: number
  sha256: string
  page: number
  rotation: QuarterTurns
  reading: 'ok' | 'failed' | null
}

/** A model (`models.id`): the project's, which reads all fields that ask for none, or one that fields ask for. */
export interface Reader {
  modelId: number
  isProjects: boolean
}

/**
 * The next fields in file order after a place, of those that this model reads, with the state of their image's reading by it.
 * A field that was decided before its crop was cut anew is not read again, nor one that was decided on an earlier generation's reading.
 */
export function fieldsAfter(
  db: ReadOnlyDatabase,
  { modelId, isProjects }: Reader,
  after: Place,
  limit: number
): FieldToRead[] {
  return reading<[object], FieldToRead>(
    db,
    `SELECT f.position, f.id, f.image_id AS imageId, i.sha256, i.page, i.rotation, r.status AS reading
       FROM fields f JOIN images i ON i.id = f.image_id
       LEFT JOIN readings r ON r.image_id = f.image_id AND r.model_id = @modelId
       WHERE (f.position, f.id) > (@position, @id) AND ${isShown('f')} AND (f.model_id = @modelId OR (f.model_id IS NULL AND @isProjects = 1))
         AND NOT (f.decision_id IS NOT NULL AND (f.recut = 1 OR f.reading_id IS NOT r.id AND f.reading_id IS NOT NULL)) ORDER BY f.position, f.id LIMIT @limit`
  ).all({ modelId, isProjects: isProjects ? 1 : 0, position: after.position, id: after.id, limit })
}

/** A file that holds the bytes of an image, as it was when it was imported. */
export interface ImportedFile {
  folder: string
  path: string
  size: number
  modifiedMs: number
  changedMs: number | null
}

/** Files with these bytes, as far as they could be imported; also those that were missing at the last import. */
export function filesWithBytes(db: ReadOnlyDatabase, sha256: string): ImportedFile[] {
  return reading<[string], ImportedFile>(
    db,
    `SELECT roots.path AS folder, sources.path, sources.size, sources.modified_ms AS modifiedMs, sources.changed_ms AS changedMs
       FROM sources JOIN roots ON roots.id = sources.root_id
       WHERE sources.sha256 = ? AND sources.status <> 'failed' ORDER BY sources.id LIMIT 16`
  ).all(sha256)
}

/** Images of files with these bytes, as they are stored. */
export const imagesWithBytes = (
  db: ReadOnlyDatabase,
  sha256: string
): { id: number; width: number; height: number }[] =>
  reading<[string], { id: number; width: number; height: number }>(
    db,
    'SELECT id, width, height FROM images WHERE sha256 = ? AND page = 1 AND rotation = 0'
  ).all(sha256)

/** What made readings: kept with each of them. */
export interface ReadingOrigin {
  modelId: number
  runId: number | null
  provider: string
}

/**
 * Stores results whose `key` is the image's id. A failure never takes the place of what was read before. Call it in a
 * transaction, with `deriveFields` after it.
 */
export function storeReadings(
  db: Database,
  results: EngineResult[],
  { modelId, runId, provider }: ReadingOrigin
): void {
  const upsert = writing(
    db,
    `INSERT INTO readings (image_id, model_id, run_id, status, reason, text, confidence, calibrated, characters, alternatives, features, provider, read_at)
     VALUES (@imageId, @modelId, @runId, @status, @reason, @text, @confidence, @calibrated, @characters, @alternatives, @features, @provider, @readAt)
     ON CONFLICT (image_id, model_id) DO UPDATE SET run_id = excluded.run_id, status = excluded.status, reason = excluded.reason,
       text = excluded.text, confidence = excluded.confidence, calibrated = excluded.calibrated,
       characters = excluded.characters, alternatives = excluded.alternatives, features = excluded.features, provider = excluded.provider, read_at = excluded.read_at
     WHERE readings.status = 'failed' OR excluded.status = 'ok'
     RETURNING id`
  )
  const readAt = new Date().toISOString()
  for (const result of results) {
    const common = { imageId: result.key, modelId, runId, provider, readAt }
    if (result.ok) {
      const { text, confidence, characters, alternatives, features, lattice } = result
      const stored = upsert.get({
        ...common,
        status: 'ok',
        reason: null,
        text,
        confidence,
        calibrated: result.calibrated ? 1 : 0,
        characters: JSON.stringify(characters),
        alternatives: JSON.stringify(alternatives),
        features: features ? JSON.stringify(features) : null
      }) as { id: number }
      storeLattice(db, stored.id, lattice ?? null)
      forgetOwnReading(db, stored.id)
    } else {
      const nothing = {
        text: null,
        confidence: null,
        calibrated: 0,
        characters: '[]',
        alternatives: '[]',
        features: null
      }
      upsert.run({ ...common, ...nothing, status: 'failed', reason: result.reason })
    }
  }
}

/** Fields that show one of these images. */
export function fieldsOfImages(db: ReadOnlyDatabase, imageIds: number[]): number[] {
  return reading<[string], number>(db, 'SELECT id FROM fields WHERE image_id IN (SELECT value FROM json_each(?))')
    .pluck()
    .all(JSON.stringify(imageIds))
}

export interface FieldFile extends ImportedFile {
  sha256: string | null
  page: number
  rotation: QuarterTurns
  /** sha256 of the crop, a file of the project's own; null for a field that is a whole file. */
  crop: string | null
}

export const fileOfField = (db: ReadOnlyDatabase, id: number): FieldFile | undefined =>
  reading<[number], FieldFile>(
    db,
    `SELECT roots.path AS folder, sources.path, sources.size, sources.modified_ms AS modifiedMs, sources.changed_ms AS changedMs, sources.sha256,
         fields.page, fields.rotation,
         CASE WHEN fields.page_id IS NOT NULL THEN images.sha256 END AS crop
       FROM fields JOIN sources ON sources.id = fields.source_id JOIN roots ON roots.id = sources.root_id
       LEFT JOIN images ON images.id = fields.image_id WHERE fields.id = ?`
  ).get(id)
