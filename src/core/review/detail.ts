import { join } from 'node:path'
import type { FieldRow, HistoryEntry, Reading } from '../../shared/domain'
import type { ReadOnlyDatabase } from '../store'
import { placeOf, readingsOf } from '../store/detail'
import { leaningOf, type Leaning } from '../lexicon'
import { readHistory } from '../store/history'
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
  const { folder, path, identical } = placeOf(db, id)
  return {
    row,
    readings: readingsOf(db, id),
    history: readHistory(db, id),
    path: join(folder, path),
    identical,
    leaning: leaningOf(db, id)
  }
}
