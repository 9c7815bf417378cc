/** How a file's name may be written in a table: the ways in which two spellings of one name are the same. */
import { posix } from 'node:path'

const imageExtension = /\.(jpe?g|jpe|jfif|png|tiff?|webp|bmp|gif|heic|jp2|pdf)$/i

/** With `/`, composed (macOS stores names decomposed), and without what leads nowhere. */
export function exactly(name: string): string {
  const plain = name
    .trim()
    .replaceAll('\\', '/')
    .replace(/^file:(\/\/)?/i, '')
  return plain === '' ? '' : posix.normalize(plain).replace(/^\.\//, '').normalize('NFC')
}

export const stepsOf = (name: string): string[] =>
  name.split('/').filter((step) => step !== '' && step !== '.' && step !== '..')

const folded = (name: string): string => exactly(decoded(name)).toLowerCase()

/** `%20` of a web address; a name that is none stays as it is. */
function decoded(name: string): string {
  if (!name.includes('%')) return name
  try {
    return decodeURIComponent(name)
  } catch {
    return name
  }
}

export const stemOf = (name: string): string => name.replace(imageExtension, '')
export const extensionOf = (name: string): string => (imageExtension.exec(name)?.[0] ?? '').toLowerCase()

export interface Spelling {
  ofFile(name: string): string
  /** Null where the name can't mean a file in this way. */
  ofRow(name: string): string | null
}

/**
 * The surest first: as written; without regard to case and the signs of web addresses; without the extension, where the
 * row has none. `otherFormat`: the table speaks of the same pictures in another format, so that no extension counts.
 */
export const spellings = (otherFormat: boolean): Spelling[] => [
  { ofFile: (name) => name, ofRow: (name) => name },
  { ofFile: folded, ofRow: folded },
  {
    ofFile: (name) => stemOf(folded(name)),
    ofRow: (name) => (otherFormat || extensionOf(name) === '' ? stemOf(folded(name)) : null)
  }
]
