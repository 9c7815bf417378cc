/**
 * TIFF, WebP and what the decoders of JPEG and PNG leave: by sharp, and nowhere else. Its libvips carries a GLib, and
 * Electron's binary on Linux has the system's: the two bring the process down (lovell/sharp#4525). So it is loaded when it is
 * first needed, only in processes of reading, which the desktop app runs on a Node of its own.
 */
import type { Metadata, Sharp, SharpOptions } from 'sharp'
import { NominaError } from '../../shared/failure'
import { imageFormats, type ImageFormat } from './format'
import type { ImageHeader, RawPixels } from './header'
import { unknownDepth, pixelLimit } from './reasons'
import { tiffDpi } from './tiff-dpi'
import { eightBits } from './tones'

/** @throws NominaError `unreadable` in Electron's binary on Linux */
async function load(): Promise<typeof import('sharp').default> {
  if (process.versions.electron && process.platform === 'linux')
    throw new NominaError('unreadable', 'Only JPEG and PNG can be read here: Nomina’s own Node is missing beside it.')
  const { default: sharp } = await import('sharp')
  // libvips remembers opened files by name: a file that changed on disk would show its old pixels.
  sharp.cache(false)
  // Many small images at once: one thread each is faster than several for one.
  sharp.concurrency(1)
  return sharp
}

/** 'error' fails on what is cut off or damaged, and lets a decoder's mere warnings pass, as other programs do. */
const safely: SharpOptions = { failOn: 'error', sequentialRead: true }

/** @param source path or content @throws what sharp throws; NominaError `unreadable` for numbers that are no pixels */
export async function otherHeader(source: string | Buffer, page: number): Promise<ImageHeader> {
  const sharp = await load()
  const metadata = await sharp(source, { ...safely, page: page - 1, limitInputPixels: false }).metadata()
  const { depth, space, width, height, density } = metadata
  // sharp knows more formats than are taken in: every way into a file takes the same ones.
  if (!(imageFormats as readonly string[]).includes(metadata.format)) throw new Error(`${metadata.format} is not read`)
  if (depth !== 'uchar' && depth !== 'ushort') throw new NominaError('unreadable', unknownDepth(depth))
  return {
    format: metadata.format as ImageFormat,
    width,
    height,
    orientation: metadata.orientation ?? 1,
    pages: metadata.pages ?? 1,
    grey: space === 'b-w' || space === 'grey16',
    cmyk: space === 'cmyk',
    alpha: metadata.hasAlpha,
    bits: bitsOf(metadata),
    dpi:
      (metadata.format === 'tiff' ? tiffDpi(source, page) : null) ??
      (density === undefined ? null : { x: density, y: density })
  }
}

const bitsOf = ({ bitsPerSample, depth }: Metadata): number => bitsPerSample ?? (depth === 'ushort' ? 16 : 8)

const opened = async (source: string | Buffer, page: number, header: ImageHeader): Promise<Sharp> =>
  (await load())(source, { ...safely, page: page - 1, limitInputPixels: pixelLimit, ignoreIcc: !header.cmyk })

/** As stored. @throws what sharp throws */
export async function decodeOther(
  source: string | Buffer,
  page: number,
  header: ImageHeader,
  grey: boolean
): Promise<RawPixels> {
  const image = await opened(source, page, header)
  if (header.alpha) image.flatten({ background: '#ffffff' })
  if (header.bits === 16 && !header.cmyk) return ofSixteenBits(image, header.grey)
  image.toColourspace(grey ? 'b-w' : 'srgb')
  const { data, info } = await image.raw().toBuffer({ resolveWithObject: true })
  const { width, height } = info
  if (info.channels === 1) return { data, width, height, channels: 1 }
  if (grey) return { data: firstOfThree(data), width, height, channels: 1 }
  return { data, width, height, channels: 3 }
}

/** As they are stored: libvips' own way to 8 bits rounds grey, and knows nothing of bits that are not used. */
async function ofSixteenBits(image: Sharp, grey: boolean): Promise<RawPixels> {
  image.toColourspace(grey ? 'grey16' : 'rgb16')
  const { data, info } = await image.raw({ depth: 'ushort' }).toBuffer({ resolveWithObject: true })
  const samples = new Uint16Array(data.buffer, data.byteOffset, data.length / 2)
  const { data: eight, note } = eightBits(samples)
  const { width, height } = info
  const pixels: RawPixels =
    grey && info.channels === 3
      ? { data: firstOfThree(eight), width, height, channels: 1 }
      : { data: eight, width, height, channels: info.channels === 1 ? 1 : 3 }
  return note ? { ...pixels, notes: [note] } : pixels
}

function firstOfThree(data: Uint8Array): Uint8Array {
  const grey = new Uint8Array(data.length / 3)
  for (let index = 0; index < grey.length; index++) grey[index] = data[index * 3]!
  return grey
}

/** Above this many pixels a check does not hold the whole image in memory. */
const heldWhole = 8_000_000

/** @throws what sharp throws where the image is cut off or damaged */
export async function checkOther(source: string | Buffer, page: number, header: ImageHeader): Promise<void> {
  const { width, height } = header
  const image = await opened(source, page, header)
  // The last row of a file that is read from top to bottom comes after all the others.
  if (width * height > heldWhole) image.extract({ left: 0, top: height - 1, width, height: 1 })
  await image.raw().toBuffer()
}
