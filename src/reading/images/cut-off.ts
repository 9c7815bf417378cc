/**
 * Whether a file that could not be decoded ends too early. Judged by what must stand in it: the decoder's message comes
 * from a buffer that several threads share, and can be another image's or none.
 */
import type { ImageFormat } from './format'
import { readAt, readTiffDirectory, type RandomAccess } from './tiff'

/** `head`: the file's first bytes, 16 or more. */
export async function isCutOff(file: RandomAccess, format: ImageFormat, head: Buffer, size: number): Promise<boolean> {
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

async function readTail(file: RandomAccess, size: number): Promise<Buffer> {
  const length = Math.min(4096, size)
  return readAt(file, size - length, length)
}

/** Strip and tile positions, and their lengths. */
const offsetTags = [273, 324]
const lengthTags = [279, 325]

/** Classic TIFF: the directory, or a strip or tile that it names, lies beyond the end. Big TIFF is not looked into. */
async function isTiffCutOff(file: RandomAccess, head: Buffer, size: number): Promise<boolean> {
  const directory = await readTiffDirectory(file, head, size)
  if (directory === 'cut off' || directory === 'big') return directory === 'cut off'
  const offsets = await directory.valuesOf(offsetTags)
  const lengths = await directory.valuesOf(lengthTags)
  return offsets.some((offset, index) => offset + (lengths[index] ?? 0) > size)
}
