/** Which of the installed models read a project. */
import type { Model } from '../../reading/models'
import { getSetting } from '../store'
import { modelsOfFields } from '../store/field-models'
import { modelHash } from '../store/models'
import type { Project } from './project'

/** The model that the project reads with, as long as it is installed. */
export function currentModel({ app, db }: Project): Model | null {
  const id = getSetting<number>(db, 'currentModel')
  const hash = id === null ? null : modelHash(db, id)
  return app.registry.models.find((model) => model.hash === hash) ?? null
}

/** The project's model, and those that its fields ask for, as far as they are installed. */
export function modelsInUse(project: Project): Model[] {
  const hashes = modelsOfFields(project.db).map((id) => modelHash(project.db, id))
  const own = currentModel(project)
  const others = project.app.registry.models.filter((one) => one !== own && hashes.includes(one.hash))
  return [...(own ? [own] : []), ...others]
}
