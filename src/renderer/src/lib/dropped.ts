/** What lies in a drop: the files in it and in its folders, as far as Nomina reads them. */

export interface DroppedFile {
  /** With `/`, from the dropped folder on. */
  path: string
  file: File
}
export interface Found {
  /** Of the one folder that was dropped, if it was one. */
  name: string | null
  files: DroppedFile[]
  /** How many files are none that Nomina reads. */
  left: number
}

/** More are never gone through: a home folder may have been dropped. */
const mostSeen = 50_000
const read = /\.(jpe?g|jpe|jfif|png|tiff?|webp|pdf|csv|tsv|txt|json)$/i
const ofASystem = /^(\..*|thumbs\.db|ehthumbs\.db|desktop\.ini)$/i

/** Call it while the drop is being handled: afterwards a browser shows nothing of it any more. */
export const entriesOf = (transfer: DataTransfer): FileSystemEntry[] =>
  [...transfer.items].flatMap((item) => item.webkitGetAsEntry() ?? [])

export async function filesIn(entries: readonly FileSystemEntry[]): Promise<Found> {
  const only = entries.length === 1 && entries[0]!.isDirectory ? entries[0]! : null
  const found: Found = { name: only?.name ?? null, files: [], left: 0 }
  let seen = 0
  const walk = async (entry: FileSystemEntry, path: string): Promise<void> => {
    if (ofASystem.test(entry.name) || ++seen > mostSeen) return
    if (entry.isDirectory) {
      for (const inner of await allOf(entry as FileSystemDirectoryEntry)) await walk(inner, `${path}${entry.name}/`)
    } else if (!read.test(entry.name)) found.left++
    else found.files.push({ path: path + entry.name, file: await fileOf(entry as FileSystemFileEntry) })
  }
  // What is in the one folder needs no folder around it.
  for (const entry of only ? await allOf(only as FileSystemDirectoryEntry) : entries) await walk(entry, '')
  return found
}

/** A browser lists a folder in parts, until there is none left. */
async function allOf(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader()
  const all: FileSystemEntry[] = []
  for (;;) {
    const part = await new Promise<FileSystemEntry[]>((found, failed) => reader.readEntries(found, failed))
    if (part.length === 0) return all.sort((a, b) => a.name.localeCompare(b.name, undefined, { numeric: true }))
    all.push(...part)
  }
}

const fileOf = (entry: FileSystemFileEntry): Promise<File> => new Promise((found, failed) => entry.file(found, failed))
