/** Reading as a job of a project: awake while files are taken in and fields are found. */
import type { Model } from '../../reading/models'
import { inEnglish, NominaError, say } from '../../shared/failure'
import { recutImage } from '../forms/pipeline'
import { assignModels } from '../forms/templates'
import type { Job, Started } from '../jobs'
import { allModelsOf, announceEngine, currentModel, keepReaders, modelsInUse, modelsOf, type Project } from '../project'
import { recogniseFields } from './fields'

export const reading: Started<Project> = {
  name: 'recognise',
  isStage: true,
  start: (project) => startRecognition(project),
  again: (project) => startRecognition(project)
}

/**
 * Reads every field that its model, the project's or its own, has not read yet.
 * @throws NominaError('not-found') without a model, ('busy')
 */
export function startRecognition(project: Project): Job {
  const { app, changes, db, jobs } = project
  const model = currentModel(project)
  if (!model) throw new NominaError('not-found', noModel(project))
  changes.add(assignModels(db, modelsOf(project), allModelsOf(project)))
  const job = jobs.start(reading, { model: model.manifest.id, hash: model.hash }, (control) => {
    const options = {
      engine: project.engine,
      model,
      others: (): Model[] => modelsInUse(project).filter((other) => other !== model),
      provider: app.options.provider ?? null,
      recut: (imageId: number): Promise<void> => recutImage(db, project.pages, imageId),
      ...jobs.arrivals('recognise')
    }
    return recogniseFields(db, options, control, { onFields: changes.add })
  })
  const over = (): void => {
    changes.flush()
    keepReaders(project)
    announceEngine(project)
  }
  job.finished.then(over, over)
  return job
}

/** Where nothing reads and a model is there. Without one the names can be typed, and read later: a person is told. */
export function readAlong(project: Project, tellMissing = false): void {
  if (project.jobs.running('recognise')) return
  if (currentModel(project)) startRecognition(project)
  else if (tellMissing) announceEngine(project, noModel(project))
}

function noModel(project: Project): string {
  const installed = modelsOf(project).map(({ manifest }) => manifest.id)
  if (installed.length) return inEnglish(say('modelGone', { models: installed.join(', ') }))
  const refused = project.app.registry.refused.map((model) => model.reason).join(' ')
  return `${inEnglish(say('noModelInstalled', { folder: project.app.modelsFolder }))} ${refused}`.trim()
}
