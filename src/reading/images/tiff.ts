/** The first directory of a classic TIFF, as far as the numbers in it tell why a file can't be decoded. */

/** A file that is open, or its content in memory. */
export interface RandomAccess {
  read(buffer: Buffer, offset: number, length: number, position: number): Promise<{ buffer: Buffer; bytesRead: number }>
}

const entryLength = 12

export interface TiffDirectory {
  /** The numbers of the first of these tags that is there; Infinity where they lie beyond the end of the file. */
  valuesOf(tags: readonly number[]): Promise<number[]>
}

export async function readAt(file: RandomAccess, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position)
  return buffer.subarray(0, bytesRead)
}

/** `head`: the file's first bytes. Big TIFF is not looked into. */
export async function readTiffDirectory(
  file: RandomAccess,
  head: Buffer,
  size: number
): Promise<TiffDirectory | 'cut off' | 'big'> {
  const little = head[0] === 0x49
  const short = (bytes: Buffer, at: number): number => (little ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at))
  const long = (bytes: Buffer, at: number): number => (little ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at))
  if (head.length < 8) return 'cut off'
  if (short(head, 2) !== 42) return 'big'
  const directory = long(head, 4)
  if (directory + 2 > size) return 'cut off'
  const count = short(await readAt(file, directory, 2), 0)
  const entries = await readAt(file, directory + 2, count * entryLength)
  if (entries.length < count * entryLength) return 'cut off'
  const valuesOf = async (tags: readonly number[]): Promise<number[]> => {
    for (let at = 0; at < entries.length; at += entryLength) {
      if (!tags.includes(short(entries, at))) continue
      const width = short(entries, at + 2) === 3 ? 2 : 4
      const many = long(entries, at + 4)
      const inline = many * width <= 4
      const bytes = inline
        ? entries.subarray(at + 8, at + 12)
        : await readAt(file, long(entries, at + 8), Math.min(many * width, size))
      if (bytes.length < many * width && !inline) return [Infinity]
      return Array.from({ length: many }, (_, index) =>
        width === 2 ? short(bytes, index * 2) : long(bytes, index * 4)
      )
    }
    return []
  }
  return { valuesOf }
}
