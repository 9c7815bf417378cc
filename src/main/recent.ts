import { app } from 'electron'
import type { Words } from './words'

/** Shows projects opened lately where the system keeps such a list: in a Mac's dock, in Windows' jump list. */
export function showRecent(recent: { path: string; name: string; exists: boolean }[], words: Words): void {
  const there = recent.filter(({ exists }) => exists)
  if (process.platform === 'darwin' && there[0]) app.addRecentDocument(there[0].path)
  if (process.platform !== 'win32') return
  app.setJumpList([
    {
      type: 'custom',
      name: words.projects,
      items: there.map(({ path, name }) => ({
        type: 'task',
        program: process.execPath,
        args: `"${path}"`,
        title: name,
        description: path
      }))
    }
  ])
}
