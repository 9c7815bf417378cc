/** Looks again at files that could not be used, or that were gone. */
import { stat } from 'node:fs/promises'
import type { ImportReport } from '../../shared/domain'
import type { RunControl } from '../runs'
import type { Database } from '../store'
import { countIdentical, ensureRoot, readSources, unusableSourceIds, type Source } from '../store/sources'
import { absoluteOf, limited, type ImportHooks, type ImportOptions, type Place } from './import'
import { emptyReport } from './report'
import { createTakeIn } from './take-in'

/** `sourceIds`: null for all that failed or are missing. */
export async function retrySources(
  db: Database,
  sourceIds: number[] | null,
  run: RunControl,
  hooks: ImportHooks = {},
  options: ImportOptions = {}
): Promise<ImportReport> {
  const sources = readSources(db, sourceIds ?? unusableSourceIds(db))
  const takeIn = createTakeIn(db, run, hooks, options)
  await takeIn.all(await Promise.all(sources.map((source) => placeOf(db, source))))
  const { added, changed, unchanged, pages, failed, partial } = takeIn.result()
  return {
    ...emptyReport(),
    files: sources.length,
    added,
    changed,
    unchanged,
    pages,
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
  const file = { root, path, absolute, size, modifiedMs: stats?.mtimeMs ?? -1, format: '' }
  return { rootId: ensureRoot(db, root), path, file, position: 0 }
}
