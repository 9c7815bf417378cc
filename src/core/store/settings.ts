import type { Database, ReadOnlyDatabase } from './handle'

/** A setting of the project as it was set (JSON), or null where it was not. */
export function getSetting<T>(db: ReadOnlyDatabase, key: string): T | null {
  const value = db.prepare<[string], string>('SELECT value FROM settings WHERE key = ?').pluck().get(key)
  return value === undefined ? null : (JSON.parse(value) as T)
}

export function setSetting(db: Database, key: string, value: unknown): void {
  db.prepare(
    'INSERT INTO settings (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value'
  ).run(key, JSON.stringify(value ?? null))
}

/** `models.id` of the model whose readings count as the project's, or null before any was chosen. */
export const currentModelId = (db: ReadOnlyDatabase): number | null => getSetting<number>(db, 'currentModel')
