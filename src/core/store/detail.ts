/** All that is shown of one field by itself. */
import type { Reading } from '../../shared/domain'
import type { ReadOnlyDatabase } from './handle'
import { isShown } from './removals'
import { reading } from './statements'

/** Where its file lies, and how many other fields have identical pixels. */
export const placeOf = (db: ReadOnlyDatabase, id: number): { folder: string; path: string; identical: number } =>
  reading<[number], { folder: string; path: string; identical: number }>(
    db,
    `SELECT roots.path AS folder, s.path, (
         SELECT count(*) FROM sources twin JOIN fields other ON other.source_id = twin.id
         WHERE twin.sha256 = s.sha256 AND other.page = f.page AND other.name = f.name AND other.id <> f.id AND ${isShown('other')}) AS identical
       FROM fields f JOIN sources s ON s.id = f.source_id JOIN roots ON roots.id = s.root_id WHERE f.id = ?`
  ).get(id)!

type StoredReading = Omit<Reading, 'calibrated' | 'characters' | 'alternatives'> & {
  calibrated: number
  characters: string
  alternatives: string
}

/** What every model read on a field: the one that it shows first, then the newest. */
export const readingsOf = (db: ReadOnlyDatabase, id: number): Reading[] =>
  reading<[number], StoredReading>(
    db,
    `SELECT r.text, coalesce(r.confidence, 0) AS confidence, r.calibrated, r.characters, r.alternatives, m.name AS model,
         m.hash AS modelHash, r.provider, r.read_at AS readAt
       FROM fields f JOIN readings r ON r.image_id = f.image_id JOIN models m ON m.id = r.model_id
       WHERE f.id = ? AND r.status = 'ok' ORDER BY (r.id = f.reading_id) DESC, r.read_at DESC`
  )
    .all(id)
    .map((reading) => ({
      ...reading,
      calibrated: reading.calibrated === 1,
      characters: JSON.parse(reading.characters) as Reading['characters'],
      alternatives: JSON.parse(reading.alternatives) as Reading['alternatives']
    }))
