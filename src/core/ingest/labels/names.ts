/** Finds the files that the names in a labels file mean. */
import { PathEnds } from './ends'
import { exactly, extensionOf, spellings, stemOf, stepsOf, type Spelling } from './spellings'
import { turn } from '../../store/slices'

export type Found<T> = { value: T } | 'ambiguous' | null

const ambiguous = Symbol('ambiguous')

interface File<T> {
  /** The relative paths that mean it; the first is that from the imported folder. */
  paths: string[]
  absolute: string
  value: T
}

/** A row that may mean a file by the end of its path. */
interface Proposal<T> {
  name: string
  file: File<T>
  /** The row is the end of the file's own path: nothing in it speaks against the file. */
  whole: boolean
  /** What stands before the file's path from the imported folder; null where the row says less than that path. */
  prefix: string | null
  /** Steps of the prefix that are those of the imported folder's own path. */
  certainty: number
}

/** Files or names between two turns of the event loop. */
const atOnce = 1000

/**
 * Names are matched as one table: those that are a file's path exactly first, over all rows; then by the longest common end
 * of the paths, where it is one file's and one name's. What says another folder than the file lies in never means it.
 */
export class FileNames<T> {
  private readonly files: File<T>[] = []
  private readonly byPath = new Map<string, File<T> | typeof ambiguous>()
  private ownNames: Set<string> | null = null

  /** `paths`: all the relative paths that mean the value, that from the imported folder first. */
  add(paths: string[], absolute: string, value: T): void {
    const file = { paths: paths.map(exactly), absolute: exactly(absolute), value }
    this.files.push(file)
    for (const path of file.paths) put(this.byPath, path, file)
  }

  /** Whether a cell looks like the name of a file: by its exact path or, once `deepen` was called, by its own name. */
  knows(cell: string): boolean {
    const name = exactly(cell)
    if (name === '') return false
    if (this.byPath.has(name)) return true
    if (!this.ownNames) return false
    const own = (stepsOf(name).at(-1) ?? '').toLowerCase()
    return this.ownNames.has(own) || this.ownNames.has(stemOf(own))
  }

  /** After the last `add`. */
  async deepen(): Promise<void> {
    if (this.ownNames) return
    const names = new Set<string>()
    for (const [index, { absolute }] of this.files.entries()) {
      if (index % atOnce === 0) await turn()
      const own = stepsOf(absolute).at(-1)!.toLowerCase()
      names.add(own).add(stemOf(own))
    }
    this.ownNames = names
  }

  /** What each name means, in the order given; names that are written alike mean the same. */
  async match(written: string[]): Promise<Found<T>[]> {
    const names = [...new Set(written.map(exactly))].filter((name) => name !== '')
    const found = new Map<string, File<T> | typeof ambiguous>()
    const ways = spellings(this.speaksOfOtherFormat(names))
    for (const way of ways) await this.matchPaths(names, way, found)
    const known = exactProposals(found)
    for (const way of ways) await this.matchEnds(names, way, found, known)
    return written.map((name) => {
      const entry = found.get(exactly(name))
      return entry === undefined ? null : entry === ambiguous ? 'ambiguous' : { value: entry.value }
    })
  }

  /** No extension of the table is that of any file: `1.tif` of the archive's masters for the `1.jpg` that is here. */
  private speaksOfOtherFormat(names: string[]): boolean {
    const here = new Set(this.files.map(({ absolute }) => extensionOf(absolute)))
    return !names.some((name) => here.has(extensionOf(name)) && extensionOf(name) !== '')
  }

  private async matchPaths(names: string[], way: Spelling, found: Matches<T>): Promise<void> {
    if (!names.some((name) => !found.has(name))) return
    const index = new Map<string, File<T> | typeof ambiguous>()
    for (const [at, file] of this.files.entries()) {
      if (at % atOnce === 0) await turn()
      for (const path of file.paths) put(index, way.ofFile(path), file)
    }
    const proposed: [string, File<T>][] = []
    for (const name of names) {
      const spelt = found.has(name) ? null : way.ofRow(name)
      const entry = spelt === null ? undefined : index.get(spelt)
      if (entry === ambiguous) found.set(name, ambiguous)
      else if (entry) proposed.push([name, entry])
    }
    settle(proposed, found)
  }

  /** `known`: what was matched before, which says how names of the same folders are meant; added to. */
  private async matchEnds(names: string[], way: Spelling, found: Matches<T>, known: Proposal<T>[]): Promise<void> {
    if (!names.some((name) => !found.has(name))) return
    const ends = new PathEnds<File<T>>()
    for (const [at, file] of this.files.entries()) {
      if (at % atOnce === 0) await turn()
      ends.add({ value: file, steps: stepsOf(way.ofFile(file.absolute)) })
    }
    const proposals: Proposal<T>[] = []
    for (const [at, name] of names.entries()) {
      if (at % atOnce === 0) await turn()
      const spelt = found.has(name) ? null : way.ofRow(name)
      if (spelt === null) continue
      const steps = stepsOf(spelt)
      const longest = ends.find(steps)
      if (!longest) continue
      if (longest.file) proposals.push(...proposalOf(name, steps, longest.file.value, longest.length))
      else if (longest.length === steps.length) found.set(name, ambiguous)
    }
    const agreed = agreeing(proposals, known, new Set(names.map(folderOf)))
    known.push(...agreed)
    settle(
      agreed.map(({ name, file }) => [name, file]),
      found
    )
    this.matchPrefixes(names, agreed, way, found)
  }

