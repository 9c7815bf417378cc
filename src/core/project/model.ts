/** Which models read a project: those that are installed, what it has learnt itself, and those that it was read with before. */
import { constants } from 'node:fs'
import { copyFile, readdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { isThere, makeWholeFolder } from '../../reading/images'
import { allFilesOf, loadModel, loadRegistry, type Model } from '../../reading/models'
import { NominaError, say } from '../../shared/failure'
import { currentModelId } from '../store'
import { modelsOfFields } from '../store/field-models'
import { modelHash } from '../store/models'
import { ownFolders } from '../store/own-folders'
import type { Project } from './project'

/** Where a project keeps what it has learnt. */
export const ownModelsFolder = ({ path }: Pick<Project, 'path'>): string => join(path, ownFolders.models)

/** What the project reads with and its generations began from, each in a folder of its own: another Nomina may come with others. */
const keptFolder = (project: Pick<Project, 'path'>): string => join(ownModelsFolder(project), 'begun-from')
const nameOfKept = ({ hash }: Pick<Model, 'hash'>): string => hash.slice(0, 16)

/** Looks into the project's own models folder again; what is broken there is refused as any model is. */
export async function refreshOwnModels(project: Project): Promise<void> {
  project.ownModels = await loadRegistry([ownModelsFolder(project)])
  const installed = new Set(project.app.registry.models.map(nameOfKept))
  const kept = await readdir(keptFolder(project)).catch(() => [])
  const others = kept.filter((name) => /^[0-9a-f]{16}$/.test(name) && !installed.has(name))
  const found = await Promise.all(others.map((name) => loadRegistry([join(keptFolder(project), name)])))
  project.keptModels = found.flatMap(({ models }) => models)
}

/**
 * Copies a reader, once: the project goes on with it, learns from it and goes back to it whatever is installed later.
 * @throws NominaError `refused` its files have changed since it was loaded; the file system's errors
 */
export async function keepModel(project: Project, model: Model): Promise<void> {
  const to = join(keptFolder(project), nameOfKept(model))
  if (await isThere(to)) return
  try {
    await makeWholeFolder(to, async (unfinished) => {
      for (const name of allFilesOf(model))
        await copyFile(join(model.folder, name), join(unfinished, name), constants.COPYFILE_FICLONE)
      const copy = await loadModel(join(unfinished, basename(model.manifestPath)))
      if (copy.hash !== model.hash) throw new NominaError('refused', say('readerChanged', { path: model.manifestPath }))
    })
  } catch (error) {
    if (!(await isThere(to))) throw error // another process was quicker
  }
}

/** Begins to keep what reads the project. What can't be copied now, as on a full disk, is tried again by the next reading or opening. */
export function keepReaders(project: Project): void {
  const keep = async (): Promise<void> => {
    const { ownModels } = project
    for (const model of modelsInUse(project))
      if (!ownModels.models.includes(model)) await keepModel(project, model).catch(() => undefined)
  }
  project.use(keep).catch(() => undefined) // it is being closed
}

/** Every model that can read the project. On equal ids its own wins. */
export function modelsOf({ app, ownModels }: Project): Model[] {
  const own = new Set(ownModels.models.map(({ manifest }) => manifest.id))
  return [...app.registry.models.filter(({ manifest }) => !own.has(manifest.id)), ...ownModels.models]
}

/** These, and what is kept and not installed: of one id there may be several. */
export function allModelsOf(project: Project): Model[] {
  const models = modelsOf(project)
  return [...models, ...project.keptModels.filter(({ hash }) => models.every((model) => model.hash !== hash))]
}

/** A stored model (`models.id`) as far as it is there. */
export function modelWithId(project: Project, id: number | null): Model | null {
  const hash = id === null ? null : modelHash(project.db, id)
  return allModelsOf(project).find((model) => model.hash === hash) ?? null
}

/** The model that the project reads with, as long as it is there. */
export const currentModel = (project: Project): Model | null => modelWithId(project, currentModelId(project.db))

/** The project's model, and those that its fields ask for, as far as they are there. */
export function modelsInUse(project: Project): Model[] {
  const hashes = modelsOfFields(project.db).map((id) => modelHash(project.db, id))
  const own = currentModel(project)
  const others = allModelsOf(project).filter((one) => one !== own && hashes.includes(one.hash))
  return [...(own ? [own] : []), ...others]
}
