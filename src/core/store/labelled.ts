/** Fields with an imported label, as a search for wrong ones goes through them. */
import type { LabelState } from '../../shared/domain'
import type { Database, ReadOnlyDatabase } from './handle'
import { pictureColumns, type Picture } from './learnt'
import { isShown } from './removals'
import { reading, writing } from './statements'

/** One with its reading. */
export interface FieldToJudge extends Picture {
  id: number
  label: string
  state: LabelState
  modelId: number
  readingId: number
  reading: string
  /** Calibrated, as it is shown. */
  confidence: number
  differs: boolean
  /** Of a reading that differs. */
  alternatives: { text: string; probability: number }[]
}

/** A page at a time, by id. */
export const fieldsToJudgeAfter = (db: ReadOnlyDatabase, after: number, limit: number): FieldToJudge[] =>
  reading<[number, number], Omit<FieldToJudge, 'alternatives' | 'differs'> & { alternatives: string; differs: number }>(
    db,
    `SELECT f.id, f.imported AS label, f.imported_state AS state, f.differs, f.reading_id AS readingId, r.model_id AS modelId, r.text AS reading, ${pictureColumns},
       coalesce(f.confidence, 0) AS confidence, CASE WHEN f.differs THEN r.alternatives ELSE '[]' END AS alternatives
     FROM fields f JOIN readings r ON r.id = f.reading_id JOIN images i ON i.id = f.image_id JOIN sources s ON s.id = f.source_id
     WHERE f.id > ? AND f.imported_state IS NOT NULL ORDER BY f.id LIMIT ?`
  )
    .all(after, limit)
    .map((row) => ({
      ...row,
      differs: row.differs === 1,
      alternatives: JSON.parse(row.alternatives) as FieldToJudge['alternatives']
    }))

export const countJudged = (db: ReadOnlyDatabase): number =>
  reading<[], number>(db, 'SELECT count(*) FROM fields WHERE imported_state IS NOT NULL AND reading_id IS NOT NULL')
    .pluck()
    .get()!

export const countLabelled = (db: ReadOnlyDatabase): number =>
  reading<[], number>(db, `SELECT count(*) FROM fields WHERE imported_state IS NOT NULL AND ${isShown('fields')}`)
    .pluck()
    .get()!

/** Ids that tell whether anything was read or imported since; 0: never. */
export const newestReadingRun = (db: ReadOnlyDatabase): number =>
  reading<[], number>(db, `SELECT coalesce(max(id), 0) FROM runs WHERE kind = 'recognise'`).pluck().get()!
export const newestLabel = (db: ReadOnlyDatabase): number =>
  reading<[], number>(db, 'SELECT coalesce(max(id), 0) FROM labels').pluck().get()!

/** Labels as they were imported, of whatever state. */
export const importedLabelsAfter = (
  db: ReadOnlyDatabase,
  after: number,
  limit: number
): Pick<FieldToJudge, 'id' | 'label' | 'state'>[] =>
  reading<[number, number], Pick<FieldToJudge, 'id' | 'label' | 'state'>>(
    db,
    `SELECT id, imported AS label, imported_state AS state FROM fields
     WHERE id > ? AND imported_state IS NOT NULL AND ${isShown('fields')} ORDER BY id LIMIT ?`
  ).all(after, limit)

/** A labelled crop; `reading`: null where it is not read. */
export interface LabelledCrop {
  id: number
  imageId: number
  label: string
  reading: string | null
}

export const labelledCropsAfter = (db: ReadOnlyDatabase, after: number, limit: number): LabelledCrop[] =>
  reading<[number, number], LabelledCrop>(
    db,
    `SELECT f.id, f.image_id AS imageId, f.imported AS label, r.text AS reading FROM fields f
     LEFT JOIN readings r ON r.id = f.reading_id
     WHERE f.id > ? AND f.imported_state IS NOT NULL AND f.image_id IS NOT NULL AND ${isShown('f')} ORDER BY f.id LIMIT ?`
  ).all(after, limit)

/** What tells how alike two images are, in hexadecimal; of those that it was made of before. */
export const imageHashes = (db: ReadOnlyDatabase, imageIds: readonly number[]): { id: number; hash: string }[] =>
  reading<[string], { id: number; hash: string }>(
    db,
    'SELECT image_id AS id, hash FROM image_hashes WHERE image_id IN (SELECT value FROM json_each(?))'
  ).all(JSON.stringify(imageIds))

export const keepImageHash = (db: Database, imageId: number, hash: string): void =>
  void writing(db, 'INSERT OR REPLACE INTO image_hashes (image_id, hash) VALUES (?, ?)').run(imageId, hash)
