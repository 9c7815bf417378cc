/** Generations as windows and the command line tell of them. */
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { filesOf, type Model } from '../../reading/models'
import type { Generation, Generations } from '../../shared/contract/learning'
import { modelWithId, readersInUse, type Project, type ReaderInUse } from '../project'
import { listGenerations, type StoredGeneration } from '../store/generations'
import { imageVersions } from '../store/learnt'
import { modelName } from '../store/models'

export type { Generation } from '../../shared/contract/learning'

/** A character that got better, as a generation's row keeps it. */
export type StoredCharacter = Omit<Generation['learnt'][number], 'examples'> & {
  examples?: { fieldId: number; text: string; before: string; after: string }[]
}

/** Of the project's reader, and of those that fields have of their own; oldest first. */
export function generationsOf(project: Project): Generations {
  const readers = readersInUse(project)
  const own = readers.find(({ asked }) => asked === null)
  return {
    ...(own ? ofReader(project, own) : { reader: null, inUse: null, generations: [] }),
    others: readers.filter((reader) => reader !== own).map((reader) => ofReader(project, reader))
  }
}

function ofReader(project: Project, { readerId, baseId, modelId }: ReaderInUse) {
  const { db } = project
  const generations = listGenerations(db, readerId).map((stored) => describe(project, stored, modelId))
  return {
    reader: modelName(db, baseId)!,
    inUse: generations.find(({ inUse }) => inUse)?.number ?? null,
    generations
  }
}

export function describe(project: Project, stored: StoredGeneration, current: number): Generation {
  const model = modelWithId(project, stored.modelId)
  const { number, reader, base, file, reason, trainedOn, decided, epochs, seconds, madeAt } = stored
  return {
    number,
    reader,
    base,
    file,
    inUse: stored.modelId === current,
    taken: stored.taken === 1,
    reason,
    trainedOn,
    selfTraining: stored.selfTraining === 1,
    decided,
    epochs,
    seconds,
    madeAt,
    judges: JSON.parse(stored.judges) as Generation['judges'],
    learnt: learntOf(project, JSON.parse(stored.learnt) as StoredCharacter[]),
    dropped: JSON.parse(stored.dropped) as Generation['dropped'],
    bytes: model ? bytesOf(model) : 0
  }
}

/** With where the pictures of the fields are; fields that are gone show nothing. */
function learntOf({ db }: Pick<Project, 'db'>, characters: StoredCharacter[]): Generation['learnt'] {
  const versions = imageVersions(
    db,
    characters.flatMap(({ examples = [] }) => examples.map(({ fieldId }) => fieldId))
  )
  return characters.map(({ examples = [], ...character }) => ({
    ...character,
    examples: examples.flatMap(({ fieldId, ...texts }) => {
      const imageVersion = versions.get(fieldId)
      return imageVersion === undefined ? [] : [{ field: { id: fieldId, imageVersion }, ...texts }]
    })
  }))
}

/** Of all its files. */
function bytesOf({ folder, manifest, manifestPath }: Model): number {
  const paths = [manifestPath, ...filesOf(manifest).map((file) => join(folder, file))]
  return paths.reduce((sum, path) => sum + (statSync(path, { throwIfNoEntry: false })?.size ?? 0), 0)
}
