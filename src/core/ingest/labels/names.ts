/** Finds the file that a name in a labels file means. */
import { setImmediate as nextTurn } from 'node:timers/promises'

export type Found<T> = { value: T } | 'ambiguous' | null

const ambiguous = Symbol('ambiguous')
type Index<T> = Map<string, T | typeof ambiguous>

const withoutExtension = (path: string): string =>
  path.replace(/\.(jpe?g|jpe|jfif|png|tiff?|webp|bmp|gif|heic|jp2|pdf)$/i, '')
const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1)
/** macOS stores file names decomposed; labels files have them composed. */
const exactly = (name: string): string =>
  name
    .trim()
    .replaceAll('\\', '/')
    .replace(/^(\.\/)+/, '')
    .normalize('NFC')

/** How a name may mean a file, the surest first. */
const levels: ((name: string) => string)[] = [
  (name) => name,
  (name) => withoutExtension(name),
  (name) => baseName(name),
  (name) => withoutExtension(baseName(name))
]

/** Files between two turns of the event loop. */
const atOnce = 500

/**
 * By full relative path; once `deepen` has been called also without case, without extension, by base name, and by that
 * without extension, in this order. Most labels files need no more than the first.
 */
export class FileNames<T> {
  private readonly files: { paths: string[]; value: T }[] = []
  private readonly byPath: Index<T> = new Map()
  private deeper: { exact: Index<T>[]; folded: Index<T>[] } | null = null

  /** `paths`: all the relative paths that mean the value. */
  add(paths: string[], value: T): void {
    this.files.push({ paths, value })
    for (const path of paths) put(this.byPath, exactly(path), value)
  }

  /** After the last `add`. */
  async deepen(): Promise<void> {
    if (this.deeper) return
    const exact: Index<T>[] = levels.map(() => new Map())
    const folded: Index<T>[] = levels.map(() => new Map())
    for (const [count, { paths, value }] of this.files.entries()) {
      if (count % atOnce === 0) await nextTurn()
      for (const path of paths) {
        const name = exactly(path)
        for (const [index, level] of levels.entries()) {
          const key = level(name)
          put(exact[index]!, key, value)
          put(folded[index]!, key.toLowerCase(), value)
        }
      }
    }
    this.deeper = { exact, folded }
  }

  find(written: string): Found<T> {
    const name = exactly(written)
    if (!name) return null
    const direct = this.byPath.get(name)
    if (direct !== undefined) return foundOf(direct)
    if (!this.deeper) return null
    for (const [index, level] of levels.entries()) {
      const key = level(name)
      const found = this.deeper.exact[index]!.get(key) ?? this.deeper.folded[index]!.get(key.toLowerCase())
      if (found !== undefined) return foundOf(found)
    }
    return null
  }
}

const foundOf = <T>(entry: T | typeof ambiguous): Found<T> =>
  entry === ambiguous ? 'ambiguous' : { value: entry as T }

function put<T>(index: Index<T>, key: string, value: T): void {
  const present = index.get(key)
  if (present === undefined) index.set(key, value)
  else if (present !== value) index.set(key, ambiguous)
}
