/** Finds the images and labels files under the paths that a person gave. Reads names and sizes, not pixels. */
import { readdir, realpath, stat } from 'node:fs/promises'
import { basename, dirname, join, relative, resolve, sep } from 'node:path'
import type { LeftOut, Problem } from '../../shared/domain'
import { reasonOfSystemError } from '../../reading/images'
import { messageOf, NominaError, say } from '../../shared/failure'
import { classify, formatByExtension, isOwnOrSystemFile } from './classify'
import { countImages, markOfContent, markOfFile, markOfFolder, type Mark } from './derivatives'
import { naturalSort } from './natural'

export interface ScannedFile {
  /** The imported folder, absolute and without symbolic links. */
  root: string
  /** Relative to the root, with `/`. */
  path: string
  absolute: string
  size: number
  modifiedMs: number
  /** ctime, ms. */
  changedMs: number
  /** By the extension where it has an image's, else by content. */
  format: string
}

export interface Scan {
  roots: string[]
  /** In natural order of the roots as given, and of the paths in them. */
  files: ScannedFile[]
  unsupported: Problem[]
  labelFiles: string[]
  /** What programs keep beside scans, and the images in it. */
  leftOut: LeftOut[]
}

export interface ScanOptions {
  signal?: AbortSignal | undefined
}

interface Walk {
  root: string
  signal: AbortSignal | undefined
  /** Real paths of the folders walked so far, with the path under which each was met. */
  folders: Map<string, string>
  links: { absolute: string; target: string }[]
  files: Map<string, ScannedFile>
  labelFiles: Set<string>
  problems: Problem[]
  leftOut: { absolute: string; mark: Mark; images: number }[]
}

const atOnce = 32

/**
 * @throws NominaError `not-found` where a given path does not exist, `refused` where a given folder may not be read.
 * A folder without images is no error: `files` is empty then.
 */
export async function scanPaths(paths: string[], { signal }: ScanOptions = {}): Promise<Scan> {
  const walks: Walk[] = []
  const folders = new Map<string, string>()
  for (const path of paths) {
    const given = await resolveGiven(path)
    const walk = {
      root: given.root,
      signal,
      folders,
      links: [],
      files: new Map(),
      labelFiles: new Set<string>(),
      problems: [],
      leftOut: []
    }
    walks.push(walk)
    if (given.file) await addFile(walk, given.file)
    else await walkFolder(walk, given.root, { given: true })
    // Links come last, so that what they lead to is met under its own name first.
    for (let link = walk.links.shift(); link; link = walk.links.shift()) await followLink(walk, link)
    if (walk.files.size === 0) await takeExportedCrops(walk)
  }
  const files = new Map<string, ScannedFile>()
  for (const walk of walks) {
    for (const file of await naturalSort([...walk.files.values()], (file) => file.path)) {
      if (!files.has(file.absolute)) files.set(file.absolute, file)
    }
  }
  return {
    roots: [...new Set(walks.map((walk) => walk.root))],
    files: [...files.values()],
    unsupported: shorten(walks.flatMap((walk) => walk.problems)),
    labelFiles: [...new Set(walks.flatMap((walk) => [...walk.labelFiles]))].sort(),
    leftOut: summary(walks)
  }
}

/** An exported data set that is imported by itself: the crops are what is meant. */
async function takeExportedCrops(walk: Walk): Promise<void> {
  const crops = walk.leftOut.filter(({ mark }) => mark === 'crops that Nomina exported')
  walk.leftOut = walk.leftOut.filter((folder) => !crops.includes(folder))
  for (const { absolute } of crops) await walkFolder(walk, absolute, { given: true })
}

const placesNamed = 20

function summary(walks: Walk[]): LeftOut[] {
  const all = walks.flatMap((walk) =>
    walk.leftOut.map((entry) => ({ ...entry, path: relativePath(walk.root, entry.absolute) }))
  )
  return [...Map.groupBy(all, ({ mark }) => mark)].map(([what, group]) => ({
    what,
    images: group.reduce((sum, { images }) => sum + images, 0),
    places: group.length,
    examples: group.slice(0, placesNamed).map(({ path }) => path)
  }))
}

async function resolveGiven(path: string): Promise<{ root: string; file: string | null }> {
  const absolute = resolve(path)
  try {
    const stats = await stat(absolute)
    if (stats.isDirectory()) return { root: await realpath(absolute), file: null }
    const root = await realpath(dirname(absolute))
    return { root, file: join(root, basename(absolute)) }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EACCES')
      throw new NominaError('refused', say('notReadable', { path: absolute }))
    throw new NominaError('not-found', say('noFileOrFolder', { path: absolute }), { cause: error })
  }
}

