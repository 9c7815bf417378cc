import { RateMeter } from '../core/jobs/rate'
import { loadRegistry, openReader, preferredModel, type Model, type Reader } from '../reading'
import type { EngineResult } from '../reading/engine'
import { NominaError } from '../shared/failure'
import type { RefusedModel } from '../shared/domain'
import { modelsFolders, type Session } from './session'

/** Images read without a project, in the order given. */
export interface ImagesRead {
  model: Model
  provider: string
  note: string | null
  results: EngineResult[]
  seconds: number
}

/** Which model to read with, and on what. */
export interface ReadWith {
  /** undefined: the preferred one */
  model?: string | undefined
  /** undefined: the fastest that works */
  provider?: string | undefined
}

/** Items a call: large enough to fill batches, small enough for a lively progress bar and a quick stop. */
const ITEMS_AT_ONCE = 256

/**
 * Runs `work` with a reader that is closed afterwards, however it ends.
 * @throws NominaError('not-found') where there is no such model
 */
export async function withReader<T>(
  session: Session,
  { model: id, provider }: ReadWith,
  work: (reader: Reader, model: Model, models: Model[]) => Promise<T>
): Promise<T> {
  const registry = await loadRegistry(modelsFolders(session))
  for (const { path, reason } of registry.refused) session.log.warn({ path, reason }, 'model refused')
  const reader = openReader({ ...session.settings, provider: provider ?? null })
  try {
    return await work(reader, chooseModel(registry, id), registry.models)
  } finally {
    await reader.close()
  }
}

/** @throws NominaError('not-found') where there is no such model, ('refused') where it can't be loaded */
export function readImages(session: Session, paths: string[], options: ReadWith): Promise<ImagesRead> {
  return withReader(session, options, async (reader, model) => {
    const { provider, note } = await reader.engine.load(model, options.provider ?? null)
    if (note) session.tell(note)
    const meter = new RateMeter()
    const results: EngineResult[] = []
    const startedAt = performance.now()
    for (let start = 0; start < paths.length; start += ITEMS_AT_ONCE) {
      const files = paths.slice(start, start + ITEMS_AT_ONCE).map((path) => ({ path }))
      session.signal.throwIfAborted()
      const read = await reader.readFields(model, files, session.signal)
      results.push(...read.map((result) => ({ ...result, key: start + result.key })))
      meter.add(results.length)
      showProgress(session, results, paths.length, meter.rate())
    }
    results.sort((a, b) => a.key - b.key)
    return { model, provider, note, results, seconds: (performance.now() - startedAt) / 1000 }
  })
}

interface Registry {
  models: Model[]
  refused: RefusedModel[]
}

function chooseModel({ models, refused }: Registry, id: string | undefined): Model {
  const model = id === undefined ? preferredModel(models) : models.find((candidate) => candidate.manifest.id === id)
  if (model) return model
  const reasons = refused.map(({ path, reason }) => ` Refused: ${path}: ${reason}`).join('')
  if (id === undefined) throw new NominaError('not-found', `There is no model to read with.${reasons}`)
  const known = models.map((candidate) => candidate.manifest.id).join(', ') || 'none'
  throw new NominaError('not-found', `There is no model ${id}. Installed: ${known}.${reasons}`)
}

function showProgress(session: Session, results: EngineResult[], total: number, rate: number | null): void {
  const done = results.length
  const failed = results.filter((result) => !result.ok).length
  const timeLeft = rate ? (total - done) / rate : null
  session.progress.update({ what: 'Reading', done, total, failed, rate, timeLeft })
}
