/** Templates: a reference image and the template file's own JSON. */
import type { TemplateFile } from '../../reading/pages/template-file'
import type { TemplateRow } from '../../shared/forms'
import type { Database, ReadOnlyDatabase } from './handle'
import { reading, writing } from './statements'

export interface StoredTemplate {
  id: number
  name: string
  width: number
  height: number
  file: TemplateFile
  imageSha256: string
  updatedAt: string
}

export interface NewTemplate {
  name: string
  width: number
  height: number
  file: TemplateFile
  image: Buffer
  imageSha256: string
}

const columns = 'id, name, width, height, json, image_sha256 AS imageSha256, updated_at AS updatedAt FROM templates'

type Row = Omit<StoredTemplate, 'file'> & { json: string }
const toTemplate = ({ json, ...row }: Row): StoredTemplate => ({ ...row, file: JSON.parse(json) as TemplateFile })

/** Those that are not removed, by name. */
export const listTemplates = (db: ReadOnlyDatabase): StoredTemplate[] =>
  reading<[], Row>(db, `SELECT ${columns} WHERE removed = 0 ORDER BY name, id`).all().map(toTemplate)

export function findTemplate(db: ReadOnlyDatabase, id: number): StoredTemplate | undefined {
  const row = reading<[number], Row>(db, `SELECT ${columns} WHERE id = ? AND removed = 0`).get(id)
  return row && toTemplate(row)
}

export function findTemplateByName(db: ReadOnlyDatabase, name: string): StoredTemplate | undefined {
  const row = reading<[string], Row>(db, `SELECT ${columns} WHERE name = ? AND removed = 0`).get(name)
  return row && toTemplate(row)
}

export const templateImage = (db: ReadOnlyDatabase, id: number): Buffer | undefined =>
  reading<[number], { image: Buffer }>(db, 'SELECT image FROM templates WHERE id = ? AND removed = 0').get(id)?.image

export function insertTemplate(db: Database, template: NewTemplate): number {
  const at = new Date().toISOString()
  const { name, width, height, file, image, imageSha256 } = template
  const made = writing(
    db,
    `INSERT INTO templates (name, width, height, json, image_sha256, created_at, updated_at, image)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)`
  ).run(name, width, height, JSON.stringify(file), imageSha256, at, at, image)
  return Number(made.lastInsertRowid)
}

export function updateTemplate(db: Database, id: number, name: string, file: TemplateFile): void {
  writing(db, 'UPDATE templates SET name = ?, json = ?, updated_at = ? WHERE id = ?').run(
    name,
    JSON.stringify(file),
    new Date().toISOString(),
    id
  )
}

/** Pages and events go on naming it. */
export const removeTemplate = (db: Database, id: number): void => {
  writing(db, 'UPDATE templates SET removed = 1, updated_at = ? WHERE id = ?').run(new Date().toISOString(), id)
}

export const templateRow = (db: ReadOnlyDatabase, template: StoredTemplate): TemplateRow => ({
  id: template.id,
  name: template.name,
  width: template.width,
  height: template.height,
  fields: template.file.fields.length,
  pages: reading<[number], { count: number }>(db, 'SELECT count(*) AS count FROM pages WHERE template_id = ?').get(
    template.id
  )!.count,
  updatedAt: template.updatedAt,
  imageVersion: template.imageSha256.slice(0, 16)
})
