/** Looks again at files that could not be used, or that were gone. */
import { stat } from 'node:fs/promises'
import type { ImportReport } from '../../shared/domain'
import type { JobControl } from '../jobs'
import type { Database } from '../store'
import { countIdentical, ensureRoot, readSources, unusableSourceIds, type Source } from '../store/sources'
import { limited } from './import'
import { planOptions, type ImportHooks, type ImportOptions } from './options'
import { absoluteOf, type Place } from './places'
import { applyMoves, planImport } from './plan'
import { emptyReport } from './report'
import { createTakeIn } from './take-in'

/** `sourceIds`: null for all that failed or are missing. */
export async function retrySources(
  db: Database,
  sourceIds: number[] | null,
  run: JobControl,
  hooks: ImportHooks = {},
  options: ImportOptions = {}
): Promise<ImportReport> {
  const sources = readSources(db, sourceIds ?? unusableSourceIds(db))
  const places = await Promise.all(sources.map((source) => placeOf(db, source)))
  const plan = await planImport(db, places, [], planOptions(options), run)
  await applyMoves(db, plan, run, hooks)
  const takeIn = createTakeIn(db, run, hooks, plan, options)
  await takeIn.all(places)
  const { counts, failed, partial } = takeIn.result()
  return {
    ...emptyReport(),
    files: sources.length,
    ...counts,
    identical: countIdentical(db),
    failed: limited(failed),
    unsupported: limited(partial)
  }
}

async function placeOf(db: Database, source: Source): Promise<Place> {
  const absolute = absoluteOf(source)
  const stats = await stat(absolute).catch(() => null)
  const { root, path } = source
  const size = stats?.size ?? source.size
  // -1: no file was ever written then, so the file is read, and its absence is found.
  const file = {
    root,
    path,
    absolute,
    size,
    modifiedMs: stats?.mtimeMs ?? -1,
    changedMs: stats?.ctimeMs ?? -1,
    format: ''
  }
  return { rootId: ensureRoot(db, root), root, path, file, position: 0 }
}
