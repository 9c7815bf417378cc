/** Generations as windows and the command line tell of them. */
import type { Generation, Generations } from '../../shared/contract/learning'
import type { Project } from '../project'
import { currentModelId } from '../store'
import { listGenerations, readerOf, type StoredGeneration } from '../store/generations'
import { modelName } from '../store/models'

export type { Generation } from '../../shared/contract/learning'

/** Of the project's reader, oldest first. */
export function generationsOf({ db }: Project): Generations {
  const modelId = currentModelId(db)
  if (modelId === null) return { reader: null, inUse: null, generations: [] }
  const readerId = readerOf(db, modelId)
  const generations = listGenerations(db, readerId).map((stored) => describe(stored, modelId))
  return {
    reader: modelName(db, readerId),
    inUse: generations.find(({ inUse }) => inUse)?.number ?? null,
    generations
  }
}

function describe(stored: StoredGeneration, current: number): Generation {
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
    learnt: JSON.parse(stored.learnt) as Generation['learnt'],
    dropped: JSON.parse(stored.dropped) as Generation['dropped']
  }
}
