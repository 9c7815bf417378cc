/** Fields on pages: made, cut anew, renamed, and taken away where nothing was ever said of them. */
import type { QuarterTurns } from '../../shared/domain'
import type { FieldKind, Quad } from '../../shared/forms'
import type { Database, ReadOnlyDatabase } from './handle'
import { ensureImage } from './images'
import { reading, writing } from './statements'

export interface LineOfCrop {
  sha256: string
  x: number
  y: number
  width: number
  height: number
}

export interface FieldOnPage {
  name: string
  quad: Quad
  registration: number
  blank: number
  kind: FieldKind
  /** `models.id` of the model that reads it; null: the project's. */
  modelId: number | null
  /** In reading order, from 0. */
  place: number
  crop: { sha256: string; width: number; height: number }
  lines: (LineOfCrop & { quad: Quad })[]
}

interface Known {
  id: number
  imageId: number | null
  rotation: QuarterTurns
  wasRead: 0 | 1
}

/** Stores a field of a page; one of that name keeps its decisions. @returns its id */
export function putPageField(
  db: Database,
  page: { id: number; sourceId: number; number: number },
  field: FieldOnPage,
  position: number
): number {
  const known = reading<[number, number, string], Known>(
    db,
    `SELECT id, image_id AS imageId, rotation, EXISTS (SELECT 1 FROM readings r WHERE r.image_id = fields.image_id) AS wasRead
       FROM fields WHERE source_id = ? AND page = ? AND name = ?`
  ).get(page.sourceId, page.number, field.name)
  const imageId = imageOf(db, field, known?.rotation ?? 0)
  const values = [
    page.id,
    JSON.stringify(field.quad),
    field.registration,
    field.blank,
    field.kind,
    field.modelId,
    field.place,
    imageId
  ]
  if (!known) {
    const made = writing(
      db,
      `INSERT INTO fields (page_id, quad, registration, blank, kind, model_id, place, image_id, source_id, page, name, position)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
    ).run(...values, page.sourceId, page.number, field.name, position)
    return Number(made.lastInsertRowid)
  }
  const recut = known.wasRead === 1 && known.imageId !== imageId ? 1 : 0
  writing(
    db,
    `UPDATE fields SET page_id = ?, quad = ?, registration = ?, blank = ?, kind = ?, model_id = ?, place = ?, image_id = ?, recut = max(recut, ?)
     WHERE id = ?`
  ).run(...values, recut, known.id)
  return known.id
}

function imageOf(db: Database, { crop, lines }: FieldOnPage, rotation: QuarterTurns): number {
  const { sha256, width, height } = crop
  const upright = ensureImage(db, { sha256, page: 1, rotation: 0, width, height })
  writing(db, 'DELETE FROM crop_lines WHERE image_id = ?').run(upright)
  const insert = writing(
    db,
    'INSERT INTO crop_lines (image_id, line, sha256, x, y, width, height, quad) VALUES (?, ?, ?, ?, ?, ?, ?, ?)'
  )
  for (const [index, line] of lines.entries())
    insert.run(upright, index, line.sha256, line.x, line.y, line.width, line.height, JSON.stringify(line.quad))
  if (rotation === 0) return upright
  const [w, h] = rotation % 2 ? [height, width] : [width, height]
  return ensureImage(db, { sha256, page: 1, rotation, width: w, height: h })
}

/** The lines of a crop; none for an image that is no crop, or that a person turned. */
export const linesOfImage = (db: ReadOnlyDatabase, imageId: number): LineOfCrop[] =>
  reading<[number], LineOfCrop>(
    db,
    'SELECT sha256, x, y, width, height FROM crop_lines WHERE image_id = ? ORDER BY line'
  ).all(imageId)

export const fieldsOfPage = (db: ReadOnlyDatabase, pageId: number): { id: number; name: string }[] =>
  reading<[number], { id: number; name: string }>(
    db,
    'SELECT id, name FROM fields WHERE page_id = ? ORDER BY place, id'
  ).all(pageId)

/**
 * Takes fields away of which nothing was ever said. The others stay, off their page: decisions are never lost.
 * @returns the ids of those that stay
 */
export function dropFields(db: Database, fieldIds: readonly number[]): number[] {
  const remove = writing(db, 'DELETE FROM fields WHERE id = ?')
  const forget = writing(db, 'UPDATE fields SET quad = NULL, registration = NULL, blank = NULL WHERE id = ?')
  return fieldIds.filter((id) => {
    try {
      remove.run(id)
      return false
    } catch (error) {
      // Decisions, labels, turns and the like name it.
      if ((error as { code?: string }).code !== 'SQLITE_CONSTRAINT_FOREIGNKEY') throw error
      forget.run(id)
      return true
    }
  })
}

/** A whole image's field that becomes a page's: taken away where nothing was said of it. @returns its id where it stays */
export function dropWholeImageField(db: Database, sourceId: number): number | null {
  const found = reading<[number], { id: number }>(
    db,
    `SELECT id FROM fields WHERE source_id = ? AND page = 1 AND name = '' AND decision_id IS NULL AND imported_state IS NULL`
  ).get(sourceId)
  return found ? (dropFields(db, [found.id])[0] ?? null) : null
}

/** New names of a template's fields, all at once: two may change places. */
export function renameFields(db: Database, templateId: number, names: ReadonlyMap<string, string>): void {
  const rename = writing(
    db,
    `UPDATE OR IGNORE fields SET name = ? WHERE name = ? AND page_id IN (SELECT id FROM pages WHERE template_id = ?)`
  )
  const changed = [...names].filter(([before, after]) => before !== after)
  for (const [index, [before]] of changed.entries()) rename.run(`\u0000${index}`, before, templateId)
  for (const [index, [before, after]] of changed.entries()) {
    rename.run(after, `\u0000${index}`, templateId)
    // Where a field of that name is there already, as one of another template can be, the old name comes back.
    rename.run(before, `\u0000${index}`, templateId)
  }
}

export const pageOfField = (db: ReadOnlyDatabase, fieldId: number): number | null =>
  reading<[number], { pageId: number | null }>(db, 'SELECT page_id AS pageId FROM fields WHERE id = ?').get(fieldId)
    ?.pageId ?? null

export interface FieldDetail {
  id: number
  name: string
  kind: string
  quad: Quad | null
  registration: number | null
  blank: number | null
}
export const fieldDetails = (db: ReadOnlyDatabase, pageId: number): FieldDetail[] =>
  reading<[number], Omit<FieldDetail, 'quad'> & { quad: string | null }>(
    db,
    `SELECT id, name, coalesce(kind, 'name') AS kind, quad, registration, blank FROM fields WHERE page_id = ? ORDER BY place, id`
  )
    .all(pageId)
    .map((field) => ({ ...field, quad: field.quad === null ? null : (JSON.parse(field.quad) as Quad) }))

export const pageOfImage = (db: ReadOnlyDatabase, imageId: number): number | null =>
  reading<[number], { pageId: number }>(
    db,
    'SELECT page_id AS pageId FROM fields WHERE image_id = ? AND page_id IS NOT NULL AND quad IS NOT NULL LIMIT 1'
  ).get(imageId)?.pageId ?? null

/** Where the lines of a page's fields lie, by field, in reading order. */
export function lineQuads(db: ReadOnlyDatabase, pageId: number): Map<number, Quad[]> {
  const rows = reading<[number], { id: number; quad: string }>(
    db,
    `SELECT fields.id, crop_lines.quad FROM fields JOIN images own ON own.id = fields.image_id
       JOIN images upright ON upright.sha256 = own.sha256 AND upright.page = 1 AND upright.rotation = 0
       JOIN crop_lines ON crop_lines.image_id = upright.id WHERE fields.page_id = ? ORDER BY fields.id, line`
  ).all(pageId)
  const quads = new Map<number, Quad[]>()
  for (const { id, quad } of rows) quads.set(id, [...(quads.get(id) ?? []), JSON.parse(quad) as Quad])
  return quads
}
