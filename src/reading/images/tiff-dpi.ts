/** The resolution of a page of a TIFF along both axes: libvips tells only the first. Classic TIFF; of big TIFF nothing is told. */
import { closeSync, openSync, readSync } from 'node:fs'
import { inDpi, type Dpi } from './exif'

const xResolution = 282
const yResolution = 283
const unit = 296
const entryLength = 12

/** @param source path or content @param page from 1. null where the file does not say. */
export function tiffDpi(source: string | Buffer, page: number): Dpi | null {
  if (typeof source !== 'string') return read((at, length) => source.subarray(at, at + length), page)
  const file = openSync(source, 'r')
  try {
    return read((at, length) => {
      const bytes = Buffer.alloc(length)
      return bytes.subarray(0, readSync(file, bytes, 0, length, at))
    }, page)
  } finally {
    closeSync(file)
  }
}

function read(bytesAt: (at: number, length: number) => Buffer, page: number): Dpi | null {
  const head = bytesAt(0, 8)
  const little = head[0] === 0x49
  const short = (bytes: Buffer, at: number): number => (little ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at))
  const long = (bytes: Buffer, at: number): number => (little ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at))
  const ratio = (at: number): number => {
    const bytes = bytesAt(at, 8)
    return long(bytes, 0) / long(bytes, 4)
  }
  try {
    if (short(head, 2) !== 42) return null
    let directory = long(head, 4)
    for (let number = 1; ; number++) {
      const count = short(bytesAt(directory, 2), 0)
      const entries = bytesAt(directory + 2, count * entryLength + 4)
      if (number < page) {
        directory = long(entries, count * entryLength)
        continue
      }
      const values = new Map<number, number>()
      for (let at = 0; at < count * entryLength; at += entryLength) {
        const tag = short(entries, at)
        if (tag === unit) values.set(tag, short(entries, at + 8))
        else if (tag === xResolution || tag === yResolution) values.set(tag, ratio(long(entries, at + 8)))
      }
      const [x, y] = [values.get(xResolution) ?? 0, values.get(yResolution) ?? 0]
      // Without a unit only their ratio is known, and that is the shape of a pixel.
      return inDpi(x, y, values.get(unit) === 3 ? 2.54 : 1)
    }
  } catch {
    return null // a directory that points beyond the end
  }
}
