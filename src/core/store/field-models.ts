/** Which fields are read by another model than the project's. */
import type { Database, ReadOnlyDatabase } from './handle'
import { getSetting, setSetting } from './settings'

/** `models.id` of each model that templates name and that is installed, by the model's own id. */
export const fieldModels = (db: ReadOnlyDatabase): Record<string, number> =>
  getSetting<Record<string, number>>(db, 'fieldModels') ?? {}

export const setFieldModels = (db: Database, models: Record<string, number>): void =>
  setSetting(db, 'fieldModels', models)

/** Gives a template's field a model on every page it lies on. @returns the fields that had another */
export const assignModel = (db: Database, templateId: number, field: string, modelId: number | null): number[] =>
  db
    .prepare<[number | null, string, number, number | null], number>(
      `UPDATE fields SET model_id = ? WHERE name = ? AND page_id IN (SELECT id FROM pages WHERE template_id = ?)
         AND model_id IS NOT ? RETURNING id`
    )
    .pluck()
    .all(modelId, field, templateId, modelId)

/** `models.id` of every model that a field is read by instead of the project's. */
export const modelsOfFields = (db: ReadOnlyDatabase): number[] =>
  db.prepare<[], number>('SELECT DISTINCT model_id FROM fields WHERE model_id IS NOT NULL').pluck().all()
