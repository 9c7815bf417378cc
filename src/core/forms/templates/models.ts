import type { Model } from '../../../reading/models'
import { currentModelId, deriveFields, immediate, type Database } from '../../store'
import { assignModel, generationsInUse, setFieldModels } from '../../store/field-models'
import { rememberModel } from '../../store/models'
import { listTemplates } from '../../store/templates'

/**
 * Brings fields on pages in line with the models that their templates name: the newest file of an installed one; where it
 * is not installed, the project's model reads them.
 * @returns the fields that are read by another model now
 */
export function assignModels(db: Database, installed: readonly Model[]): number[] {
  return immediate(db, () => {
    const templates = listTemplates(db)
    const named = new Set(templates.flatMap(({ file }) => file.fields.map(({ model }) => model)))
    const wanted = installed.filter(({ manifest }) => named.has(manifest.id))
    const learnt = generationsInUse(db)
    const ids = Object.fromEntries(
      wanted.map((model) => {
        const id = rememberModel(db, model)
        return [model.manifest.id, learnt[id] ?? id]
      })
    )
    setFieldModels(db, ids)
    const changed = templates.flatMap(({ id, file }) =>
      file.fields.flatMap(({ name, model }) => assignModel(db, id, name, ids[model ?? ''] ?? null))
    )
    if (changed.length) deriveFields(db, { fieldIds: changed }, currentModelId(db))
    return changed
  })
}
