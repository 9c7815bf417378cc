/** Error rates of models on decided fields, and two models against each other. */
import type * as v from 'valibot'
import type { datasetEndpoints, ModelScore } from '../../../shared/contract/dataset'
import { mcnemar } from '../../confidence'
import { NominaError } from '../../../shared/failure'
import { currentModelId, type ReadOnlyDatabase } from '../../store'
import { isTrainingKnown } from '../../store/learnt'
import { bootstrap } from './bootstrap'
import { measurableModels, type On } from '../../store/figures'
import { modelName } from '../../store/models'
import { measured, type Measured } from './measured'
import type { Control } from '../../jobs'
import { characters, exact, words } from './ratios'

type Comparison = v.InferOutput<(typeof datasetEndpoints)['dataset.compare']['output']>

const MOST_IDS = 500

/** Hashes of the models that ship with Nomina: no project was learnt from for them. */
export type Shipped = ReadonlySet<string>
const none: Shipped = new Set()

export async function scores(
  db: ReadOnlyDatabase,
  on: On,
  control: Control = {},
  shipped = none
): Promise<ModelScore[]> {
  const current = currentModelId(db)
  const found: ModelScore[] = []
  const models = measurableModels(db, current)
  for (const { id, name, hash } of models) {
    const { fields, learnt } = await collect(db, id, on, control.signal)
    const intervals = await bootstrap([characters(fields), words(fields), exact(fields)])
    const [characterErrorRate = null, wordErrorRate = null, right = null] = intervals ?? []
    found.push({
      model: id,
      name,
      hash,
      current: id === current,
      fields: fields.length,
      leftOut: learnt.size,
      trainingKnown: isTrainingKnown(db, id, shipped),
      characterErrorRate,
      wordErrorRate,
      exact: right
    })
    control.onProgress?.(found.length, models.length)
  }
  return found.filter(({ fields, leftOut, current: isCurrent }) => fields > 0 || leftOut > 0 || isCurrent)
}

/** @throws NominaError('not-found') */
export async function compareModels(
  db: ReadOnlyDatabase,
  { a, b, on }: { a: number; b: number; on: On },
  { signal }: Control = {},
  shipped = none
): Promise<Comparison> {
  for (const id of [a, b])
    if (modelName(db, id) === null)
      throw new NominaError('not-found', `There is no model with the number ${id} in this project.`)
  const [one, other] = [await collect(db, a, on, signal), await collect(db, b, on, signal)]
  const ofB = new Map(other.fields.map((field) => [field.id, field]))
  const both = one.fields.flatMap((field) => {
    const same = ofB.get(field.id)
    return same ? [{ a: field, b: same }] : []
  })
  const readByA = new Set([...one.learnt, ...one.fields.map(({ id }) => id)])
  const readByB = new Set([...other.learnt, ...ofB.keys()])
  const readByBoth = [...readByA].filter((id) => readByB.has(id)).length
  const right = ({ edits }: Measured): boolean => edits === 0
  const ids = (holds: (pair: (typeof both)[number]) => boolean): number[] => both.filter(holds).map((pair) => pair.a.id)
  const onlyA = ids((pair) => right(pair.a) && !right(pair.b))
  const onlyB = ids((pair) => !right(pair.a) && right(pair.b))
  const bothWrong = ids((pair) => !right(pair.a) && !right(pair.b))
  const sides = [both.map((pair) => pair.a), both.map((pair) => pair.b)]
  const difference = await bootstrap(
    sides.flatMap((fields) => [exact(fields), characters(fields)]),
    ([exactA, errorsA, exactB, errorsB]) => [exactB! - exactA!, errorsB! - errorsA!]
  )
  return {
    fields: both.length,
    leftOut: readByBoth - both.length,
    trainingKnown: [a, b].every((id) => isTrainingKnown(db, id, shipped)),
    bothRight: both.length - onlyA.length - onlyB.length - bothWrong.length,
    onlyA: onlyA.length,
    onlyB: onlyB.length,
    bothWrong: bothWrong.length,
    exact: difference?.[0] ?? null,
    characterErrorRate: difference?.[1] ?? null,
    probability: both.length ? mcnemar(onlyA.length, onlyB.length) : null,
    ids: {
      onlyA: onlyA.slice(0, MOST_IDS),
      onlyB: onlyB.slice(0, MOST_IDS),
      bothWrong: bothWrong.slice(0, MOST_IDS)
    }
  }
}

interface Collected {
  fields: Measured[]
  /** Those that the model was trained on. */
  learnt: Set<number>
}

async function collect(db: ReadOnlyDatabase, model: number, on: On, signal?: AbortSignal): Promise<Collected> {
  const fields: Measured[] = []
  const learnt = new Set<number>()
  const onLearnt = (ids: number[]): void => ids.forEach((id) => learnt.add(id))
  // The alignments of 100,000 fields are not kept: only their counts are wanted here.
  for await (const some of measured(db, model, on, { signal, onLearnt }))
    for (const field of some) fields.push({ ...field, steps: [] })
  return { fields, learnt }
}
