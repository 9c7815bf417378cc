/** Finds the file that a name in a labels file means. */
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

/** By full relative path, else without extension, else by base name, else by that without extension; case counts first. */
export class FileNames<T> {
  private readonly exact: Index<T>[] = levels.map(() => new Map())
  private readonly folded: Index<T>[] = levels.map(() => new Map())

  /** `paths`: all the relative paths that mean the value. */
  add(paths: string[], value: T): void {
    for (const path of paths) {
      const name = exactly(path)
      levels.forEach((level, index) => {
        put(this.exact[index]!, level(name), value)
        put(this.folded[index]!, level(name).toLowerCase(), value)
      })
    }
  }

  find(written: string): Found<T> {
    const name = exactly(written)
    if (!name) return null
    for (const [index, level] of levels.entries()) {
      const found = this.exact[index]!.get(level(name)) ?? this.folded[index]!.get(level(name).toLowerCase())
      if (found === ambiguous) return 'ambiguous'
      if (found !== undefined) return { value: found as T }
    }
    return null
  }
}

function put<T>(index: Index<T>, key: string, value: T): void {
  const present = index.get(key)
  if (present === undefined) index.set(key, value)
  else if (present !== value) index.set(key, ambiguous)
}
