/** Paths as the core's machine writes them: `/home/ada/scans` or `C:\Scans`. */

export interface Crumb {
  name: string
  path: string
}

/** The folders on the way to a path, the root first. */
export function crumbs(path: string): Crumb[] {
  const windows = /^[a-z]:/i.test(path) || path.startsWith('\\\\')
  const separator = windows ? '\\' : '/'
  const parts = path.split(windows ? /[\\/]+/ : /\/+/).filter(Boolean)
  if (!windows) {
    const folders = parts.map((name, index) => ({ name, path: `/${parts.slice(0, index + 1).join('/')}` }))
    return [{ name: '/', path: '/' }, ...folders]
  }
  const share = path.startsWith('\\\\') ? '\\\\' : ''
  return parts.map((name, index) => {
    const joined = share + parts.slice(0, index + 1).join(separator)
    return { name, path: index === 0 && !share ? `${joined}\\` : joined }
  })
}

/** A pasted path without the quotes and blanks that file managers put around it; `file://` URLs are decoded. */
export function cleanPath(pasted: string): string {
  const bare = pasted.trim().replace(/^(["'])(.*)\1$/, '$2')
  if (!bare.startsWith('file://')) return bare
  try {
    const { pathname } = new URL(bare)
    const decoded = decodeURIComponent(pathname)
    return /^\/[a-z]:/i.test(decoded) ? decoded.slice(1).replaceAll('/', '\\') : decoded
  } catch {
    return bare
  }
}

/** A path as seen from a folder above it, else as it is. */
export function relativeTo(path: string, folders: readonly string[]): string {
  for (const folder of folders) {
    const base = folder.replace(/[\\/]+$/, '')
    if (path.startsWith(base) && /[\\/]/.test(path.charAt(base.length))) return path.slice(base.length + 1)
  }
  return path
}

/** Index of the next name that starts with what was typed, from `after` on and round again; -1 where there is none. */
export function typeAhead(names: readonly string[], typed: string, after: number): number {
  const wanted = typed.toLowerCase()
  const start = typed.length > 1 ? Math.max(after, 0) : after + 1
  for (let step = 0; step < names.length; step++) {
    const index = (start + step) % names.length
    if (names[index]!.toLowerCase().startsWith(wanted)) return index
  }
  return -1
}
