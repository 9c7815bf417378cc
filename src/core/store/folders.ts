import { existsSync, mkdirSync } from 'node:fs'
import { dirname } from 'node:path'

/**
 * Makes a folder and those above it, where they are missing. Node's own way (`recursive`) never returns where a folder is there and
 * nothing can be made in it, for which some file systems say that it is not there: /proc, for one.
 * @returns whether there was any to make
 * @throws what the file system says
 */
export function makeFolders(folder: string): boolean {
  // Where it is a file, this throws and says so.
  if (existsSync(folder)) return mkdirSync(folder, { recursive: true }) !== undefined
  const above = dirname(folder)
  if (above !== folder && !existsSync(above)) makeFolders(above)
  try {
    mkdirSync(folder)
  } catch (error) {
    // Somebody else made it meanwhile.
    if (!existsSync(folder)) throw error
  }
  return true
}
