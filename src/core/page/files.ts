import { readdirSync, type Dirent } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { extname, join, relative, sep } from 'node:path'

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.woff': 'font/woff',
  '.wasm': 'application/wasm'
}

export interface PageFile {
  bytes: Buffer
  type: string
  /** Its name holds a hash of its content, so that it may be cached for good. */
  hashed: boolean
}

/**
 * The built page's files by URL path (`/` is index.html). A request is looked up among the names that the folder
 * really has and never becomes a path itself: nothing outside the folder can be asked for.
 */
export function createPageFiles(folder: string): (urlPath: string) => Promise<PageFile | null> {
  let known = listFiles(folder)
  return async (urlPath) => {
    const wanted = urlPath === '/' ? '/index.html' : urlPath
    if (!known.has(wanted)) known = listFiles(folder) // it may have been built again meanwhile
    const file = known.get(wanted)
    if (!file) return null
    try {
      const type = types[extname(file)] ?? 'application/octet-stream'
      return { bytes: await readFile(file), type, hashed: wanted.startsWith('/assets/') }
    } catch {
      return null
    }
  }
}

function listFiles(folder: string): Map<string, string> {
  const found = new Map<string, string>()
  for (const entry of entriesOf(folder)) {
    if (!entry.isFile()) continue
    const path = join(entry.parentPath, entry.name)
    found.set(`/${relative(folder, path).split(sep).join('/')}`, path)
  }
  return found
}

function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
  } catch {
    return [] // not built: every request answers 404
  }
}
