/** Takes folders and files into the project: what is new, what changed, what is gone. Safe to cut off at any moment. */
import { access } from 'node:fs/promises'
import { dirname, sep } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { ImportReport, LabelColumns, Problem } from '../../shared/domain'
import { reasonOfSystemError } from '../../reading/images'
import { messageOf } from '../../shared/failure'
import type { RunControl } from '../runs'
import { deriveFields, getSetting, immediate, type Database } from '../store'
import {
  countIdentical,
  ensureRoot,
  findSource,
  lastPosition,
  listRoots,
  setSourceStatus,
  sourcesAfter,
  type Root,
  type Source
} from '../store/sources'
import { attachLabels } from './labels/attach'
import { refuseOneColumn } from './labels/columns'
import { readText } from './labels/decode'
import type { CountPages } from './inspect'
import { orderFields, positionStep } from './positions'
import { emptyReport } from './report'
import { relativePath, scanPaths, type ScannedFile } from './scan'
import { createTakeIn } from './take-in'

export interface ImportHooks {
  /** Called after each transaction with the fields that it made or changed. */
  onFields?(ids: number[]): void
  /** Called after each transaction that added pages to be registered. */
  onPages?(): void
}

/** How files are looked at. */
export interface ImportOptions {
  /** Every image is a page. */
  asPages?: boolean
  countPages?: CountPages
}

/**
 * Bytes of files that are known and look the same (size and time) are not read again, so a run that was cut off goes on
 * where it was. A file that can't be used becomes a failed source with its reason.
 * @throws NominaError `not-found`, `refused` or `invalid-input` where a given path or the labels file can't be used
 */
export async function importPaths(
  db: Database,
  input: { paths: string[]; labels: LabelColumns | null } & ImportOptions,
  run: RunControl,
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
  const places = await placesOf(db, scan.files)
  const takeIn = createTakeIn(db, run, hooks, input)
  await takeIn.all(places)
  const { added, changed, unchanged, pages, failed, partial, seen } = takeIn.result()
  const gone = await markMissing(db, scan.roots, seen, run, hooks)
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
    added,
    changed,
    unchanged,
    pages,
    missing: gone,
    identical: countIdentical(db),
    failed: limited(failed),
    unsupported: [...scan.unsupported, ...limited(partial)]
  }
}

/** A file under its root in the project: a folder inside a root that is known already is a part of that one. */
export interface Place {
  rootId: number
  path: string
  file: ScannedFile
  position: number
}

async function placesOf(db: Database, files: ScannedFile[]): Promise<Place[]> {
  const roots = immediate(db, () => {
    for (const root of new Set(files.map((file) => file.root))) ensureEnclosingRoot(db, root)
    return listRoots(db)
  })
  const enclosing = new Map<string, Root[]>()
  const first = lastPosition(db) + positionStep
  const places: Place[] = []
  for (const file of files) {
    const folder = dirname(file.absolute)
    if (!enclosing.has(folder)) enclosing.set(folder, enclosingRoots(roots, folder))
    const root = ownerOf(db, enclosing.get(folder)!, file)
    const position = first + places.length * positionStep
    places.push({ rootId: root.id, path: relativePath(root.path, file.absolute), file, position })
    if (places.length % 500 === 0) await nextTurn()
  }
  return places
}

/** The root under which the file is known, where folders lie within one another; else the outermost. */
function ownerOf(db: Database, roots: Root[], file: ScannedFile): Root {
  if (roots.length === 1) return roots[0]!
  return roots.find((root) => findSource(db, root.id, relativePath(root.path, file.absolute))) ?? roots[0]!
}

/** Outermost first. */
const enclosingRoots = (roots: Root[], folder: string): Root[] =>
  roots.filter((root) => isWithin(folder, root.path)).sort((a, b) => a.path.length - b.path.length)

function ensureEnclosingRoot(db: Database, folder: string): void {
  if (!enclosingRoots(listRoots(db), folder).length) ensureRoot(db, folder)
}

export const isWithin = (path: string, folder: string): boolean =>
  path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep)

/** Files of the imported folders that are known and were not found now. Everything known of them is kept. */
async function markMissing(
  db: Database,
  scanned: string[],
  seen: ReadonlySet<number>,
  run: RunControl,
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
        deriveFields(db, { fieldIds: ids }, getSetting<number>(db, 'currentModel'))
        return ids
      })
      hooks.onFields?.(fieldIds)
    }
    await run.whenNotPaused()
    await nextTurn()
  }
}

export const absoluteOf = (source: { root: string; path: string }): string =>
  (source.root.endsWith(sep) ? source.root : source.root + sep) +
  (sep === '/' ? source.path : source.path.replaceAll('/', sep))

const reasonOfAbsence = (path: string): Promise<string | null> =>
  access(path).then(
    () => null,
    (error: unknown) => reasonOfSystemError(error) ?? messageOf(error)
  )

export const fieldIdsOf = (db: Database, sourceIds: number[]): number[] =>
  db
    .prepare<[string], { id: number }>('SELECT id FROM fields WHERE source_id IN (SELECT value FROM json_each(?))')
    .all(JSON.stringify(sourceIds))
    .map(({ id }) => id)

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
