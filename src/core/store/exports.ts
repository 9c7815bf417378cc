/** What was exported when, with which options, and where the project stood then. */
import type { ExportOptions } from '../../shared/domain'
import type { Database, ReadOnlyDatabase } from './handle'
import { readingOnly } from './reading-only'
import { immediate } from './transaction'

export interface StoredExport {
  id: number
  at: string
  path: string
  rows: number
}

/** Where the project stands; taken before an export begins, so that what happens meanwhile counts as newer. */
export interface Mark {
  field: number
  label: number
  decision: number
  rotation: number
  reading: number
}

export function markOf(db: ReadOnlyDatabase): Mark {
  const last = (table: string): string => `(SELECT coalesce(max(id), 0) FROM ${table})`
  return db
    .prepare<[], Mark>(
      `SELECT ${last('fields')} AS field, ${last('labels')} AS label, ${last('decisions')} AS decision,
         ${last('rotations')} AS rotation, ${last('readings')} AS reading`
    )
    .get()!
}

/** @returns its id; null in a project that is open for reading only */
export function recordExport(db: Database, mark: Mark, options: ExportOptions, rows: number): number | null {
  if (readingOnly(db) !== null) return null
  return immediate(db, () => {
    const made = db
      .prepare(
        `INSERT INTO exports (at, path, rows, options, last_field, last_label, last_decision, last_rotation, last_reading)
       VALUES (@at, @path, @rows, @options, @field, @label, @decision, @rotation, @reading)`
      )
      .run({ ...mark, at: new Date().toISOString(), path: options.out, rows, options: JSON.stringify(options) })
    return Number(made.lastInsertRowid)
  })
}

/** Where the project was exported to last. */
export const lastExportPath = (db: ReadOnlyDatabase): string | undefined =>
  db.prepare<[], string>('SELECT path FROM exports ORDER BY id DESC LIMIT 1').pluck().get()

/** What an export was written with. */
export function exportOptionsOf(db: ReadOnlyDatabase, id: number): ExportOptions | undefined {
  const options = db.prepare<[number], string>('SELECT options FROM exports WHERE id = ?').pluck().get(id)
  return options === undefined ? undefined : (JSON.parse(options) as ExportOptions)
}

/** Newest first. */
export const readExports = (db: ReadOnlyDatabase, limit: number): StoredExport[] =>
  db.prepare<[number], StoredExport>('SELECT id, at, path, rows FROM exports ORDER BY id DESC LIMIT ?').all(limit)

/** Where the project stood when it was exported; undefined: no such export is known. */
export const markOfExport = (db: ReadOnlyDatabase, id: number): Mark | undefined =>
  db
    .prepare<[number], Mark>(
      `SELECT last_field AS field, last_label AS label, last_decision AS decision, last_rotation AS rotation,
         last_reading AS reading FROM exports WHERE id = ?`
    )
    .get(id)
