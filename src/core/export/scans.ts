/** Looks at the scans that an export speaks of: which are not what was decided on any more, and which can't be looked at. */
import { stat } from 'node:fs/promises'
import { isAsImported } from '../ingest'
import { absoluteOf } from '../ingest/places'
import type { Control } from '../jobs'
import type { ReadOnlyDatabase } from '../store'
import { allSources, type Source } from '../store/sources'
import { turn } from '../store/slices'

export interface Scans {
  /** Why fields of a source are left out, by its id; none for what is as it was imported, or out of reach. */
  problems: ReadonlyMap<number, string>
  /** Folders that are not there, as on a disk that is not plugged in: nothing is known of their scans. */
  outOfReach: string[]
}

export const gone = 'Its file is gone from its folder'
export const changed = 'Its file has changed since: import its folder again'

const atOnce = 32
/** A preview is asked for at every choice: what was seen a moment ago is good enough for it. */
const rememberedMs = 10_000
const remembered = new WeakMap<ReadOnlyDatabase, { at: number; scans: Promise<Scans> }>()

/** As `lookAtScans`, or as it was a moment ago. */
export function recentScans(db: ReadOnlyDatabase): Promise<Scans> {
  const before = remembered.get(db)
  if (before && Date.now() - before.at < rememberedMs) return before.scans
  const scans = lookAtScans(db)
  remembered.set(db, { at: Date.now(), scans })
  return scans
}

export async function lookAtScans(db: ReadOnlyDatabase, { signal, onProgress }: Control = {}): Promise<Scans> {
  const problems = new Map<number, string>()
  const outOfReach: string[] = []
  let done = 0
  for (const [root, sources] of Map.groupBy(allSources(db), (source) => source.root)) {
    const isReachable = await isFolder(root)
    if (!isReachable) outOfReach.push(root)
    for (let start = 0; start < sources.length; start += atOnce) {
      const some = sources.slice(start, start + atOnce)
      const found = await Promise.all(some.map((source) => problemOf(db, source, isReachable)))
      for (const [index, problem] of found.entries()) if (problem) problems.set(some[index]!.id, problem)
      onProgress?.((done += some.length), null)
      await turn(db, signal)
    }
  }
  return { problems, outOfReach }
}

async function problemOf(db: ReadOnlyDatabase, source: Source, isReachable: boolean): Promise<string | null> {
  if (source.former) return gone
  if (!isReachable || source.sha256 === null) return null
  const path = absoluteOf(source)
  try {
    return (await isAsImported(db, path, source)) ? null : changed
  } catch (error) {
    // What is there and can't be read is neither gone nor known to have changed.
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? gone : null
  }
}

/** What a person should know of what was not looked at. */
export const notesOnScans = ({ outOfReach }: Scans): string[] =>
  outOfReach.map(
    (root) =>
      `The folder ${root} is out of reach: its scans were not looked at, and what was decided on them is exported.`
  )

const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isDirectory(),
    () => false
  )
