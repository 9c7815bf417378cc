import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { numbered } from '../../shared/numbered'
import type { App } from '../app'

export const projectsFolder = ({ options }: App): string => join(options.dataDir, 'projects')

/** A free folder for a new project, beside the user's other ones. */
export function suggestPath(app: App, name: string): string {
  const folder = projectsFolder(app)
  const safe = [...name]
    .map((c) => (c < ' ' || '<>:"/\\|?*'.includes(c) ? '-' : c))
    .join('')
    .replace(/^\.+|[. ]+$/g, '')
    .trim()
  const base = safe || 'Project'
  for (let n = 1; ; n++) {
    const path = join(folder, numbered(base, n))
    if (!existsSync(path)) return path
  }
}
