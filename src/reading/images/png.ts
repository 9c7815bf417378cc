/** PNG without native code. Interlaced and animated files are left to another decoder. */
import { decode, type DecodedPng } from 'fast-png'
import { inDpi, readExif, type Noted } from './exif'
import type { ImageHeader, RawPixels } from './header'
import { eightBits } from './tones'

const signatureLength = 8
const metresPerInch = 0.0254
/** Colour types of the PNG specification, section 11.2.1. */
const colour = { grey: 0, rgb: 2, palette: 3, greyAlpha: 4, rgbAlpha: 6 }

/** @returns null for a kind that this decoder leaves to another, and for what is no whole header */
export function pngHeader(bytes: Buffer): ImageHeader | null {
  let header: ImageHeader | null = null
  for (let at = signatureLength; at + 8 <= bytes.length;) {
    const length = bytes.readUInt32BE(at)
    const type = bytes.toString('latin1', at + 4, at + 8)
    const chunk = bytes.subarray(at + 8, at + 8 + length)
    if (type === 'IDAT') return header
    if (chunk.length < length || type === 'acTL') return null
    if (type === 'IHDR') header = imageHeader(chunk)
    if (!header) return null
    if (type === 'tRNS') header.alpha = true
    if (type === 'pHYs' && chunk[8] === 1)
      header.dpi = inDpi(chunk.readUInt32BE(0), chunk.readUInt32BE(4), metresPerInch)
    if (type === 'eXIf') note(header, readExif(chunk))
    at += length + 12
  }
  return null
}

function note(header: ImageHeader, { orientation, dpi }: Noted): void {
  header.orientation = orientation
  header.dpi = dpi ?? header.dpi
}

function imageHeader(chunk: Buffer): ImageHeader | null {
  const [bits, type, , , interlace] = chunk.subarray(8)
  if (interlace !== 0 || bits === undefined || type === undefined) return null
  return {
    format: 'png',
    width: chunk.readUInt32BE(0),
    height: chunk.readUInt32BE(4),
    orientation: 1,
    pages: 1,
    grey: type === colour.grey || type === colour.greyAlpha,
    cmyk: false,
    alpha: type === colour.greyAlpha || type === colour.rgbAlpha,
    bits,
    dpi: null
  }
}

/** @returns null for what is damaged or cut off in any way: another decoder has the last word */
export function decodePng(bytes: Uint8Array): RawPixels | null {
  let image: DecodedPng
  try {
    image = decode(bytes, { checkCrc: true })
  } catch {
    return null
  }
  const { width, height, palette, transparency } = image
  const samples = image.depth < 8 ? unpacked(image) : image.data
  if (palette) return ofPalette(samples, palette, width, height)
  const full = image.depth === 16 ? 65535 : 255
  const keyed = transparency ? withKey(samples, transparency, image.channels, full) : samples
  const channels = image.channels + (transparency ? 1 : 0)
  const opaque = channels % 2 === 0 ? flattened(keyed, channels, full) : keyed
  const size = { width, height, channels: channels <= 2 ? 1 : 3 } as const
  if (!(opaque instanceof Uint16Array))
    return { data: new Uint8Array(opaque.buffer, opaque.byteOffset, opaque.length), ...size }
  const { data, note } = eightBits(opaque)
  return note ? { data, ...size, notes: [note] } : { data, ...size }
}

type Samples = DecodedPng['data']
const same = (samples: Samples, length: number): Uint8Array | Uint16Array =>
  samples instanceof Uint16Array ? new Uint16Array(length) : new Uint8Array(length)

/** Rows of fewer than 8 bits a sample, each padded to a byte; grey is spread over 0–255, indices stay. */
function unpacked({ data, width, height, depth, palette }: DecodedPng): Uint8Array {
  const result = new Uint8Array(width * height)
  const stride = Math.ceil((width * depth) / 8)
  const mask = (1 << depth) - 1
  const spread = palette ? 1 : 255 / mask
  for (let y = 0, to = 0; y < height; y++) {
    for (let x = 0; x < width; x++, to++) {
      const bit = x * depth
      result[to] = ((data[y * stride + (bit >> 3)]! >> (8 - depth - (bit & 7))) & mask) * spread
    }
  }
  return result
}

function ofPalette(indices: Samples, palette: number[][], width: number, height: number): RawPixels | null {
  const data = new Uint8Array(width * height * 3)
  const colours = palette.map(([red, green, blue, alpha = 255]) =>
    [red!, green!, blue!].map((v) => onWhite(v, alpha, 255))
  )
  for (let index = 0, to = 0; to < data.length; index++, to += 3) {
    const entry = colours[indices[index]!]
    if (!entry) return null
    data[to] = entry[0]!
    data[to + 1] = entry[1]!
    data[to + 2] = entry[2]!
  }
  return { data, width, height, channels: 3 }
}

/** Alpha added: 0 where a pixel has the colour that is to be seen through. */
function withKey(samples: Samples, key: Uint16Array, channels: number, full: number): Samples {
  const result = same(samples, (samples.length / channels) * (channels + 1))
  for (let from = 0, to = 0; from < samples.length; from += channels) {
    let hit = true
    for (let channel = 0; channel < channels; channel++) {
      const value = samples[from + channel]!
      result[to++] = value
      hit &&= value === key[channel]
    }
    result[to++] = hit ? 0 : full
  }
  return result
}

/** libvips' integers, whose white has the lower byte of 16 bits empty. */
const onWhite = (value: number, alpha: number, full: number): number =>
  Math.trunc((value * alpha + (full - alpha) * (full === 255 ? 255 : 65280)) / full)

function flattened(samples: Samples, channels: number, full: number): Samples {
  const result = same(samples, (samples.length / channels) * (channels - 1))
  for (let from = 0, to = 0; from < samples.length; from += channels) {
    const alpha = samples[from + channels - 1]!
    for (let channel = 0; channel < channels - 1; channel++)
      result[to++] = onWhite(samples[from + channel]!, alpha, full)
  }
  return result
}
