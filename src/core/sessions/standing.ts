/** Where a project stands for a person who comes back to it: what is left, what they did last, what came meanwhile. */
import type { Output } from '../../shared/contract'
import { absoluteOf } from '../ingest/places'
import { scanPaths } from '../ingest'
import { readCounts } from '../store'
import { lookInto } from '../store/look-into'
import { allSources, listRootsShown } from '../store/sources'
import { lastActOf, othersSince } from '../store/standing'

type Standing = NonNullable<Output<'project.standing'>>

/** Longest that folders are looked through for what is new, ms. */
const patience = 4000

/** @returns null where the project can't be looked into without opening it */
export async function standingOf(folder: string, reviewer: string): Promise<Standing | null> {
  const found = lookInto(folder, (db) => ({
    standing: { ...readCounts(db), last: lastActOf(db, reviewer), others: othersSince(db, reviewer) },
    roots: listRootsShown(db).map(({ path }) => path),
    known: new Set(allSources(db).map(absoluteOf))
  }))
  if (!found) return null
  const { total, undecided, last, others } = found.standing
  return { total, undecided, last, others, fresh: await countFresh(found.roots, found.known) }
}

/** Images in the imported folders that the project does not know; null where it takes too long, or a folder is not there. */
async function countFresh(roots: string[], known: ReadonlySet<string>): Promise<number | null> {
  const scan = await scanPaths(roots, { signal: AbortSignal.timeout(patience) }).catch(() => null)
  return scan && scan.files.filter(({ absolute }) => !known.has(absolute)).length
}
