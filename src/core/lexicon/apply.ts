/** Rescores a whole project after its lists changed. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Output } from '../../shared/contract'
import type { Model } from '../models'
import { currentModelId, deriveFields, immediate, type Database } from '../store'
import { readImagesAfter, restoreSome } from '../store/own-readings'
import type { Progress } from './import'
import { openRescorer } from './rescore'

/** Readings of one transaction: some ten ms. */
const RESCORED = 24
const RESTORED = 500

/** @param model the project's, as far as it is installed @throws NominaError of the store or a broken language model */
export async function applyLists(
  db: Database,
  model: Model | null,
  onProgress: Progress
): Promise<Output<'lexicon.apply'>> {
  const modelId = currentModelId(db)
  const rescorer = model && modelId !== null ? await openRescorer(db, model, modelId) : null
  if (!rescorer || modelId === null) return restore(db, onProgress)
  const total = db
    .prepare<[number], number>("SELECT count(*) FROM readings WHERE model_id = ? AND status = 'ok'")
    .pluck()
    .get(modelId)!
  const sum = { readings: 0, changed: 0, without: 0 }
  let after = 0
  for (let done = 0; ; await nextTurn()) {
    const images = readImagesAfter(db, modelId, after, RESCORED)
    if (!images.length) return sum
    after = images.at(-1)!
    const result = immediate(db, () => {
      const rescored = rescorer.rescore(images)
      deriveFields(db, { imageIds: rescored.imageIds }, modelId)
      return rescored
    })
    sum.readings += result.readings
    sum.changed += result.changed
    sum.without += result.without
    onProgress((done += images.length), total)
  }
}

async function restore(db: Database, onProgress: Progress): Promise<Output<'lexicon.apply'>> {
  const sum = { readings: 0, changed: 0, without: 0 }
  for (; ; await nextTurn()) {
    const restored = immediate(db, () => {
      const some = restoreSome(db, RESTORED)
      deriveFields(db, { imageIds: some.map(({ imageId }) => imageId) }, currentModelId(db))
      return some
    })
    if (!restored.length) return sum
    sum.readings += restored.length
    sum.changed += restored.filter(({ changed }) => changed).length
    onProgress(sum.readings, null)
  }
}
