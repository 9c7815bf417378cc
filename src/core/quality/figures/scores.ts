/** Error rates of models on decided fields, and two models against each other. */
import type * as v from 'valibot'
import type { datasetEndpoints, ModelScore } from '../../../shared/contract/dataset'
import { mcnemar } from '../../confidence'
import { NominaError } from '../../../shared/failure'
import { currentModelId, type ReadOnlyDatabase } from '../../store'
import { bootstrap, type Ratio } from './bootstrap'
import { measurableModels, measured, type Measured, type On } from './measured'
import type { FigureControl } from './overview'

type Comparison = v.InferOutput<(typeof datasetEndpoints)['dataset.compare']['output']>

const MOST_IDS = 500

export async function scores(db: ReadOnlyDatabase, on: On, control: FigureControl = {}): Promise<ModelScore[]> {
  const current = currentModelId(db)
  const found: ModelScore[] = []
  const models = measurableModels(db, current)
  for (const { id, name, hash } of models) {
    const fields = await collect(db, id, on, control.signal)
    const intervals = await bootstrap([characters(fields), words(fields), exact(fields)])
    const [characterErrorRate = null, wordErrorRate = null, right = null] = intervals ?? []
    found.push({
      model: id,
      name,
      hash,
      current: id === current,
      fields: fields.length,
      characterErrorRate,
      wordErrorRate,
      exact: right
    })
    control.onProgress?.(found.length, models.length)
  }
  return found.filter(({ fields, current: isCurrent }) => fields > 0 || isCurrent)
}

/** @throws NominaError('not-found') */
export async function compareModels(
  db: ReadOnlyDatabase,
  { a, b, on }: { a: number; b: number; on: On },
  signal?: AbortSignal
): Promise<Comparison> {
  for (const id of [a, b])
    if (!db.prepare<[number], number>('SELECT 1 FROM models WHERE id = ?').get(id))
      throw new NominaError('not-found', `There is no model with the number ${id} in this project.`)
  const ofB = new Map((await collect(db, b, on, signal)).map((field) => [field.id, field]))
  const both = (await collect(db, a, on, signal)).flatMap((field) => {
    const other = ofB.get(field.id)
    return other ? [{ a: field, b: other }] : []
  })
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

type Counted = Pick<Measured, 'id' | 'edits' | 'characters' | 'wordEdits' | 'words'>

async function collect(db: ReadOnlyDatabase, model: number, on: On, signal?: AbortSignal): Promise<Measured[]> {
  const all: Measured[] = []
  // The alignments of 100,000 fields are not kept: only their counts are wanted here.
  for await (const some of measured(db, model, on, signal)) for (const field of some) all.push({ ...field, steps: [] })
  return all
}

const ratio = (
  fields: readonly Counted[],
  above: (field: Counted) => number,
  below: (field: Counted) => number
): Ratio => ({
  above: Float64Array.from(fields, above),
  below: Float64Array.from(fields, below)
})
const characters = (fields: readonly Counted[]): Ratio =>
  ratio(
    fields,
    (f) => f.edits,
    (f) => f.characters
  )
const words = (fields: readonly Counted[]): Ratio =>
  ratio(
    fields,
    (f) => f.wordEdits,
    (f) => f.words
  )
const exact = (fields: readonly Counted[]): Ratio =>
  ratio(
    fields,
    (f) => (f.edits === 0 ? 1 : 0),
    () => 1
  )
