/** Scans that have moved: their sources are led to where the same bytes lie now. */
import { stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { Problem } from '../../shared/domain'
import { NominaError, say } from '../../shared/failure'
import type { Control } from '../jobs'
import { deriveFields, currentModelId, immediate, type Database, type ReadOnlyDatabase } from '../store'
import {
  ensureRoot,
  fieldIdsOf,
  findSource,
  listRoots,
  moveSource,
  removeEmptyRoots,
  setSourceStatus,
  sourcesAfter,
  type Source
} from '../store/sources'
import { absoluteOf, isWithin, pathBelow } from './places'
import { sha256Of } from './inspect'
import { naturalSort } from './natural'
import { relativePath, scanPaths, type ScannedFile } from './scan'
import { parts, turn } from '../store/slices'

export interface RelinkPreview {
  /** Files found with the same bytes. */
  same: number
  /** Files at the same place with other bytes. */
  different: number
  missing: number
  examples: Problem[]
}

type Finding =
  { is: 'same'; source: Source; file: ScannedFile } | { is: 'different' | 'missing'; source: Source; reason: string }

const examplesShown = 50
/** Files between two turns, where none is read. */
const comparedAtOnce = 500

/**
 * What `applyRelink` would do with the sources under `from`. Nothing is written.
 * @throws NominaError `not-found` where no source lies under `from`, or `to` does not exist
 */
export async function previewRelink(
  db: ReadOnlyDatabase,
  from: string,
  to: string,
  control: Control = {}
): Promise<RelinkPreview> {
  const findings = await findMoved(db, from, to, control)
  const left = findings.filter((finding) => finding.is !== 'same')
  const different = left.filter((finding) => finding.is === 'different').length
  return {
    same: findings.length - left.length,
    different,
    missing: left.length - different,
    examples: left
      .slice(0, examplesShown)
      .map(({ source, reason }) => ({ sourceId: source.id, file: source.path, reason }))
  }
}

/** Leads every source whose bytes are found under `to` there; the others stay as they are. */
export async function applyRelink(
  db: Database,
  from: string,
  to: string,
  control: Control = {}
): Promise<{ relinked: number; left: number }> {
  const findings = await findMoved(db, from, to, control)
  const same = findings.filter((finding) => finding.is === 'same')
  const target = resolve(to)
  const old = asKnown(db, from)
  let relinked = 0
  for await (const some of parts(db, same, 200, control.signal))
    relinked += immediate(db, () => relinkSome(db, some, old, target))
  await turn(db)
  immediate(db, () => removeEmptyRoots(db))
  return { relinked, left: findings.length - relinked }
}

function relinkSome(db: Database, findings: Extract<Finding, { is: 'same' }>[], from: string, to: string): number {
  const moved: number[] = []
  for (const { source, file } of findings) {
    const below = pathBelow(source.root, from)
    const newRoot = below === null ? file.root : join(file.root, below)
    const root = isWithin(file.absolute, newRoot) ? newRoot : file.root
    const rootId = ensureRoot(db, root || to)
    const path = relativePath(root, file.absolute)
    // The new folder was imported already: that source stays, this one too.
    const occupant = findSource(db, rootId, path)
    if (occupant && occupant.id !== source.id) continue
    moveSource(db, source.id, { rootId, path, modifiedMs: file.modifiedMs, changedMs: file.changedMs })
    if (source.status === 'missing' && source.sha256) setSourceStatus(db, source.id, 'ok', null)
    moved.push(source.id)
  }
  deriveFields(db, { fieldIds: fieldIdsOf(db, moved) }, currentModelId(db))
  return moved.length
}

async function findMoved(
  db: ReadOnlyDatabase,
  from: string,
  to: string,
  { signal, onProgress }: Control
): Promise<Finding[]> {
  const old = asKnown(db, from)
  const sources = await naturalSort(sourcesWithin(db, old), absoluteOf)
  if (!sources.length) throw new NominaError('not-found', `No file of this project lies under ${old}.`)
  if (!(await stat(to).catch(() => null))?.isDirectory())
    throw new NominaError('not-found', say('noFolder', { path: resolve(to) }))
  const scan = await scanPaths([to], { signal })
  const byPath = new Map(scan.files.map((file) => [file.path, file]))
  const bySize = Map.groupBy(scan.files, (file) => file.size)
  const taken = new Set<ScannedFile>()
  const hashes = new Map<ScannedFile, string | null>()
  const isSame = async (source: Source, file: ScannedFile): Promise<boolean> => {
    if (taken.has(file) || file.size !== source.size) return false
    // A file that failed has no hash: its size and place must do.
    if (source.sha256 === null) return byPath.get(pathBelow(absoluteOf(source), old)!) === file
    if (!hashes.has(file)) {
      await turn(db, signal)
      hashes.set(file, await sha256Of(file.absolute).catch(() => null))
    }
    return hashes.get(file) === source.sha256
  }
  const findings: Finding[] = []
  const elsewhere: Source[] = []
  const found = (finding: Finding): void => {
    findings.push(finding)
    onProgress?.(findings.length, sources.length)
  }
  let looked = 0
  const look = async (): Promise<void> => {
    if (looked++ % comparedAtOnce === 0) await turn(db, signal)
  }
  // Files at their own place first: of several with the same bytes each keeps its name.
  for (const source of sources) {
    await look()
    const file = byPath.get(pathBelow(absoluteOf(source), old)!)
    if (!file || !(await isSame(source, file))) elsewhere.push(source)
    else {
      taken.add(file)
      found({ is: 'same', source, file })
    }
  }
  for (const source of elsewhere) {
    await look()
    let there: ScannedFile | undefined
    for (const file of source.sha256 ? (bySize.get(source.size) ?? []) : []) {
      if (await isSame(source, file)) {
        there = file
        break
      }
    }
    if (there) {
      taken.add(there)
      found({ is: 'same', source, file: there })
    } else if (byPath.has(pathBelow(absoluteOf(source), old)!)) {
      found({
        is: 'different',
        source,
        reason: 'The file of that name in the new folder has other content. It was left as it is.'
      })
    } else found({ is: 'missing', source, reason: 'No file in the new folder has this name or this content.' })
  }
  return naturalSort(findings, ({ source }) => absoluteOf(source))
}

/** A folder of the project as it stands there, of whatever system; else as this system understands it. */
function asKnown(db: ReadOnlyDatabase, folder: string): string {
  const known = listRoots(db).some(({ path }) => pathBelow(path, folder) !== null || pathBelow(folder, path) !== null)
  return known ? folder : resolve(folder)
}

function sourcesWithin(db: ReadOnlyDatabase, folder: string): Source[] {
  const sources: Source[] = []
  for (let after = 0; ;) {
    const page = sourcesAfter(db, after, 1000)
    const last = page.at(-1)
    if (!last) return sources
    after = last.id
    sources.push(...page.filter((source) => pathBelow(absoluteOf(source), folder) !== null))
  }
}