  /** `C:\scans\1.jpg` where `C:\scans\b\2.jpg` is `b/2.jpg`: it is `1.jpg`, though another folder has one as well. */
  private matchPrefixes(names: string[], agreed: Proposal<T>[], way: Spelling, found: Matches<T>): void {
    const roots = new Map<string, string | null>()
    for (const { prefix, file } of agreed) {
      const root = rootOf(file)
      if (prefix) roots.set(prefix, roots.has(prefix) && roots.get(prefix) !== root ? null : root)
    }
    if (!roots.size) return
    const byAbsolute = new Map(this.files.map((file) => [way.ofFile(file.absolute), file]))
    const proposed: [string, File<T>][] = []
    for (const name of names) {
      const spelt = way.ofRow(name)
      if (spelt === null || (found.has(name) && found.get(name) !== ambiguous)) continue
      const steps = stepsOf(spelt)
      const end = steps.findIndex((_, at) => roots.has(prefixOfSteps(steps, at + 1)))
      const root = roots.get(prefixOfSteps(steps, end + 1))
      const file = root ? byAbsolute.get(way.ofFile(`${root}/${steps.slice(end + 1).join('/')}`)) : undefined
      if (file) proposed.push([name, file])
    }
    settle(proposed, found)
  }
}

type Matches<T> = Map<string, File<T> | typeof ambiguous>

/** Where exact names are, others of the same folder are meant in the same way. */
function exactProposals<T>(found: Matches<T>): Proposal<T>[] {
  return [...found].flatMap(([name, file]) => {
    const prefix = file === ambiguous ? null : prefixOf(stepsOf(name), file)
    return file === ambiguous || prefix === null ? [] : [{ name, file, whole: true, prefix, certainty: Infinity }]
  })
}

const relativeSteps = <T>(file: File<T>): number => stepsOf(file.paths[0]!).length

const rootOf = <T>({ absolute, paths }: File<T>): string => absolute.slice(0, -paths[0]!.length - 1)

/** What a row says before the file's path from the imported folder. */
function prefixOf<T>(steps: string[], file: File<T>): string | null {
  const before = steps.length - relativeSteps(file)
  return before < 0 ? null : prefixOfSteps(steps, before)
}

const prefixOfSteps = (steps: string[], length: number): string => steps.slice(0, length).join('/').toLowerCase()

/** The row is the end of the file's path, or ends in all of the file's path from the imported folder. */
function proposalOf<T>(name: string, steps: string[], file: File<T>, common: number): Proposal<T>[] {
  const beyond = common - relativeSteps(file)
  if (common < steps.length && beyond < 0) return []
  return [{ name, file, whole: common === steps.length, prefix: prefixOf(steps, file), certainty: beyond }]
}

/** Of a row: the name of the folder that it says its file lies in. */
const folderOf = (name: string): string => (stepsOf(name).at(-2) ?? '').toLowerCase()

/**
 * Of what rows say before the paths in one folder, that which is the folder's own name counts, or else nothing does.
 * @param named folders of all rows: where one is the folder's own, what says another one means another, also where its own files are not here
 */
function agreeing<T>(proposals: Proposal<T>[], known: Proposal<T>[], named: ReadonlySet<string>): Proposal<T>[] {
  const surest = new Map<string, { certainty: number; prefixes: Set<string> }>()
  for (const { file, prefix, certainty } of [...known, ...proposals]) {
    if (prefix === null) continue
    const root = rootOf(file)
    const isNamed = named.has((stepsOf(root).at(-1) ?? '').toLowerCase())
    const best = surest.get(root) ?? { certainty: isNamed ? 1 : 0, prefixes: new Set() }
    if (certainty === best.certainty) best.prefixes.add(prefix)
    surest.set(root, certainty > best.certainty ? { certainty, prefixes: new Set([prefix]) } : best)
  }
  return proposals.filter(
    ({ file, whole, prefix }) => whole || prefix === null || surest.get(rootOf(file))!.prefixes.has(prefix)
  )
}

/** A file that has its name already is not named again, and one that several names may mean is given to none. */
function settle<T>(proposed: [string, File<T>][], found: Matches<T>): void {
  const taken = new Set(found.values())
  for (const [file, claims] of Map.groupBy(proposed, ([, file]) => file))
    if (claims.length === 1 && !taken.has(file)) found.set(claims[0]![0], file)
}

function put<T>(index: Map<string, File<T> | typeof ambiguous>, key: string, file: File<T>): void {
  const present = index.get(key)
  if (present === undefined) index.set(key, file)
  else if (present !== file) index.set(key, ambiguous)
}
