/** Rows of labels files as they were imported, and the imported label of each field. */
import type { LabelState } from '../../shared/domain'
import type { Database, ReadOnlyDatabase } from './handle'
import { isShown } from './removals'
import { reading, writing } from './statements'

export interface StoredLabel {
  line: number
  name: string
  text: string
  state: LabelState
  fieldId: number | null
}

/** The rows that were stored of this file before. */
export const readLabels = (db: ReadOnlyDatabase, file: string): StoredLabel[] =>
  reading<[string], StoredLabel>(
    db,
    'SELECT line, name, text, state, field_id AS fieldId FROM labels WHERE file = ?'
  ).all(file)

export function insertLabel(db: Database, runId: number, file: string, label: StoredLabel): void {
  writing(db, 'INSERT INTO labels (run_id, file, line, name, text, state, field_id) VALUES (?, ?, ?, ?, ?, ?, ?)').run(
    runId,
    file,
    label.line,
    label.name,
    label.text,
    label.state,
    label.fieldId
  )
}

/** Whether it was another one before. Decisions are not touched. */
export const setImportedLabel = (db: Database, fieldId: number, text: string, state: LabelState): boolean =>
  writing(
    db,
    'UPDATE fields SET imported = ?, imported_state = ? WHERE id = ? AND (imported IS NOT ? OR imported_state IS NOT ?)'
  ).run(text, state, fieldId, text, state).changes > 0

export const hasImportedLabel = (db: ReadOnlyDatabase, fieldId: number): boolean =>
  reading<[number], object>(db, 'SELECT 1 FROM fields WHERE id = ? AND imported_state IS NOT NULL').get(fieldId) !==
  undefined

/**
 * Takes a field's imported label back where it is this file's and no other's, and the file's rows for it.
 * @returns whether it was
 */
export function withdrawImportedLabel(db: Database, fieldId: number, file: string): boolean {
  const taken = writing(
    db,
    `UPDATE fields SET imported = NULL, imported_state = NULL WHERE id = @fieldId
       AND EXISTS (SELECT 1 FROM labels l WHERE l.field_id = fields.id AND l.file = @file
         AND l.text IS fields.imported AND l.state IS fields.imported_state)
       AND NOT EXISTS (SELECT 1 FROM labels l WHERE l.field_id = fields.id AND l.file <> @file
         AND l.text IS fields.imported AND l.state IS fields.imported_state)`
  ).run({ fieldId, file }).changes
  writing(db, 'DELETE FROM labels WHERE field_id = ? AND file = ?').run(fieldId, file)
  return taken > 0
}

export interface NamedField {
  fieldId: number
  root: string
  path: string
}

/** Fields that are whole files, a page at a time. */
export const namedFieldsAfter = (db: ReadOnlyDatabase, id: number, limit: number): NamedField[] =>
  reading<[number, number], NamedField>(
    db,
    `SELECT fields.id AS fieldId, roots.path AS root, sources.path FROM fields
       JOIN sources ON sources.id = fields.source_id JOIN roots ON roots.id = sources.root_id
       WHERE fields.id > ? AND fields.page = 1 AND fields.name = '' AND ${isShown('fields')} ORDER BY fields.id LIMIT ?`
  ).all(id, limit)
