/** What a camera or scanner noted beside the pixels: how the image is to be held, and its resolution. Exif 2.32, laid out as a TIFF directory. */

export interface Noted {
  /** 1 upright … 8, as in Exif; 1 where nothing is said. */
  orientation: number
  /** px an inch along the stored rows and columns; null where nothing is said. */
  dpi: Dpi | null
}
export interface Dpi {
  x: number
  y: number
}

const tags = { orientation: 0x112, xResolution: 0x11a, yResolution: 0x11b, unit: 0x128 }
const entryLength = 12
const inchesPerCentimetre = 1 / 2.54

/** @param bytes from the byte order mark on. Damaged notes are no notes. */
export function readExif(bytes: Buffer): Noted {
  const values = directoryOf(bytes)
  const orientation = values.get(tags.orientation) ?? 1
  const [x, y] = [values.get(tags.xResolution), values.get(tags.yResolution)]
  return {
    orientation: orientation >= 1 && orientation <= 8 ? orientation : 1,
    dpi: x && y ? inDpi(x, y, values.get(tags.unit) === 3 ? 1 / inchesPerCentimetre : 1) : null
  }
}

/** @param perInch units an inch */
export const inDpi = (x: number, y: number, perInch: number): Dpi | null =>
  x > 0 && y > 0 && Number.isFinite(x + y) ? { x: x * perInch, y: y * perInch } : null

/** Numbers of the first directory by tag: SHORT, LONG and RATIONAL, the first of each. */
function directoryOf(bytes: Buffer): Map<number, number> {
  const values = new Map<number, number>()
  const order = bytes.toString('latin1', 0, 2)
  if (order !== 'II' && order !== 'MM') return values
  const little = order === 'II'
  const short = (at: number): number => (little ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at))
  const long = (at: number): number => (little ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at))
  try {
    const first = long(4)
    const count = short(first)
    for (let at = first + 2; at < first + 2 + count * entryLength; at += entryLength) {
      const type = short(at + 2)
      if (type === 3) values.set(short(at), short(at + 8))
      else if (type === 4) values.set(short(at), long(at + 8))
      else if (type === 5) values.set(short(at), long(long(at + 8)) / long(long(at + 8) + 4))
    }
  } catch {
    // A directory that points beyond its end says nothing more.
  }
  return values
}
