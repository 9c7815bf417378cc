/** Which models read a project: those that are installed, and what it has learnt itself. */
import { copyFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { isThere, makeWholeFolder } from '../../reading/images'
import { allFilesOf, loadRegistry, type Model } from '../../reading/models'
import { currentModelId } from '../store'
import { modelsOfFields } from '../store/field-models'
import { modelHash } from '../store/models'
import { ownFolders } from '../store/own-folders'
import type { Project } from './project'

/** Where a project keeps what it has learnt. */
export const ownModelsFolder = ({ path }: Pick<Project, 'path'>): string => join(path, ownFolders.models)

/** Readers that generations began from, each in a folder of its own: another Nomina may come with another one of that name. */
const keptFolder = (project: Pick<Project, 'path'>): string => join(ownModelsFolder(project), 'begun-from')

/** Looks into the project's own models folder again; what is broken there is refused as any model is. */
export async function refreshOwnModels(project: Project): Promise<void> {
  project.ownModels = await loadRegistry([ownModelsFolder(project)])
  const kept = await readdir(keptFolder(project)).catch(() => [])
  const found = await Promise.all(kept.map((name) => loadRegistry([join(keptFolder(project), name)])))
  project.keptModels = found.flatMap(({ models }) => models)
}

/** Copies a reader that a generation begins from, once: it can be learnt from and gone back to whatever is installed later. */
export async function keepModel(project: Project, model: Model): Promise<void> {
  const to = join(keptFolder(project), model.hash.slice(0, 16))
  if (await isThere(to)) return
  await makeWholeFolder(to, async (unfinished) => {
    for (const name of allFilesOf(model)) await copyFile(join(model.folder, name), join(unfinished, name))
  })
}

/** Every model that can read the project. On equal ids its own wins. */
export function modelsOf({ app, ownModels }: Project): Model[] {
  const own = new Set(ownModels.models.map(({ manifest }) => manifest.id))
  return [...app.registry.models.filter(({ manifest }) => !own.has(manifest.id)), ...ownModels.models]
}

/** A stored model (`models.id`) as far as it is there. */
export function modelWithId(project: Project, id: number | null): Model | null {
  const hash = id === null ? null : modelHash(project.db, id)
  return [...modelsOf(project), ...project.keptModels].find((model) => model.hash === hash) ?? null
}

/** The model that the project reads with, as long as it is installed. */
export const currentModel = (project: Project): Model | null => modelWithId(project, currentModelId(project.db))

/** The project's model, and those that its fields ask for, as far as they are installed. */
export function modelsInUse(project: Project): Model[] {
  const hashes = modelsOfFields(project.db).map((id) => modelHash(project.db, id))
  const own = currentModel(project)
  const others = modelsOf(project).filter((one) => one !== own && hashes.includes(one.hash))
  return [...(own ? [own] : []), ...others]
}
