/**
 * Whether a file that could not be decoded ends too early. Judged by what must stand in it: the decoder's message comes
 * from a buffer that several threads share, and can be another image's or none.
 */
import type { FileHandle } from 'node:fs/promises'
import type { ImageFormat } from './format'

/** `head`: the file's first bytes, 16 or more. */
export async function isCutOff(file: FileHandle, format: ImageFormat, head: Buffer, size: number): Promise<boolean> {
  switch (format) {
    case 'jpeg':
      return !(await readTail(file, size)).includes(Buffer.from([0xff, 0xd9]))
    case 'png':
      return !(await readTail(file, size)).includes('IEND')
    case 'webp':
      return head.length < 12 || size < head.readUInt32LE(4) + 8
    case 'tiff':
      return isTiffCutOff(file, head, size)
  }
}

async function readTail(file: FileHandle, size: number): Promise<Buffer> {
  const length = Math.min(4096, size)
  return readAt(file, size - length, length)
}

async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position)
  return buffer.subarray(0, bytesRead)
}

const entryLength = 12
/** Strip and tile positions, and their lengths. */
const offsetTags = [273, 324]
const lengthTags = [279, 325]

/** Classic TIFF: the directory, or a strip or tile that it names, lies beyond the end. Big TIFF is not looked into. */
async function isTiffCutOff(file: FileHandle, head: Buffer, size: number): Promise<boolean> {
  const little = head[0] === 0x49
  const short = (bytes: Buffer, at: number): number => (little ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at))
  const long = (bytes: Buffer, at: number): number => (little ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at))
  if (head.length < 8) return true
  if (short(head, 2) !== 42) return false
  const directory = long(head, 4)
  if (directory + 2 > size) return true
  const count = short(await readAt(file, directory, 2), 0)
  const entries = await readAt(file, directory + 2, count * entryLength)
  if (entries.length < count * entryLength) return true

  const valuesOf = async (tags: number[]): Promise<number[]> => {
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
  const offsets = await valuesOf(offsetTags)
  const lengths = await valuesOf(lengthTags)
  return offsets.some((offset, index) => offset + (lengths[index] ?? 0) > size)
}
