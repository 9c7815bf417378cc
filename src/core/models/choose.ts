/** Which model reads a project: chosen by a person, or the preferred one of those that are installed. */
import { preferredModel, type Model } from '../../reading/models'
import { messageOf, NominaError } from '../../shared/failure'
import { allModelsOf, announceEngine, currentModel, modelsOf, type Project } from '../project'
import { deriveFields, currentModelId, immediate, readCounts, setSetting } from '../store'
import { rememberModel } from '../store/models'

/** A model by its own name, or of several with that name by its hash. */
export interface ModelChoice {
  id: string
  hash?: string | undefined
}

export const chosenModel = (project: Project, { id, hash }: ModelChoice): Model | undefined =>
  hash === undefined
    ? modelsOf(project).find(({ manifest }) => manifest.id === id)
    : allModelsOf(project).find((model) => model.hash === hash && model.manifest.id === id)

/** Makes it the project's model: its readings become the best ones where it has read. @throws NominaError `not-found` */
export function selectModel(project: Project, choice: ModelChoice): void {
  const { app, db } = project
  const { id } = choice
  const model = chosenModel(project, choice)
  if (!model) {
    const known =
      modelsOf(project)
        .map((candidate) => candidate.manifest.id)
        .join(', ') || 'none'
    const refused = app.registry.refused.map((candidate) => ` ${candidate.reason}`).join('')
    throw new NominaError('not-found', `There is no model ${id}. Installed: ${known}.${refused}`)
  }
  immediate(db, () => {
    const modelId = rememberModel(db, model)
    if (currentModelId(db) === modelId) return
    setSetting(db, 'currentModel', modelId)
    deriveFields(db, 'all', modelId)
  })
}

/**
 * As `selectModel`, once the model has been tried: of one that is broken the project never hears, and keeps its own.
 * Not tried while reading is under way, since the engine holds one model.
 * @throws NominaError `refused` with what is wrong and where, `not-found`
 */
export async function selectTriedModel(project: Project, choice: ModelChoice): Promise<void> {
  const model = chosenModel(project, choice)
  if (model) await tryModel(project, model)
  selectModel(project, choice)
}

/** @throws NominaError `refused` it can't be run */
export async function tryModel({ app, engine, jobs }: Project, model: Model): Promise<void> {
  if (jobs.running('recognise')) return
  try {
    await engine.load(model, app.options.provider ?? null)
  } catch (error) {
    // An engine that can't be started at all is no fault of the model; the run will tell of it.
    if (error instanceof NominaError && error.code === 'refused') throw error
  }
}

/** A project keeps its model; where it has none, or that one is gone, the preferred installed one is taken. */
export function chooseModel(project: Project): void {
  if (currentModel(project)) return
  const { app, db } = project
  // A project that was read by a model that is not here now keeps its readings: a person chooses another.
  if (currentModelId(db) !== null && readCounts(db).read > 0) return
  const model = preferredModel(app.registry.models)
  if (model) selectModel(project, { id: model.manifest.id })
}

/** Loads the current model ahead of need, so that a single field is read at once and the provider is known. */
export function warmEngine(project: Project): void {
  const model = currentModel(project)
  if (!model) return
  project.engine.load(model, project.app.options.provider ?? null).then(
    ({ note }) => announceEngine(project, note),
    (error) => announceEngine(project, messageOf(error))
  )
}
