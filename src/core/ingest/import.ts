/** Takes folders and files into the project: what is new, what changed, what is gone. Safe to cut off at any moment. */
import { access } from 'node:fs/promises'
import type { ImportPreview, ImportReport, LabelColumns, Problem } from '../../shared/domain'
import { reasonOfSystemError } from '../../reading/images'
import { messageOf } from '../../shared/failure'
import type { Control, JobControl } from '../jobs'
import { deriveFields, currentModelId, immediate, type Database, type ReadOnlyDatabase } from '../store'
import {
  countIdentical,
  ensureRoot,
  fieldIdsOf,
  listRoots,
  removeEmptyFormers,
  setSourceStatus,
  sourcesAfter,
  type Source
} from '../store/sources'
import { attachLabels } from './labels/attach'
import { refuseOneColumn } from './labels/columns'
import { readText } from './labels/decode'
import { absoluteOf, enclosingRoots, isWithin, placesOf, type Place } from './places'
import { planOptions, type ImportHooks, type ImportOptions } from './options'
import { applyMoves, planImport, previewOf } from './plan'
import { orderFields } from './positions'
import { emptyReport } from './report'
import { scanPaths, type ScannedFile } from './scan'
import { createTakeIn } from './take-in'
import { turn } from '../store/slices'

/** What `importPaths` would do. Nothing is written. @throws as it */
export async function previewImport(
  db: ReadOnlyDatabase,
  { paths, ...options }: { paths: string[] } & ImportOptions,
  { signal = new AbortController().signal, onProgress }: Control = {}
): Promise<ImportPreview> {
  const scan = await scanPaths(paths, { signal })
  const places = await placesOf(db, listRoots(db), scan.files)
  const run = {
    signal,
    whenNotPaused: () => Promise.resolve(signal.throwIfAborted()),
    report: ({ done, total }: { done: number; total: number | null }) => onProgress?.(done, total)
  }
  return previewOf(db, await planImport(db, places, scan.roots, planOptions(options), run))
}

/**
 * Bytes of files that are known and look the same (size and time) are not read again, so a run that was cut off goes on
 * where it was. A file that can't be used becomes a failed source with its reason.
 * @throws NominaError `not-found`, `refused` or `invalid-input` where a given path or the labels file can't be used
 */
export async function importPaths(
  db: Database,
  input: { paths: string[]; labels: LabelColumns | null } & ImportOptions,
  run: JobControl,
  hooks: ImportHooks = {}
): Promise<ImportReport> {
  run.report({ done: 0, total: null, failed: 0, message: 'Looking for images' })
  // Said now, not after an hour of reading images.
  if (input.labels) {
    refuseOneColumn(input.labels)
    await readText(input.labels.path, input.labels.encoding)
  }
  const scan = await scanPaths(input.paths, { signal: run.signal })
  const report = emptyReport()
  report.files = scan.files.length
  report.leftOut = scan.leftOut
  const places = await placesWithRoots(db, scan.files)
  const plan = await planImport(db, places, scan.roots, planOptions(input), run)
  await applyMoves(db, plan, run, hooks)
  const takeIn = createTakeIn(db, run, hooks, plan, input)
  await takeIn.all(places)
  const { counts, failed, partial, seen } = takeIn.result()
  const gone = await markMissing(db, scan.roots, seen, run, hooks)
  immediate(db, () => removeEmptyFormers(db))
  await orderFields(db)
  if (input.labels) {
    run.report({
      done: scan.files.length,
      total: scan.files.length,
      failed: failed.length,
      message: 'Attaching labels'
    })
    report.labels = await attachLabels(db, input.labels, scan.roots, run, hooks)
  }
  return {
    ...report,
    ...counts,
    missing: gone,
    identical: countIdentical(db),
    failed: limited(failed),
    unsupported: [...scan.unsupported, ...limited(partial)]
  }
}

/** The folders of these files are roots of the project from now on, where no root encloses them. */
export async function placesWithRoots(db: Database, files: ScannedFile[]): Promise<Place[]> {
  const roots = immediate(db, () => {
    for (const root of new Set(files.map((file) => file.root)))
      if (!enclosingRoots(listRoots(db), root).length) ensureRoot(db, root)
    return listRoots(db)
  })
  return placesOf(db, roots, files)
}

/** Files of the imported folders that are known and were not found now. Everything known of them is kept. */
async function markMissing(
  db: Database,
  scanned: string[],
  seen: ReadonlySet<number>,
  run: JobControl,
  hooks: ImportHooks
): Promise<number> {
  let missing = 0
  for (let after = 0; ;) {
    const page = sourcesAfter(db, after, 500)
    const last = page.at(-1)
    if (!last) return missing
    after = last.id
    const candidates = page.filter(
      (source) => !seen.has(source.id) && scanned.some((root) => isWithin(absoluteOf(source), root))
    )
    const gone: { source: Source; reason: string }[] = []
    for (const source of candidates) {
      const reason = await reasonOfAbsence(absoluteOf(source))
      if (reason) gone.push({ source, reason })
    }
    missing += gone.length
    const fresh = gone.filter(({ source }) => source.status !== 'missing')
    if (fresh.length) {
      const fieldIds = immediate(db, () => {
        for (const { source, reason } of fresh) setSourceStatus(db, source.id, 'missing', reason)
        const ids = fieldIdsOf(
          db,
          fresh.map(({ source }) => source.id)
        )
        deriveFields(db, { fieldIds: ids }, currentModelId(db))
        return ids
      })
      hooks.onFields?.(fieldIds)
    }
    await run.whenNotPaused()
    await turn(db)
  }
}

const reasonOfAbsence = (path: string): Promise<string | null> =>
  access(path).then(
    () => null,
    (error: unknown) => reasonOfSystemError(error) ?? messageOf(error)
  )

const listed = 1000

/** The report is kept and shown: it names the first thousand and counts the rest. */
export function limited(problems: Problem[]): Problem[] {
  if (problems.length <= listed) return problems
  const left = (problems.length - listed).toLocaleString('en-GB')
  const rest = {
    sourceId: null,
    file: `${left} more files`,
    reason: 'Not listed here; see the failed fields of the project.'
  }
  return [...problems.slice(0, listed), rest]
}
