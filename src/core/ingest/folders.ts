/** Folders of this machine, for choosing one in the browser shell. */
import { existsSync } from 'node:fs'
import { opendir } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, extname, join, resolve } from 'node:path'
import type { Output } from '../../shared/contract'
import { messageOf, NominaError, say } from '../../shared/failure'
import { formatByExtension, isOwnOrSystemFile } from './classify'
import { markOfFolder } from './derivatives'
import { naturalKey } from './natural'

/** Counting stops here: a chooser must answer at once. */
const mostImages = 10_000
const mostMs = 200
/** Files that are named: a list of more is of no use to a person. */
const mostFiles = 2000

/**
 * `path`: null for the user's home. Hidden folders are left out; a folder's count is null where time ran out.
 * @throws NominaError `not-found`, `refused` (no permission), `invalid-input` (a file)
 */
export async function listFolder(
  path: string | null,
  extensions: readonly string[] = []
): Promise<Output<'folders.list'>> {
  const folder = resolve(path ?? homedir())
  const content = await read(folder, Infinity, extensions)
  const deadline = performance.now() + mostMs
  const folders: Output<'folders.list'>['folders'] = []
  for (const name of content.folders.sort(byName)) {
    const child = join(folder, name)
    const counted = performance.now() < deadline ? await read(child, deadline, []).catch(() => null) : null
    const images = counted && !(counted.more && counted.images < mostImages) ? counted.images : null
    folders.push({ name, path: child, images, project: existsSync(join(child, 'nomina.db')) })
  }
  const parent = dirname(folder) === folder ? null : dirname(folder)
  const { images, more } = content
  const paths = (names: string[]): string[] => names.sort(byName).map((name) => join(folder, name))
  return {
    path: folder,
    parent,
    images,
    more,
    project: existsSync(join(folder, 'nomina.db')),
    csv: paths(content.csv),
    files: paths(content.files),
    folders
  }
}

interface Content {
  images: number
  more: boolean
  csv: string[]
  files: string[]
  folders: string[]
}

async function read(folder: string, deadline: number, extensions: readonly string[]): Promise<Content> {
  const content: Content = { images: 0, more: false, csv: [], files: [], folders: [] }
  const wanted = new Set(extensions)
  try {
    for await (const entry of await opendir(folder, { bufferSize: 256 })) {
      if (isOwnOrSystemFile(entry.name) || (entry.isDirectory() && markOfFolder(entry.name))) continue
      const ending = extname(entry.name).slice(1).toLowerCase()
      if (!entry.isDirectory() && wanted.has(ending) && content.files.length < mostFiles) content.files.push(entry.name)
      if (entry.isDirectory()) content.folders.push(entry.name)
      else if (formatByExtension(entry.name)) content.images++
      else if (/\.(csv|tsv)$/i.test(entry.name)) content.csv.push(entry.name)
      if (content.images >= mostImages || performance.now() > deadline) {
        content.more = true
        break
      }
    }
    return content
  } catch (error) {
    throw folderFailure(folder, error)
  }
}

function folderFailure(folder: string, error: unknown): NominaError {
  switch ((error as NodeJS.ErrnoException).code) {
    case 'ENOENT':
      return new NominaError('not-found', say('noFolder', { path: folder }))
    case 'ENOTDIR':
      return new NominaError('invalid-input', `${folder} is a file, not a folder.`)
    case 'EACCES':
    case 'EPERM':
      return new NominaError('refused', say('notReadable', { path: folder }))
    default:
      return new NominaError('refused', `${folder} can't be read: ${messageOf(error)}`)
  }
}

const byName = (a: string, b: string): number => (naturalKey(a) < naturalKey(b) ? -1 : 1)
