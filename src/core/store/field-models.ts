/** Which fields are read by another model than the project's. */
import type { Database, ReadOnlyDatabase } from './handle'
import { getSetting, setSetting } from './settings'

/** `models.id` of each model that templates name and that is installed, by the model's own id. */
export const fieldModels = (db: ReadOnlyDatabase): Record<string, number> => getSetting(db, 'fieldModels') ?? {}

export const setFieldModels = (db: Database, models: Record<string, number>): void =>
  setSetting(db, 'fieldModels', models)

/**
 * Fields that ask for one model are read by another of its reader from now on, those to come as well.
 * Call it in a transaction, with `deriveFields` after it.
 */
export function replaceFieldModel(
  db: Database,
  from: number,
  { readerId, to }: { readerId: number; to: number }
): void {
  db.prepare('UPDATE fields SET model_id = ? WHERE model_id = ?').run(to, from)
  setSetting(db, 'generationsInUse', { ...generationsInUse(db), [readerId]: to })
  const models = Object.entries(fieldModels(db)).map(([name, id]) => [name, id === from ? to : id])
  setFieldModels(db, Object.fromEntries(models) as Record<string, number>)
}

/** `models.id` of the generation that fields with a reader of their own are read by, by `models.id` of that reader. */
export const generationsInUse = (db: ReadOnlyDatabase): Record<string, number> =>
  getSetting(db, 'generationsInUse') ?? {}

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
