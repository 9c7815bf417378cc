/** The image of a field as a browser can show it, and what it looks like in a few bits. */
import type { QuarterTurns } from '../../shared/domain'
import { encodeJpeg, encodePng } from './encode'
import type { RawPixels } from './header'
import { openImageFile, uprightPixels } from './pixels'
import { scaleTo, shrinkInto } from './scale'
import { toGrey } from '../preprocess/grey'
import { turn } from './upright'

/** One page (from 1) of a file, and the clockwise quarter turns a person gave it. */
export interface ShownField {
  path: string
  page: number
  rotation: QuarterTurns
}
/** Columns of the upright image, px. */
export interface Part {
  left: number
  right: number
}
export interface Picture {
  /** Null: the file's own are what a browser shows. */
  bytes: Uint8Array | null
  /** These, where they are few. */
  own?: Uint8Array
  /** Media type. */
  type: string
}

const thumbnailHeight = 64
/** A crop that is very much wider than high gets a lower thumbnail. */
const thumbnailWidth = 768
const shownAsTheyAre = new Map<string, string>([
  ['jpeg', 'image/jpeg'],
  ['png', 'image/png'],
  ['webp', 'image/webp']
])

/** In bytes. They are read already; to read them once more takes several turns of the shell's event loop. */
const handedOver = 256 * 1024

/** All pixels, upright and turned. @throws NominaError `unreadable` */
export async function wholePicture({ path, page, rotation }: ShownField): Promise<Picture> {
  const { header, source } = await openImageFile(path, page)
  const type = shownAsTheyAre.get(header.format)
  const plain = header.bits <= 8 && !header.alpha && !header.cmyk && header.pages === 1
  if (type && plain && rotation === 0 && header.orientation === 1)
    return { bytes: null, type, ...(Buffer.isBuffer(source) && source.length <= handedOver && { own: source }) }
  return { bytes: encodePng(await uprightPixels(path, page, rotation)), type: 'image/png' }
}

/** At most 64 px high; of a part, nothing else of the image is in it. @throws NominaError `unreadable` */
export async function thumbnail({ path, page, rotation }: ShownField, part?: Part): Promise<Picture> {
  const pixels = await uprightPixels(path, page, rotation)
  const small = shrinkInto(part ? columnsOf(pixels, part) : pixels, thumbnailWidth, thumbnailHeight)
  return { bytes: await encodeJpeg(small, 82), type: 'image/jpeg' }
}

function columnsOf({ data, width, height, channels }: RawPixels, part: Part): RawPixels {
  const left = Math.min(Math.max(0, Math.floor(part.left)), width - 1)
  const right = Math.max(left + 1, Math.min(width, Math.ceil(part.right)))
  const row = (right - left) * channels
  const cut = new Uint8Array(row * height)
  for (let y = 0; y < height; y++) {
    const from = (y * width + left) * channels
    cut.set(data.subarray(from, from + row), y * row)
  }
  return { data: cut, width: right - left, height, channels }
}

/** A JPEG of ours, turned. @throws NominaError `unreadable` */
export async function turnedPicture(path: string, turns: QuarterTurns): Promise<Picture> {
  const pixels: RawPixels = await uprightPixels(path, 1, 0)
  return { bytes: await encodeJpeg(turn(pixels, turns), 80), type: 'image/jpeg' }
}

/** Grey levels by which the left one of two neighbours must be lighter: paper is not quite even. */
const edge = 2
const hashSize = { width: 32, height: 8 }

/**
 * Difference hash: 256 comparisons of neighbouring pixels of the crop at 33 × 8 px (after N. Krawetz, "Kind of like that",
 * 2013, made wider for lines of text); survives scaling, compression and brightness. In hexadecimal.
 * @throws NominaError `unreadable`
 */
export async function differenceHash({ path, page, rotation }: ShownField): Promise<string> {
  const stride = hashSize.width + 1
  const grey = toGrey(await uprightPixels(path, page, rotation))
  const { data } = scaleTo({ ...grey, channels: 1 }, stride, hashSize.height)
  let hash = 0n
  for (let row = 0; row < hashSize.height; row++)
    for (let column = 0; column < hashSize.width; column++) {
      const at = row * stride + column
      hash = (hash << 1n) | (data[at]! > data[at + 1]! + edge ? 1n : 0n)
    }
  return hash.toString(16).padStart((hashSize.width * hashSize.height) / 4, '0')
}
