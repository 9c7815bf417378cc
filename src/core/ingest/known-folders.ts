/** Where a person keeps things on this machine: Documents, Pictures, drives. */
import { existsSync, readFileSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'

export type KnownKind = 'home' | 'documents' | 'pictures' | 'downloads' | 'drive'
export interface KnownFolder {
  kind: KnownKind
  path: string
  /** Of a drive, as the system shows it. */
  name?: string
}

/** Linux names them by the user's language: they are looked up where the desktop keeps them. */
const xdgKeys = {
  documents: 'XDG_DOCUMENTS_DIR',
  pictures: 'XDG_PICTURES_DIR',
  downloads: 'XDG_DOWNLOAD_DIR'
} as const
const usual = { documents: 'Documents', pictures: 'Pictures', downloads: 'Downloads' } as const

/** Those that are there: the user's own first, then drives. */
export async function knownFolders(): Promise<KnownFolder[]> {
  const home = homedir()
  const own = (['documents', 'pictures', 'downloads'] as const).flatMap((kind) => {
    const path = ownFolder(kind)
    return path ? [{ kind, path }] : []
  })
  return [...(existsSync(home) ? [{ kind: 'home' as const, path: home }] : []), ...own, ...(await drives())]
}

/** Where a table is written when nobody has said where: a place that a person looks into, never one of Nomina's own. */
export const documentsFolder = (): string => ownFolder('documents') ?? homedir()

function ownFolder(kind: keyof typeof usual): string | null {
  const said = process.platform === 'linux' ? fromDesktop(xdgKeys[kind]) : null
  const path = said ?? join(homedir(), usual[kind])
  return path !== homedir() && existsSync(path) ? path : null
}

/** @returns as `~/.config/user-dirs.dirs` says, if it does */
function fromDesktop(key: string): string | null {
  const folder = process.env['XDG_CONFIG_HOME'] || join(homedir(), '.config')
  try {
    const text = readFileSync(join(folder, 'user-dirs.dirs'), 'utf8')
    const found = new RegExp(`^${key}="(.*)"`, 'm').exec(text)?.[1]
    return found ? found.replace(/^\$HOME/, homedir()) : null
  } catch {
    return null
  }
}

async function drives(): Promise<KnownFolder[]> {
  if (process.platform === 'win32')
    return [...'CDEFGHIJKLMNOPQRSTUVWXYZ']
      .map((letter) => `${letter}:\\`)
      .filter((path) => existsSync(path))
      .map((path) => ({ kind: 'drive', path, name: path }))
  const user = process.env['USER'] ?? ''
  const holders = process.platform === 'darwin' ? ['/Volumes'] : [`/media/${user}`, `/run/media/${user}`, '/mnt']
  const found = await Promise.all(holders.map((holder) => namesIn(holder)))
  return found.flatMap((names, index) =>
    names.map((name) => ({ kind: 'drive' as const, path: join(holders[index]!, name), name }))
  )
}

const namesIn = async (folder: string): Promise<string[]> => {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  return entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith('.')).map(({ name }) => name)
}
