/** Where fields lie, as people name them: file, page and the form's field. */
import type { FieldStatus } from '../../shared/states'
import type { ReadOnlyDatabase } from './handle'
import { isShown } from './removals'
import { reading } from './statements'

export interface FieldAtPlace {
  id: number
  /** The field's own label and its state, as a person sees them. */
  text: string | null
  status: FieldStatus
  reviewer: string | null
  /** Whose decision it is; null where there is none. */
  origin: string | null
}

/** The fields at a place: more than one where several imported folders hold the file. `file` is relative to its folder, with `/`. */
export const fieldsAt = (
  db: ReadOnlyDatabase,
  { file, page, field }: { file: string; page: number; field: string }
): FieldAtPlace[] =>
  reading<[string, number, string], FieldAtPlace>(
    db,
    `SELECT f.id, f.text, f.status, d.reviewer, d.origin FROM sources s JOIN fields f ON f.source_id = s.id
       LEFT JOIN decisions d ON d.id = f.decision_id
     WHERE s.path = ? AND f.page = ? AND f.name = ? AND ${isShown('f')}`
  ).all(file, page, field)

/** Fields of a file, or of all files in a folder, as the project names it. */
export const fieldsUnder = (db: ReadOnlyDatabase, path: string): number[] =>
  reading<[string, string], { id: number }>(
    db,
    `SELECT f.id FROM sources s JOIN fields f ON f.source_id = s.id
       WHERE (s.path = ? OR substr(s.path, 1, length(?2)) = ?2) AND ${isShown('f')} ORDER BY f.id`
  )
    .all(path, `${path}/`)
    .map(({ id }) => id)