async function walkFolder(
  walk: Walk,
  folder: string,
  { given = false, above = new Set<string>() }: { given?: boolean; above?: ReadonlySet<string> } = {}
): Promise<void> {
  walk.signal?.throwIfAborted()
  walk.folders.set(folder, folder)
  let entries
  try {
    entries = await readdir(folder, { withFileTypes: true })
  } catch (error) {
    if (given) throw new NominaError('refused', `The folder ${folder} can't be read. ${folderReason(error)}`)
    walk.problems.push(problem(walk, folder, reasonOfName(folder) ?? folderReason(error)))
    return
  }
  const names = new Set(entries.map(({ name }) => name))
  const mark = given ? null : markOfContent(names, above, basename(folder))
  if (mark) return leaveOut(walk, folder, mark)
  const files: string[] = []
  const subfolders: string[] = []
  for (const entry of entries) {
    const { name } = entry
    const absolute = join(folder, name)
    const isFolder = entry.isDirectory()
    const marked = isFolder ? markOfFolder(name) : formatByExtension(name) ? markOfFile(name) : null
    if (marked) await leaveOut(walk, absolute, marked, isFolder)
    else if (isOwnOrSystemFile(name)) continue
    else if (isFolder) subfolders.push(absolute)
    else files.push(absolute)
  }
  for (let start = 0; start < files.length; start += atOnce) {
    walk.signal?.throwIfAborted()
    await Promise.all(files.slice(start, start + atOnce).map((file) => addFile(walk, file)))
  }
  for (const subfolder of subfolders)
    if (!walk.folders.has(subfolder)) await walkFolder(walk, subfolder, { above: names })
}

/** A hidden folder without images is no news. */
async function leaveOut(walk: Walk, absolute: string, mark: Mark, isFolder = true): Promise<void> {
  const images = isFolder ? await countImages(absolute, walk.signal) : 1
  if (images > 0) walk.leftOut.push({ absolute, mark, images })
}

/** A file, or a link to a file or folder, or something like a pipe. */
async function addFile(walk: Walk, absolute: string): Promise<void> {
  try {
    const stats = await stat(absolute)
    if (stats.isDirectory()) {
      walk.links.push({ absolute, target: await realpath(absolute) })
      return
    }
    if (!stats.isFile()) throw new NominaError('refused', 'This is no ordinary file.')
    const found = await classify(absolute)
    if (found.is === 'labels') walk.labelFiles.add(absolute)
    else if (found.is === 'unsupported') walk.problems.push(problem(walk, absolute, found.reason))
    else {
      const { size, mtimeMs: modifiedMs, ctimeMs: changedMs } = stats
      const path = relativePath(walk.root, absolute)
      walk.files.set(absolute, { root: walk.root, path, absolute, size, modifiedMs, changedMs, format: found.format })
    }
  } catch (error) {
    walk.problems.push(
      problem(walk, absolute, reasonOfName(absolute) ?? reasonOfSystemError(error) ?? linkReason(error))
    )
  }
}

async function followLink(walk: Walk, { absolute, target }: { absolute: string; target: string }): Promise<void> {
  const metAs = walk.folders.get(target)
  const around = walk.root === target || walk.root.startsWith(target + sep)
  if (metAs !== undefined || around) {
    walk.problems.push(problem(walk, absolute, `This link leads to a folder that is already taken in: ${target}.`))
    return
  }
  walk.folders.set(target, absolute)
  const mark = markOfFolder(basename(absolute)) ?? markOfFolder(basename(target))
  await (mark ? leaveOut(walk, absolute, mark) : walkFolder(walk, absolute))
}

const problem = (walk: Walk, absolute: string, reason: string): Problem => ({
  sourceId: null,
  file: relativePath(walk.root, absolute) || absolute,
  reason
})

export const relativePath = (root: string, absolute: string): string => {
  const path = relative(root, absolute)
  return sep === '/' ? path : path.split(sep).join('/')
}

const folderReason = (error: unknown): string =>
  (error as NodeJS.ErrnoException).code === 'EACCES'
    ? 'No permission to read this folder. Change its permissions and import again.'
    : (reasonOfSystemError(error) ?? messageOf(error))

const linkReason = (error: unknown): string =>
  (error as NodeJS.ErrnoException).code === 'ELOOP' ? 'This link leads in a circle.' : messageOf(error)

/** Linux has names of any bytes; Node gives those that are no UTF-8 with a sign that no file is found by. */
const reasonOfName = (absolute: string): string | null =>
  basename(absolute).includes('\ufffd') ? 'Its name is not written in UTF-8. Rename it, and import again.' : null

const listedPerReason = 200

/** Thousands of files with one reason are named up to a point, and counted beyond it. */
function shorten(problems: Problem[]): Problem[] {
  const byReason = Map.groupBy(problems, (problem) => problem.reason)
  return [...byReason].flatMap(([reason, group]) => {
    if (group.length <= listedPerReason) return group
    const left = group.length - listedPerReason
    return [
      ...group.slice(0, listedPerReason),
      { sourceId: null, file: `${left.toLocaleString('en-GB')} more files`, reason }
    ]
  })
}
