/** Rescores a whole project after its lists changed. */
import type { Output } from '../../shared/contract'
import type { Model } from '../../reading/models'
import { currentModelId, deriveFields, immediate, type Database } from '../store'
import { rememberModel } from '../store/models'
import { countRead, readImagesAfter, restoreSome } from '../store/own-readings'
import type { Control } from '../jobs'
import { openRescorer, type Rescorer } from './rescore'
import { turn } from '../store/slices'

/** Readings of one transaction: some ten ms. */
const RESCORED = 24
const RESTORED = 500

/** @param models those in use, as far as they are installed @throws NominaError of the store or a broken language model */
export async function applyLists(
  db: Database,
  models: readonly Model[],
  control: Control = {}
): Promise<Output<'lexicon.apply'>> {
  const { signal, onProgress } = control
  const rescorers: { modelId: number; rescorer: Rescorer }[] = []
  for (const model of models) {
    const modelId = immediate(db, () => rememberModel(db, model))
    const rescorer = await openRescorer(db, model, modelId)
    if (rescorer) rescorers.push({ modelId, rescorer })
  }
  if (!rescorers.length) return restore(db, control)
  const total = countRead(
    db,
    rescorers.map(({ modelId }) => modelId)
  )
  const sum = { readings: 0, changed: 0, without: 0 }
  let done = 0
  for (const { modelId, rescorer } of rescorers) {
    for (let after = 0; ; await turn(db, signal)) {
      const images = readImagesAfter(db, modelId, after, RESCORED)
      if (!images.length) break
      after = images.at(-1)!
      const result = immediate(db, () => {
        const rescored = rescorer.rescore(images)
        deriveFields(db, { imageIds: rescored.imageIds }, currentModelId(db))
        return rescored
      })
      sum.readings += result.readings
      sum.changed += result.changed
      sum.without += result.without
      onProgress?.((done += images.length), total)
    }
  }
  return sum
}

async function restore(db: Database, { signal, onProgress }: Control): Promise<Output<'lexicon.apply'>> {
  const sum = { readings: 0, changed: 0, without: 0 }
  for (; ; await turn(db, signal)) {
    const restored = immediate(db, () => {
      const some = restoreSome(db, RESTORED)
      deriveFields(db, { imageIds: some.map(({ imageId }) => imageId) }, currentModelId(db))
      return some
    })
    if (!restored.length) return sum
    sum.readings += restored.length
    sum.changed += restored.filter(({ changed }) => changed).length
    onProgress?.(sum.readings, null)
  }
}
