import { basename, sep } from 'node:path'
import type { ReadOnlyDatabase } from '../store'
import { listRoots, namesClash } from '../store/sources'

/** How the files of each root are named in an export. */
export interface Naming {
  /** Root id → what goes before the relative path: empty, or a folder name with `/`. */
  prefixes: ReadonlyMap<number, string>
  note: string | null
}

/**
 * Relative to the imported folder; where two imported folders hold the same relative name, every name gets its folder's
 * name in front, so that no name is there twice. Where folders are called the same, as much of their paths as tells them apart: an
 * import of one of them alone then knows which rows are its own.
 */
export function readNaming(db: ReadOnlyDatabase): Naming {
  const roots = listRoots(db)
  if (roots.length < 2 || !namesClash(db)) return { prefixes: new Map(), note: null }
  const names = distinctEnds(roots.map(({ path }) => path))
  const prefixes = new Map(roots.map(({ id }, index) => [id, `${names[index]!}/`]))
  const note =
    'Some file names are in more than one imported folder: the names of the folders are put before all of them.'
  return { prefixes, note }
}

/** The same number of steps of each, so that none begins with another. */
function distinctEnds(paths: string[]): string[] {
  const steps = paths.map((path) => path.split(sep).filter((step) => step !== ''))
  const fewest = Math.min(...steps.map(({ length }) => length))
  for (let count = 1; count <= fewest; count++) {
    const ends = steps.map((own) => own.slice(-count).join('/'))
    if (new Set(ends.map((end) => end.toLowerCase())).size === ends.length) return ends
  }
  const taken = new Set<string>()
  return paths.map((path) => unused(basename(path) || 'root', taken))
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
