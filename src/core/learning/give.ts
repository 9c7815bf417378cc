/** A generation's files for somewhere else: another machine's folder of models, or this one's, for the next project. */
import { copyFile, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { isThere, writeWhole } from '../../reading/images'
import { allFilesOf, filesOf, type Model } from '../../reading/models'
import { NominaError, say } from '../../shared/failure'
import type { App } from '../app'
import { refreshModels } from '../models'
import { modelWithId, type Project } from '../project'
import { makeFolders } from '../store/folders'
import { listGenerations } from '../store/generations'
import { readerInUse } from './use'

/** A generation by its number, of a reader by its name; without one of the project's. */
export interface GenerationChoice {
  number: number
  reader?: string | undefined
}

/** @throws NominaError `not-found` no such generation, or its files are gone */
function modelOf(project: Project, { number, reader }: GenerationChoice): Model {
  const all = listGenerations(project.db, readerInUse(project, reader).readerId)
  const found = all.find((one) => one.number === number)
  if (!found)
    throw new NominaError(
      'not-found',
      say('noGeneration', { number, known: all.map((one) => one.number).join(', ') || '–' })
    )
  const model = modelWithId(project, found.modelId)
  if (!model) throw new NominaError('not-found', say('generationGone', { file: found.file }))
  return model
}

/**
 * Copies a generation's files, its manifest last.
 * @returns their paths
 * @throws NominaError `not-found`; `exists` a file would be lost
 */
export async function giveGeneration(project: Project, choice: GenerationChoice, folder: string): Promise<string[]> {
  const model = modelOf(project, choice)
  const names = allFilesOf(model)
  makeFolders(folder)
  const inTheWay = await firstThere(names.map((name) => join(folder, name)))
  if (inTheWay) throw new NominaError('exists', say('fileInTheWay', { path: inTheWay }))
  const made: string[] = []
  try {
    for (const name of names) {
      made.push(join(folder, name))
      await copyFile(join(model.folder, name), join(folder, name))
    }
  } catch (error) {
    for (const path of made) await rm(path, { force: true })
    throw error
  }
  return made
}

async function firstThere(paths: readonly string[]): Promise<string | null> {
  for (const path of paths) if (await isThere(path)) return path
  return null
}

/** Installs a generation under a name that tells which project it is of; the next new project begins with it. */
export async function beginNextWith(project: Project, choice: GenerationChoice | null): Promise<void> {
  const { app } = project
  if (choice !== null) await installFor(project, modelOf(project, choice)).then((id) => remember(app, id))
  else remember(app, null)
  await app.preferences.written()
}

const remember = ({ preferences }: App, id: string | null): void => preferences.setValue('models.beginsNext', id)

/** null: as usual. */
export const beginsNext = ({ preferences, registry }: App): string | null => {
  const id = preferences.values['models.beginsNext']
  return registry.models.find(({ manifest }) => manifest.id === id)?.manifest.id ?? null
}

/** Of one new project: the one after it begins as usual. */
export async function takeBeginsNext(app: App): Promise<string | null> {
  const id = beginsNext(app)
  if (id === null) return null
  remember(app, null)
  await app.preferences.written()
  return id
}

/** @returns the id that it is installed under; its files are named after it */
async function installFor(project: Project, { manifest, manifestPath, folder }: Model): Promise<string> {
  const { app, name } = project
  const id = `${manifest.id}-${wordOf(name)}`.slice(0, 100)
  const renamed = new Map(
    filesOf(manifest).map((file) => [file, `${id}${file.replace(manifest.id, '').replace(/^(?=\w)/, '-')}`])
  )
  for (const [from, to] of renamed) await writeWhole(join(app.modelsFolder, to), await readFile(join(folder, from)))
  const raw = JSON.parse(await readFile(manifestPath, 'utf8')) as Record<string, unknown>
  // It is newer than nothing that other projects have.
  const { version: _, replaces: __, ...kept } = withNames(raw, renamed) as Record<string, unknown>
  const written = { ...kept, id, title: `${manifest.title} (${name})` }
  await writeWhole(join(app.modelsFolder, `${id}.json`), Buffer.from(JSON.stringify(written, null, 2)))
  await refreshModels(app)
  return id
}

/** As a model's name may be: of another alphabet little is left. */
const wordOf = (name: string): string =>
  name
    .normalize('NFD')
    .replace(/[^\w.-]+/g, '-')
    .replace(/^-+|-+$/g, '') || 'project'

/** Every `file` and `step` that names one of the files. */
function withNames(value: unknown, names: ReadonlyMap<string, string>): unknown {
  if (Array.isArray(value)) return value.map((entry) => withNames(entry, names))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, entry]) => [
      key,
      (key === 'file' || key === 'step') && typeof entry === 'string'
        ? (names.get(entry) ?? entry)
        : withNames(entry, names)
    ])
  )
}
