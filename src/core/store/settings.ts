import type { LearningSettings } from '../../shared/contract/learning'
import type { Database, ReadOnlyDatabase } from './handle'
import type { StoredSearch } from './suspects'
import { reading, writing } from './statements'

/** Kept as JSON, each with the project. One that was never set is null: what then counts is said by whoever reads it. */
export interface ProjectSettings {
  /** `models.id` of the model whose readings count as the project's. */
  currentModel: number
  /** `models.id` by a model's own id: those that templates name and that are installed. */
  fieldModels: Record<string, number>
  /** `models.id` of the generation that fields with a reader of their own are read by, by `models.id` of that reader. */
  generationsInUse: Record<string, number>
  /** Number of the generation that was begun last, by the name of what it begins from. */
  generationsBegun: Record<string, number>
  /** Hashes of newer readers that a person does not want now. */
  readersLeft: string[]
  calibration: Calibration
  /** The last field whose confidence follows the calibration; null: all do. */
  calibrationPending: number
  learning: Partial<LearningSettings>
  /** The last search for wrong labels. */
  suspects: StoredSearch
  identity: string
  /** Where it lay when it was opened last. */
  place: string
  copyOf: { path: string; at: string }
  /** Where it lay before it was saved elsewhere. */
  savedFrom: string
  /** Pages of earlier versions have the names by which they are found again. */
  pagesNamed: boolean
  /** Written and read again by `nomina doctor`. */
  doctor: string
}

export interface Calibration {
  /** `models.id` whose readings it is for. */
  model: number
  /** In the order of `inputsOf`. */
  weights: number[]
  fittedAt: string
  /** Decisions it was fitted on, and how many there were in all when it was. */
  fittedOn: number
  decisions: number
}

export function getSetting<K extends keyof ProjectSettings>(db: ReadOnlyDatabase, key: K): ProjectSettings[K] | null {
  const value = reading<[string], string>(db, 'SELECT value FROM settings WHERE key = ?').pluck().get(key)
  return value === undefined ? null : (JSON.parse(value) as ProjectSettings[K] | null)
}

export function setSetting<K extends keyof ProjectSettings>(
  db: Database,
  key: K,
  value: ProjectSettings[K] | null
): void {
  writing(
    db,
    'INSERT INTO settings (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value'
  ).run(key, JSON.stringify(value))
}

/** `models.id` of the model whose readings count as the project's, or null before any was chosen. */
export const currentModelId = (db: ReadOnlyDatabase): number | null => getSetting(db, 'currentModel')
