/** Where fields lie, as people name them: file, page and the form's field. */
import { join } from 'node:path'
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
  /** Of its file, absolute, and what that was when it was imported. */
  path: string
  size: number
  modifiedMs: number
  changedMs: number | null
  sha256: string | null
}

interface At {
  file: string
  page: number
  field: string
  /** In this folder alone. */
  rootId?: number
}

/** The fields at a place: more than one where several imported folders hold the file. `file` is relative to its folder, with `/`. */
export const fieldsAt = (db: ReadOnlyDatabase, { file, page, field, rootId }: At): FieldAtPlace[] =>
  reading<[string, number, string, number | null], FieldAtPlace & { root: string }>(
    db,
    `SELECT f.id, f.text, f.status, d.reviewer, d.origin, roots.path AS root, s.path, s.size, s.modified_ms AS modifiedMs,
       s.changed_ms AS changedMs, s.sha256
     FROM sources s JOIN roots ON roots.id = s.root_id JOIN fields f ON f.source_id = s.id LEFT JOIN decisions d ON d.id = f.decision_id
     WHERE s.path = ? AND f.page = ? AND f.name = ? AND s.former = 0 AND s.root_id = coalesce(?, s.root_id) AND ${isShown('f')}`
  )
    .all(file, page, field, rootId ?? null)
    .map(({ root, ...found }) => ({ ...found, path: join(root, found.path) }))

/** Fields of a file, or of all files in a folder, as the project names it. */
export const fieldsUnder = (db: ReadOnlyDatabase, path: string): number[] =>
  reading<[{ path: string; folder: string }], { id: number }>(
    db,
    `SELECT f.id FROM sources s JOIN fields f ON f.source_id = s.id
       WHERE (s.path = @path OR substr(s.path, 1, length(@folder)) = @folder) AND ${isShown('f')} ORDER BY f.id`
  )
    .all({ path, folder: `${path}/` })
    .map(({ id }) => id)
