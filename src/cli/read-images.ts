import { RateMeter } from '../core/runs/rate'
import type { Context } from '../core/context'
import { NominaError } from '../shared/failure'
import type { Model } from '../reading/models'
import { preferredModel } from '../core/projects'
import type { EngineItem, EngineResult } from '../reading/engine'
import type { Session } from './session'

/** Images read without a project, in the order given. */
export interface ImagesRead {
  model: Model
  provider: string
  note: string | null
  results: EngineResult[]
  seconds: number
}

/** Items a call: large enough to fill batches, small enough for a lively progress bar and a quick stop. */
const ITEMS_AT_ONCE = 256

/**
 * @param id the model's; undefined: the preferred one
 * @throws NominaError('not-found') where there is no such model, ('refused') where it can't be loaded
 */
export async function readImages(
  session: Session,
  context: Context,
  paths: string[],
  { id, provider }: { id?: string | undefined; provider?: string | undefined }
): Promise<ImagesRead> {
  const model = chooseModel(context, id)
  const loaded = await context.engine.load(model, provider ?? null)
  if (loaded.note) session.tell(loaded.note)
  const meter = new RateMeter()
  const results: EngineResult[] = []
  const startedAt = performance.now()
  for (let start = 0; start < paths.length; start += ITEMS_AT_ONCE) {
    const items = paths.slice(start, start + ITEMS_AT_ONCE).map((path, offset): EngineItem => {
      return { key: start + offset, path, page: 1, rotation: 0 }
    })
    session.signal.throwIfAborted()
    results.push(...(await context.engine.read(items, session.signal)))
    meter.add(results.length)
    showProgress(session, results, paths.length, meter.rate())
  }
  results.sort((a, b) => a.key - b.key)
  return {
    model,
    provider: loaded.provider,
    note: loaded.note,
    results,
    seconds: (performance.now() - startedAt) / 1000
  }
}

export function chooseModel({ registry: { models, refused } }: Context, id: string | undefined): Model {
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
