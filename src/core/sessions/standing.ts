/** Where a project stands for a person who comes back to it: what is left, what they did last, what came meanwhile. */
import type { Output } from '../../shared/contract'
import { absoluteOf } from '../ingest/places'
import { scanPaths } from '../ingest'
import { readCounts, type ReadOnlyDatabase } from '../store'
import { lookInto } from '../store/look-into'
import { allSources, listRootsShown } from '../store/sources'

type Standing = NonNullable<Output<'project.standing'>>

/** Longest that folders are looked through for what is new, ms. */
const patience = 4000

/** @returns null where the project can't be looked into without opening it */
export async function standingOf(folder: string, reviewer: string): Promise<Standing | null> {
  const found = lookInto(folder, (db) => ({
    standing: { ...readCounts(db), last: lastAct(db, reviewer), others: othersSince(db, reviewer) },
    roots: listRootsShown(db).map(({ path }) => path),
    known: new Set(allSources(db).map(absoluteOf))
  }))
  if (!found) return null
  const { total, undecided, last, others } = found.standing
  return { total, undecided, last, others, fresh: await countFresh(found.roots, found.known) }
}

const lastAct = (db: ReadOnlyDatabase, reviewer: string): Standing['last'] =>
  db
    .prepare<[string], NonNullable<Standing['last']>>(
      `SELECT a.at, s.path AS file, f.text FROM actions a JOIN decisions d ON d.action_id = a.id
         JOIN fields f ON f.id = d.field_id JOIN sources s ON s.id = f.source_id
         WHERE a.reviewer = ? AND a.kind = 'decide' ORDER BY a.id DESC, d.id DESC LIMIT 1`
    )
    .get(reviewer) ?? null

/** Who decided since this reviewer's last act, and how many fields stand so. */
const othersSince = (db: ReadOnlyDatabase, reviewer: string): Standing['others'] =>
  db
    .prepare<[string, string], Standing['others'][number]>(
      `SELECT d.reviewer, count(*) AS fields FROM decisions d JOIN fields f ON f.decision_id = d.id
         WHERE d.reviewer <> ? AND d.origin = 'person'
           AND d.action_id > (SELECT coalesce(max(id), 0) FROM actions WHERE reviewer = ?)
         GROUP BY d.reviewer ORDER BY fields DESC LIMIT 5`
    )
    .all(reviewer, reviewer)

/** Images in the imported folders that the project does not know; null where it takes too long, or a folder is not there. */
async function countFresh(roots: string[], known: ReadonlySet<string>): Promise<number | null> {
  const scan = await scanPaths(roots, { signal: AbortSignal.timeout(patience) }).catch(() => null)
  return scan && scan.files.filter(({ absolute }) => !known.has(absolute)).length
}
