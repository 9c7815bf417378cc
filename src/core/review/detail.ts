import { join } from 'node:path'
import type { FieldRow, HistoryEntry, Reading } from '../../shared/domain'
import type { ReadOnlyDatabase } from '../store'
import { isShown } from '../store/removals'
import { leaningOf, type Leaning } from '../lexicon'
import { readHistory } from './history'
import { readRow } from './rows'

export interface Detail {
  row: FieldRow
  /** By every model that read it; the current model's first, then the newest. */
  readings: Reading[]
  /** Oldest first. */
  history: HistoryEntry[]
  /** Of the file, absolute. */
  path: string
  /** How many other fields have identical pixels. */
  identical: number
  /** What lists have to do with its reading. */
  leaning: Leaning
}

/** @throws NominaError('not-found') */
export function readDetail(db: ReadOnlyDatabase, id: number): Detail {
  const row = readRow(db, id)
  const place = db
    .prepare<[number], { folder: string; path: string; identical: number }>(
      `SELECT roots.path AS folder, s.path, (
         SELECT count(*) FROM sources twin JOIN fields other ON other.source_id = twin.id
         WHERE twin.sha256 = s.sha256 AND other.page = f.page AND other.name = f.name AND other.id <> f.id AND ${isShown('other')}) AS identical
       FROM fields f JOIN sources s ON s.id = f.source_id JOIN roots ON roots.id = s.root_id WHERE f.id = ?`
    )
    .get(id)!
  return {
    row,
    readings: readReadings(db, id),
    history: readHistory(db, id),
    path: join(place.folder, place.path),
    identical: place.identical,
    leaning: leaningOf(db, id)
  }
}

type StoredReading = Omit<Reading, 'calibrated' | 'characters' | 'alternatives'> & {
  calibrated: number
  characters: string
  alternatives: string
}

const readReadings = (db: ReadOnlyDatabase, id: number): Reading[] =>
  db
    .prepare<[number], StoredReading>(
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
