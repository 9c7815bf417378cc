/** Models whose readings a project has: kept with their manifest, also when they are not installed any more. */
import type { Model } from '../../reading/models'
import { knownCharacters } from './compare'
import type { Database, ReadOnlyDatabase } from './handle'
import { reading } from './statements'

/** The `models.id` of a model, which is stored the first time it is met; title and manifest follow the newest file. */
export function rememberModel(db: Database, { hash, manifest }: Model): number {
  const id = db
    .prepare<[string, string, string, string, string], number>(
      `INSERT INTO models (hash, name, title, manifest, seen_at) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (hash) DO UPDATE SET name = excluded.name, title = excluded.title, manifest = excluded.manifest
       RETURNING id`
    )
    .pluck()
    .get(hash, manifest.id, manifest.title, JSON.stringify(manifest), new Date().toISOString())
  return id!
}

/** Its `models.id`; null: the project has never met it. */
export const modelIdOf = (db: ReadOnlyDatabase, { hash }: Pick<Model, 'hash'>): number | null =>
  reading<[string], number>(db, 'SELECT id FROM models WHERE hash = ?').pluck().get(hash) ?? null

/** Its own name, such as names-caps. */
export const modelName = (db: ReadOnlyDatabase, id: number): string | null =>
  reading<[number], string>(db, 'SELECT name FROM models WHERE id = ?').pluck().get(id) ?? null

/** The hash of a stored model, or null where there is none with this id. */
export function modelHash(db: ReadOnlyDatabase, id: number): string | null {
  return reading<[number], string>(db, 'SELECT hash FROM models WHERE id = ?').pluck().get(id) ?? null
}

/** The manifest of a stored model, as it was when its file was seen last: nothing of it is sure. */
export function storedManifest(db: ReadOnlyDatabase, id: number): StoredManifest {
  const json = reading<[number], string>(db, 'SELECT manifest FROM models WHERE id = ?').pluck().get(id)
  return JSON.parse(json ?? '{}') as StoredManifest
}

interface StoredManifest {
  charset?: string[]
  metrics?: unknown
  version?: number
}

/** What a stored model can write. */
export const charsetOf = (db: ReadOnlyDatabase, id: number): string[] => storedManifest(db, id).charset ?? []

/** The same for `comparable`. */
export const charactersOf = (db: ReadOnlyDatabase, id: number): ReadonlySet<string> =>
  knownCharacters(charsetOf(db, id))
