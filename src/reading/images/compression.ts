/** How an image is stored where that is the reason why it can't be decoded: whole files are not called damaged. */
import type { ImageFormat } from './format'
import { readAt, readTiffDirectory, type RandomAccess } from './tiff'

const compressionTag = 259
const bitsTag = 258
/** Uncompressed, CCITT, LZW, JPEG, Deflate and PackBits: a file in one of these that can't be decoded is damaged. */
const decodable = new Set([1, 2, 3, 4, 5, 7, 8, 32773, 32946])
/** Names of TIFF's compressions, from libtiff's tiff.h and the registry of private tags. */
const names = new Map([
  [6, 'JPEG in the old way of TIFF 6'],
  [9, 'JBIG'],
  [10, 'JBIG'],
  [32766, 'NeXT'],
  [32809, 'ThunderScan'],
  [33003, 'JPEG 2000'],
  [33004, 'JPEG 2000'],
  [33005, 'JPEG 2000'],
  [34661, 'JBIG'],
  [34676, 'LogLuv'],
  [34677, 'LogLuv'],
  [34712, 'JPEG 2000'],
  [34887, 'LERC'],
  [34892, 'JPEG of DNG'],
  [34925, 'LZMA'],
  [50000, 'Zstandard'],
  [50001, 'WebP'],
  [50002, 'JPEG XL'],
  [52546, 'JPEG XL']
])

/** What is not supported of a file that could not be decoded, as in `stored …`; null where it is nothing of the kind. */
export async function unsupportedStorage(
  file: RandomAccess,
  format: ImageFormat,
  head: Buffer,
  size: number
): Promise<string | null> {
  if (format === 'jpeg') return kindOfJpeg(await readAt(file, 0, Math.min(size, 256 * 1024)))
  if (format !== 'tiff') return null
  const directory = await readTiffDirectory(file, head, size)
  if (directory === 'cut off' || directory === 'big') return null
  const [compression = 1] = await directory.valuesOf([compressionTag])
  if (!decodable.has(compression)) {
    const name = names.get(compression)
    return name ? `with ${name} compression` : `with compression ${compression}`
  }
  const bits = (await directory.valuesOf([bitsTag])).find((value) => ![1, 2, 4, 8, 16].includes(value))
  return bits === undefined ? null : `with ${bits} bits a channel`
}

/** By its start of frame, ITU-T T.81 table B.1. */
function kindOfJpeg(bytes: Buffer): string | null {
  for (let at = 2; at + 5 <= bytes.length;) {
    if (bytes[at] !== 0xff) return null
    const marker = bytes[at + 1]!
    if (marker === 0xff) at++
    else if (marker === 0xf7) return 'as JPEG-LS'
    else if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) {
      const precision = bytes[at + 4]!
      if (marker > 0xc8) return 'as JPEG with arithmetic coding'
      if ([0xc3, 0xc7].includes(marker)) return 'as lossless JPEG'
      if (marker >= 0xc5) return 'as hierarchical JPEG'
      return precision === 8 ? null : `as JPEG with ${precision} bits a channel`
    } else at += 2 + bytes.readUInt16BE(at + 2)
  }
  return null
}
