import { basename } from 'node:path'
import type { ReadOnlyDatabase } from '../store'

/** How the files of each root are named in an export. */
export interface Naming {
  /** Root id → what goes before the relative path: empty, or a folder name with `/`. */
  prefixes: ReadonlyMap<number, string>
  note: string | null
}

/**
 * Relative to the imported folder; where two imported folders hold the same relative name, every name gets its folder's
 * name in front, numbered where those are the same too, so that no name is there twice.
 */
export function readNaming(db: ReadOnlyDatabase): Naming {
  const roots = db.prepare<[], { id: number; path: string }>('SELECT id, path FROM roots ORDER BY id').all()
  if (roots.length < 2 || !namesClash(db)) return { prefixes: new Map(), note: null }
  const taken = new Set<string>()
  const prefixes = new Map(roots.map(({ id, path }) => [id, `${unused(basename(path) || 'root', taken)}/`]))
  const note =
    'Some file names are in more than one imported folder: the names of the folders are put before all of them.'
  return { prefixes, note }
}

export const fileName = ({ prefixes }: Naming, row: { rootId: number; path: string }): string =>
  (prefixes.get(row.rootId) ?? '') + row.path

/** `name`, or the first of `name-2`, `name-3` … that is not taken; it is then. Case does not tell names apart. */
export function unused(name: string, taken: Set<string>, ending = ''): string {
  for (let number = 1; ; number++) {
    const candidate = `${name}${number === 1 ? '' : `-${number}`}${ending}`
    const key = candidate.toLowerCase()
    if (taken.has(key)) continue
    taken.add(key)
    return candidate
  }
}

const namesClash = (db: ReadOnlyDatabase): boolean =>
  db.prepare('SELECT 1 FROM sources GROUP BY path HAVING count(DISTINCT root_id) > 1 LIMIT 1').get() !== undefined
