/** Reads every image of a project that its models have not read yet, and stores what they read as it goes. */
import { openRescorer } from '../lexicon/rescore'
import type { Model } from '../../reading/models'
import { workOff, type Arrivals, type JobControl, type Stage } from '../jobs'
import { currentModelId, deriveFields, immediate, type Database } from '../store'
import { rememberModel } from '../store/models'
import { fieldsOfImages, storeReadings, type FieldToRead } from '../store/readings'
import type { Engine } from '../../reading/engine'
import { itemsOf, type Recut } from './crops'
import { PendingImages } from './pending'
import type { EngineResult } from '../../reading/engine'

export interface RecogniseOptions extends Partial<Arrivals> {
  engine: Engine
  /** The project's. */
  model: Model
  /** Models that fields ask for themselves, as things stand: they read after the project's. */
  others?: () => readonly Model[]
  /** A provider's name; null: the fastest that works. */
  provider?: string | null
  /** Cuts an image again whose crop is gone. */
  recut?: Recut
}

/** Images, not fields: identical files count once for each model that reads them. */
export interface RecogniseResult {
  read: number
  failed: number
  /** Had been read by this model before. */
  skipped: number
}

/** Images of one request to the engine and of one transaction. */
const CHUNK = 64
/** Requests under way: the engine decodes the next while it computes one and the core stores another. */
const IN_FLIGHT = 3

/** What was done so far, by all models, of how many images; null: not known yet. */
type Tally = RecogniseResult & { total: number | null }

/**
 * Goes on where it stopped: what is stored is not read again, what failed in an earlier run is tried again. Resolves when
 * nothing is left and no more is to come.
 * @throws NominaError of the engine or the store; the signal's reason when cancelled. What was read until then is stored.
 */
export async function recogniseFields(
  db: Database,
  options: RecogniseOptions,
  run: JobControl,
  hooks: RecogniseHooks = {}
): Promise<RecogniseResult> {
  const { model, others = () => [] } = options
  const tally: Tally = { read: 0, failed: 0, skipped: 0, total: null }
  const waitingOf = (other: Model): PendingImages => {
    const modelId = immediate(db, () => rememberModel(db, other))
    return new PendingImages(db, { modelId, isProjects: other === model })
  }
  const countOthers = async (): Promise<number> => {
    let count = 0
    for (const other of others()) count += await waitingOf(other).count()
    return count
  }
  await readWith(db, model, waitingOf(model), { ...options, countOthers }, tally, run, hooks)
  const rest = { ...options, moreToCome: () => false, countOthers: () => Promise.resolve(0) }
  for (const other of others()) {
    const pending = waitingOf(other)
    if ((await pending.count()) > 0) await readWith(db, other, pending, rest, tally, run, hooks)
  }
  const { read, failed, skipped } = tally
  return { read, failed, skipped }
}

interface RecogniseHooks {
  onFields?(ids: number[]): void
}

/** Reads what waits for one model, and adds to the tally. */
async function readWith(
  db: Database,
  model: Model,
  pending: PendingImages,
  options: RecogniseOptions & { countOthers: () => Promise<number> },
  tally: Tally,
  run: JobControl,
  hooks: RecogniseHooks
): Promise<void> {
  const { engine, moreToCome = () => false, waitForMore = () => Promise.resolve() } = options
  const { provider, note } = await engine.load(model, options.provider ?? null)
  const { modelId } = pending.reader
  const rescorer = await openRescorer(db, model, modelId)
  let sent = 0
  const report = (): void => {
    const { read, failed, total } = tally
    const done = read + failed
    run.report({ done, total: total === null ? null : Math.max(total, done), failed, message: note })
  }
  const store = (results: EngineResult[]): void => {
    const imageIds = results.map(({ key }) => key)
    immediate(db, () => {
      storeReadings(db, results, { modelId, runId: run.id, provider: engine.report().provider ?? provider })
      const rescored = rescorer?.rescore(imageIds).imageIds ?? []
      deriveFields(db, { imageIds: [...new Set([...imageIds, ...rescored])] }, currentModelId(db))
    })
    for (const { ok } of results) tally[ok ? 'read' : 'failed']++
    hooks.onFields?.(fieldsOfImages(db, imageIds))
    report()
  }

  const stage: Stage<FieldToRead[]> = {
    atOnce: IN_FLIGHT,
    async next(last) {
      const images = await pending.take(CHUNK, last)
      if (tally.total === null && last) {
        tally.total = sent + images.length + (await pending.count()) + (await options.countOthers())
        report()
      }
      sent += images.length
      return images.length ? images : null
    },
    work: async (images) => store(await readChunk(db, options, images, run.signal))
  }
  report()
  await workOff(stage, run, { moreToCome, waitForMore })
  tally.skipped += pending.skipped
}

async function readChunk(
  db: Database,
  { engine, recut }: RecogniseOptions,
  images: FieldToRead[],
  signal: AbortSignal
): Promise<EngineResult[]> {
  const { items, resultsOf } = await itemsOf(db, images, recut)
  return resultsOf(await engine.read(items, signal))
}
