/** The hash of what makes up a page of a TIFF, without decoding it: the tags that shape its picture, and its strips or tiles. */
import { createHash } from 'node:crypto'
import { open, type FileHandle } from 'node:fs/promises'

/** Names what is hashed, and how. */
const name = 'tiff-page-1'
const mostPages = 5000
const mostEntries = 4096

/** Of the picture: size, bits, compression, colours, how strips and tiles are cut, orientation, tables of the compression. */
const pictured = new Set([
  256, 257, 258, 259, 262, 266, 274, 277, 278, 284, 292, 293, 317, 320, 322, 323, 332, 338, 339, 347, 512, 530, 532
])
const offsets = new Set([273, 324])
const lengths = new Set([279, 325])
/** Bytes of one value of each type. */
const sizes = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8, 8, 8]

interface Layout {
  little: boolean
  /** BigTIFF: counts and offsets of 8 bytes. */
  big: boolean
}

/** A hash for each page, in order; null for one that can't be followed. None for a file that is no TIFF. */
export async function hashesOfTiff(path: string): Promise<(string | null)[]> {
  const file = await open(path, 'r')
  try {
    const head = await bytesAt(file, 0, 16)
    const little = head.toString('latin1', 0, 2) === 'II'
    const version = little ? head.readUInt16LE(2) : head.readUInt16BE(2)
    if (version !== 42 && version !== 43) return []
    const layout = { little, big: version === 43 }
    const hashes: (string | null)[] = []
    const met = new Set<number>()
    let at = layout.big ? numberOf(head, 8, 8, little) : numberOf(head, 4, 4, little)
    while (at && !met.has(at) && hashes.length < mostPages) {
      met.add(at)
      const directory = await directoryAt(file, at, layout)
      hashes.push(await hashOf(file, directory.entries, layout).catch(() => null))
      at = directory.next
    }
    return hashes
  } finally {
    await file.close()
  }
}

interface Entry {
  tag: number
  type: number
  count: number
  /** Where its values lie in `bytes`, or, where `at` is not null, in the file. */
  bytes: Buffer
  at: number | null
}

async function directoryAt(
  file: FileHandle,
  at: number,
  { little, big }: Layout
): Promise<{ entries: Entry[]; next: number }> {
  const [countSize, entrySize, wide] = big ? [8, 20, 8] : [2, 12, 4]
  const count = numberOf(await bytesAt(file, at, countSize), 0, countSize, little)
  if (count > mostEntries) throw new Error('Too many tags.')
  const table = await bytesAt(file, at + countSize, count * entrySize + wide)
  const entries = Array.from({ length: count }, (_, index): Entry => {
    const entry = table.subarray(index * entrySize, (index + 1) * entrySize)
    const type = numberOf(entry, 2, 2, little)
    const values = numberOf(entry, 4, wide, little)
    const bytes = entry.subarray(4 + wide)
    const isLong = (sizes[type] ?? 0) * values > wide
    return {
      tag: numberOf(entry, 0, 2, little),
      type,
      count: values,
      bytes,
      at: isLong ? numberOf(bytes, 0, wide, little) : null
    }
  })
  return { entries, next: numberOf(table, count * entrySize, wide, little) }
}

async function hashOf(file: FileHandle, entries: Entry[], { little }: Layout): Promise<string> {
  const hash = createHash('sha256')
  const valuesOf = async ({ type, count, bytes, at }: Entry): Promise<Buffer> => {
    const length = (sizes[type] ?? 0) * count
    return at === null ? bytes.subarray(0, length) : bytesAt(file, at, length)
  }
  const numbersOf = async (wanted: ReadonlySet<number>): Promise<number[]> => {
    const entry = entries.find(({ tag }) => wanted.has(tag))
    if (!entry) throw new Error('No strips.')
    const size = sizes[entry.type] ?? 0
    const values = await valuesOf(entry)
    return Array.from({ length: entry.count }, (_, index) => numberOf(values, index * size, size, little))
  }
  hash.update(little ? 'II' : 'MM')
  for (const entry of entries.filter(({ tag }) => pictured.has(tag)))
    hash.update(`${entry.tag} ${entry.type} ${entry.count} `).update(await valuesOf(entry))
  const starts = await numbersOf(offsets)
  const long = await numbersOf(lengths)
  for (const [index, start] of starts.entries()) hash.update(await bytesAt(file, start, long[index]!))
  return `${name}:${hash.digest('hex')}`
}

/** @throws Error where the file ends before */
async function bytesAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const { size } = await file.stat()
  if (position + length > size) throw new Error('The file ends too early.')
  const { buffer } = await file.read(Buffer.alloc(length), 0, length, position)
  return buffer
}

function numberOf(bytes: Buffer, at: number, size: number, little: boolean): number {
  if (size === 8) return Number(little ? bytes.readBigUInt64LE(at) : bytes.readBigUInt64BE(at))
  return little ? bytes.readUIntLE(at, size) : bytes.readUIntBE(at, size)
}
