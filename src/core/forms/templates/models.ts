import type { Model } from '../../../reading/models'
import { currentModelId, deriveFields, immediate, type Database } from '../../store'
import { assignModel, fieldModels, generationsInUse, setFieldModels } from '../../store/field-models'
import { modelHash, rememberModel } from '../../store/models'
import { listTemplates } from '../../store/templates'

/**
 * Brings fields on pages in line with the models that their templates name. They go on with the one that they have as long as that
 * is there, else with the installed one of that name; where there is none, the project's model reads them.
 * @param there every model that can read, also what is kept
 * @returns the fields that are read by another model now
 */
export function assignModels(db: Database, installed: readonly Model[], there = installed): number[] {
  return immediate(db, () => {
    const templates = listTemplates(db)
    const named = new Set(templates.flatMap(({ file }) => file.fields.flatMap(({ model }) => model ?? [])))
    const learnt = generationsInUse(db)
    const present = fieldModels(db)
    const modelOf = (name: string): number | null => {
      const had = present[name]
      if (had !== undefined && there.some(({ hash }) => hash === modelHash(db, had))) return had
      const model = installed.find(({ manifest }) => manifest.id === name)
      const id = model ? rememberModel(db, model) : null
      return id === null ? null : (learnt[id] ?? id)
    }
    const ids: Record<string, number> = {}
    for (const name of named) {
      const id = modelOf(name)
      if (id !== null) ids[name] = id
    }
    setFieldModels(db, ids)
    const changed = templates.flatMap(({ id, file }) =>
      file.fields.flatMap(({ name, model }) => assignModel(db, id, name, ids[model ?? ''] ?? null))
    )
    if (changed.length) deriveFields(db, { fieldIds: changed }, currentModelId(db))
    return changed
  })
}
