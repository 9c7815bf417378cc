/** Which generation of a reader is in use, and how another one takes its place. */
import type { Model } from '../../reading/models'
import { NominaError, say } from '../../shared/failure'
import { followCalibration } from '../confidence'
import { announceProject, currentModel, modelWithId, type Project } from '../project'
import { startRecognition } from '../recognise/stage'
import { currentModelId, immediate, setSetting } from '../store'
import { fieldModels, replaceFieldModel } from '../store/field-models'
import { listGenerations, readerOf, type StoredGeneration } from '../store/generations'
import { modelIdOf, modelName } from '../store/models'
import { dropUnusedReadings } from './tidy'

/** A reader of the project: `models.id` of what its fields ask for (null: they are read by the project's), and of what reads them now. */
export interface ReaderInUse {
  asked: number | null
  modelId: number
  readerId: number
}

/** The project's reader first, then those that templates name for fields of theirs. One that is both is the project's. */
export function readersInUse({ db }: Pick<Project, 'db'>): ReaderInUse[] {
  const own = currentModelId(db)
  const found: ReaderInUse[] = own === null ? [] : [{ asked: null, modelId: own, readerId: readerOf(db, own) }]
  for (const modelId of Object.values(fieldModels(db))) {
    const readerId = readerOf(db, modelId)
    if (!found.some((reader) => reader.readerId === readerId)) found.push({ asked: modelId, modelId, readerId })
  }
  return found
}

/**
 * @param name of the reader; without one the project's own
 * @throws NominaError `not-found` without a model, or where nothing is read by one of that name
 */
export function readerInUse(project: Project, name?: string): ReaderInUse {
  const all = readersInUse(project)
  const found = all.find(({ asked, readerId }) => (name ? modelName(project.db, readerId) === name : asked === null))
  if (found) return found
  if (!name) throw new NominaError('not-found', say('noReaderLearns'))
  const known = all.map(({ readerId }) => modelName(project.db, readerId)).join(', ') || '–'
  throw new NominaError('not-found', say('noSuchReader', { reader: name, known }))
}

/**
 * Puts a model of the same reader in place of the one that is in use. Fields keep the reading that they show until the other
 * has read them, which is begun; decided fields keep theirs. Shown confidences follow in slices.
 */
export async function exchange(project: Project, { asked, modelId, readerId }: ReaderInUse, to: number): Promise<void> {
  const { db, jobs } = project
  if (modelId === to) return
  const running = jobs.running('recognise')
  running?.stop('cancelled')
  await running?.finished.catch(() => undefined)
  immediate(db, () => {
    if (asked === null) setSetting(db, 'currentModel', to)
    else replaceFieldModel(db, modelId, { readerId, to })
    setSetting(db, 'calibrationPending', 0)
  })
  announceProject(project)
  await jobs.quick.run('calibration', null, ({ signal }) => followCalibration(db, signal))
  project.tellFields(null)
  project.events.emit('acceptance.changed', { broken: null })
  if (!currentModel(project)) return
  const reading = startRecognition(project)
  reading.finished
    .then(() => (reading.progress().status === 'done' ? dropUnusedReadings(project) : undefined))
    .catch(() => {}) // the next opening goes on
}

/**
 * Goes to a generation by its number, to the shipped reader (null), or back to what was in use before.
 * @returns null: the shipped reader is in use now
 * @throws NominaError `not-found` no such generation, or its files are gone
 */
export async function useGeneration(
  project: Project,
  which: number | 'back' | null,
  name?: string
): Promise<StoredGeneration | null> {
  const reader = readerInUse(project, name)
  const all = listGenerations(project.db, reader.readerId)
  const target =
    which === 'back' ? before(all, reader.modelId) : which === null ? null : all.find(({ number }) => number === which)
  if (target === undefined) {
    const known = all.map(({ number }) => number).join(', ') || '–'
    throw which === 'back'
      ? new NominaError('not-found', say('noGenerationBefore'))
      : new NominaError('not-found', say('noGeneration', { number: which!, known }))
  }
  const modelId = target?.modelId ?? reader.readerId
  if (!modelWithId(project, modelId))
    throw new NominaError('not-found', target ? say('generationGone', { file: target.file }) : say('readerGone'))
  await exchange(project, reader, modelId)
  return target
}

/** The newest that was taken before; null: the shipped reader; undefined: that is in use already. */
function before(all: StoredGeneration[], modelId: number): StoredGeneration | null | undefined {
  const now = all.findIndex((generation) => generation.modelId === modelId)
  if (now === -1) return undefined
  return all.slice(0, now).findLast(({ taken }) => taken === 1) ?? null
}

/** Reads with a model that is of the same reader as the one in use. @returns false: it is not, and nothing was done */
export async function exchangeFor(project: Project, model: Model): Promise<boolean> {
  const { db } = project
  const to = modelIdOf(db, model)
  if (to === null || currentModelId(db) === null) return false
  const reader = readerInUse(project)
  if (readerOf(db, to) !== reader.readerId) return false
  await exchange(project, reader, to)
  return true
}

/** Where the files of the generation in use are gone, the reader that it belongs to is used again. */
export function leaveLostGeneration(project: Project): void {
  const { db } = project
  const modelId = currentModelId(db)
  if (modelId === null || currentModel(project)) return
  const readerId = readerOf(db, modelId)
  if (readerId !== modelId && modelWithId(project, readerId)) setSetting(db, 'currentModel', readerId)
}
