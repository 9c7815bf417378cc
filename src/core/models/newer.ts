/** Another model for a project: of the reader that it has, a newer make of that, or any other. */
import { NominaError, say } from '../../shared/failure'
import { exchange, exchangeFor } from '../learning'
import { newerReaders, type Newer, type Project } from '../project'
import { getSetting, immediate, setSetting } from '../store'
import { joinReader } from '../store/generations'
import { rememberModel } from '../store/models'
import { chosenModel, selectTriedModel, tryModel, type ModelChoice } from './choose'

/**
 * Makes it the project's model. Where it is of the reader that the project has, or newer, no field loses the reading that it shows,
 * and what is undecided is read again.
 * @returns whether that was begun
 * @throws NominaError `not-found`, `refused` it can't be run
 */
export async function readWith(project: Project, choice: ModelChoice): Promise<boolean> {
  const model = chosenModel(project, choice)
  const newer = newerReaders(project).find((one) => one.of.asked === null && one.model === model)
  if (newer) return take(project, newer)
  if (model && (await exchangeFor(project, model))) return true
  await selectTriedModel(project, choice)
  return false
}

/** @throws NominaError `not-found` nothing newer is installed under this hash, `refused` it can't be run */
export const takeNewer = (project: Project, hash: string): Promise<boolean> => take(project, newerWith(project, hash))

/** It is not offered to this project any more. @throws NominaError `not-found` */
export function leaveNewer(project: Project, hash: string): void {
  const { db } = project
  const { left } = newerWith(project, hash)
  if (!left) immediate(db, () => setSetting(db, 'readersLeft', [...(getSetting(db, 'readersLeft') ?? []), hash]))
}

function newerWith(project: Project, hash: string): Newer {
  const newer = newerReaders(project).find(({ model }) => model.hash === hash)
  if (!newer) throw new NominaError('not-found', say('noNewerReader'))
  return newer
}

async function take(project: Project, { of, model }: Newer): Promise<true> {
  const { db } = project
  await tryModel(project, model)
  const modelId = immediate(db, () => {
    const id = rememberModel(db, model)
    joinReader(db, id, of.readerId)
    return id
  })
  await exchange(project, of, modelId)
  return true
}
