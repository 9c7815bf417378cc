/** What reads a project's fields, and what there is to take its place. */
import type { Model } from '../../reading/models'
import type { ProjectInfo } from '../../shared/domain'
import { currentModelId, getSetting, type ReadOnlyDatabase } from '../store'
import { fieldModels } from '../store/field-models'
import { baseOf, readerOf, standsAlone } from '../store/generations'
import { modelHash, modelIdOf, modelName, storedManifest } from '../store/models'
import type { Project } from './project'

/**
 * A reader of the project: `models.id` of what its fields ask for (null: they are read by the project's), of what reads them now,
 * of the reader that this belongs to, and of what was installed that its weights began from.
 */
export interface ReaderInUse {
  asked: number | null
  modelId: number
  readerId: number
  baseId: number
}

/** The project's reader first, then those that templates name for fields of theirs. One that is both is the project's. */
export function readersInUse({ db }: Pick<Project, 'db'>): ReaderInUse[] {
  const own = currentModelId(db)
  const inUse = (asked: number | null, modelId: number): ReaderInUse => ({
    asked,
    modelId,
    readerId: readerOf(db, modelId),
    baseId: baseOf(db, modelId)
  })
  const found = own === null ? [] : [inUse(null, own)]
  for (const modelId of Object.values(fieldModels(db))) {
    const reader = inUse(modelId, modelId)
    if (!found.some(({ readerId }) => readerId === reader.readerId)) found.push(reader)
  }
  return found
}

export interface Newer {
  of: ReaderInUse
  /** What `of` began from. */
  name: string
  model: Model
  /** A person does not want it now. */
  left: boolean
}

/** Installed models that are newer than what the project reads with. One that it has read with before is nothing new. */
export function newerReaders({ app, db }: Pick<Project, 'app' | 'db'>): Newer[] {
  const left = getSetting(db, 'readersLeft') ?? []
  return readersInUse({ db }).flatMap((of) => {
    const name = modelName(db, of.baseId)!
    const model = app.registry.models.find((one) => {
      if (!isNewer(db, one, of.baseId, name)) return false
      const known = modelIdOf(db, one)
      return known === null || standsAlone(db, known)
    })
    return model ? [{ of, name, model, left: left.includes(model.hash) }] : []
  })
}

/** Those that nobody has said “not now” to, as a window or a command tells them. */
export const offeredReaders = (project: Pick<Project, 'app' | 'db'>): ProjectInfo['newer'] =>
  newerReaders(project)
    .filter(({ left }) => !left)
    .map(({ name, model: { manifest, hash } }) => ({ id: manifest.id, hash, reader: name }))

/** The stored manifest is looked at last: it is long. */
function isNewer(db: ReadOnlyDatabase, { manifest, hash }: Model, than: number, name: string): boolean {
  if (manifest.id !== name && !manifest.replaces?.includes(name)) return false
  if (hash === modelHash(db, than)) return false
  return manifest.id !== name || (manifest.version ?? 1) >= (storedManifest(db, than).version ?? 1)
}
