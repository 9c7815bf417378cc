/** How often a field was read right before a person looked, by the model that was in use then: on fields that came at random alone. */
import type * as v from 'valibot'
import type { datasetEndpoints } from '../../../shared/contract/dataset'
import { comparable, type ReadOnlyDatabase } from '../../store'
import { atRandomAfter } from '../../store/arrivals'
import { learntOnes } from '../../store/learnt'
import { charactersOf, modelName } from '../../store/models'
import { yielding } from '../../store/slices'
import { bootstrap } from './bootstrap'
import { measure, type Measured } from './measured'
import type { Control } from '../../jobs'
import { characters, exact } from './ratios'

type Period = v.InferOutput<(typeof datasetEndpoints)['dataset.readRight']['output']>['periods'][number]

/** Fields at a time: some 10 ms. */
const SLICE = 400

interface Gathered {
  known: ReadonlySet<string>
  fields: Pick<Measured, 'id' | 'edits' | 'characters' | 'wordEdits' | 'words'>[]
  leftOut: number
  from: string
  to: string
}

/** The model that was used first comes first. What a model had been trained on, as it read it then, is left out. */
export async function readRight(db: ReadOnlyDatabase, { signal }: Control = {}): Promise<Period[]> {
  const byModel = new Map<number, Gathered>()
  const isLearnt = learntOnes(db)
  let after = 0
  for await (const rows of yielding(db, () => atRandomAfter(db, after, SLICE), signal)) {
    after = rows.at(-1)!.decisionId
    for (const row of rows) {
      const { fieldId, modelId, written, read, at } = row
      const own = byModel.get(modelId) ?? { known: charactersOf(db, modelId), fields: [], leftOut: 0, from: at, to: at }
      byModel.set(modelId, own)
      own.to = at
      if (isLearnt(row)) own.leftOut++
      else own.fields.push({ ...measure(fieldId, comparable(written, own.known), comparable(read, own.known)) })
    }
  }
  const periods: Period[] = []
  for (const [model, { fields, leftOut, from, to }] of byModel) {
    const [right = null, wrong = null] = (await bootstrap([exact(fields), characters(fields)])) ?? []
    const name = modelName(db, model) ?? ''
    periods.push({ model, name, from, to, fields: fields.length, leftOut, exact: right, characterErrorRate: wrong })
  }
  return periods
}
