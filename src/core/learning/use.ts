/** Which generation of a reader is in use, and how another one takes its place. */
import type { Model } from '../../reading/models'
import { NominaError, say } from '../../shared/failure'
import { followCalibration } from '../confidence'
import { announceProject, currentModel, modelWithId, readersInUse, type Project, type ReaderInUse } from '../project'
import { startRecognition } from '../recognise/stage'
import { currentModelId, immediate, setSetting } from '../store'
import { replaceFieldModel } from '../store/field-models'
import { baseOf, listGenerations, readerOf, type StoredGeneration } from '../store/generations'
import { modelIdOf, modelName } from '../store/models'
import { dropUnusedReadings } from './tidy'

/**
 * @param name of the reader; without one the project's own
 * @throws NominaError `not-found` without a model, or where nothing is read by one of that name
 */
export function readerInUse(project: Project, name?: string): ReaderInUse {
  const all = readersInUse(project)
  const found = all.find(({ asked, baseId }) => (name ? modelName(project.db, baseId) === name : asked === null))
  if (found) return found
  if (!name) throw new NominaError('not-found', say('noReaderLearns'))
  const known = all.map(({ baseId }) => modelName(project.db, baseId)).join(', ') || '–'
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
 * Goes to a generation by its number, to what the one in use began from (null), or back to what was in use before.
 * @returns null: no generation is in use now
 * @throws NominaError `not-found` no such generation, or its files are gone
 */
export async function useGeneration(
  project: Project,
  which: number | 'back' | null,
  name?: string
): Promise<StoredGeneration | null> {
  const reader = readerInUse(project, name)
  const all = listGenerations(project.db, reader.readerId)
  const modelId =
    which === 'back'
      ? before(all, reader)
      : which === null
        ? reader.baseId
        : all.find(({ number }) => number === which)?.modelId
  if (modelId === undefined) {
    const known = all.map(({ number }) => number).join(', ') || '–'
    throw which === 'back'
      ? new NominaError('not-found', say('noGenerationBefore'))
      : new NominaError('not-found', say('noGeneration', { number: which!, known }))
  }
  const target = all.find((generation) => generation.modelId === modelId) ?? null
  if (!modelWithId(project, modelId))
    throw new NominaError('not-found', target ? say('generationGone', { file: target.file }) : say('readerGone'))
  await exchange(project, reader, modelId)
  return target
}

/** The newest that was taken before, then what it began from, then what that took the place of; undefined: nothing is before it. */
function before(all: StoredGeneration[], { modelId, baseId, readerId }: ReaderInUse): number | undefined {
  const now = all.findIndex((generation) => generation.modelId === modelId)
  if (now !== -1) return all.slice(0, now).findLast((one) => one.taken && one.baseId === baseId)?.modelId ?? baseId
  if (modelId === readerId) return undefined
  return all.findLast((one) => one.taken && one.baseId !== baseId)?.modelId ?? readerId
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

/** Where the files of what is in use are gone, what it began from, or the reader that it belongs to, is used again. */
export function leaveLostGeneration(project: Project): void {
  const { db } = project
  const modelId = currentModelId(db)
  if (modelId === null || currentModel(project)) return
  const left = [baseOf(db, modelId), readerOf(db, modelId)].find((id) => modelWithId(project, id) !== null)
  if (left !== undefined) setSetting(db, 'currentModel', left)
}
