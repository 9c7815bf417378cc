/** The one place where a file becomes upright 8-bit pixels. */
import { readFile, stat } from 'node:fs/promises'
import sharp, { type Metadata, type Sharp, type SharpOptions } from 'sharp'
import type { QuarterTurns } from '../../shared/domain'
import { messageOf, NominaError } from '../../shared/failure'
import { pixelLimit, reasonOfDecodeError, tooLarge, unknownDepth } from './reasons'

// libvips remembers opened files by name: a file that changed on disk would show its old pixels.
sharp.cache(false)

export interface UprightPixels {
  /** Row by row from the top left, channels interleaved: grey, or red, green, blue. */
  data: Buffer
  width: number
  height: number
  channels: 1 | 3
}

/**
 * The pixels of one page (from 1) as a person sees it: EXIF orientation applied, alpha flattened on white, CMYK turned
 * to RGB, 16 bits a channel cut to 8 by >> 8, bilevel as 0 and 255; then `rotation` quarter turns clockwise. Embedded
 * RGB and grey profiles are not applied: what is read must be the same numbers as in training.
 * @param content of the file, where it is in memory already
 * @throws NominaError `unreadable` with a reason for people
 */
export async function uprightPixels(
  path: string,
  page: number,
  rotation: QuarterTurns,
  content?: Buffer
): Promise<UprightPixels> {
  const bytes = content ?? (await contentOfSmall(path))
  const metadata = await readHeader(path, page, bytes)
  const image = sharp(bytes ?? path, options(page, metadata)).autoOrient()
  return decoded(path, rotation ? image.rotate(rotation * 90) : image, metadata, isGrey(metadata))
}

/** Larger files are not held whole. */
const SMALL_BYTES = 2 * 1024 * 1024

/** Read once for header and pixels: for small files libvips' own ways of opening one cost as much as decoding it. */
async function contentOfSmall(path: string): Promise<Buffer | undefined> {
  try {
    const { size } = await stat(path)
    return size > 0 && size <= SMALL_BYTES ? await readFile(path) : undefined
  } catch {
    // Whoever opens it next says why it can't be.
    return undefined
  }
}

/**
 * As `uprightPixels`, but as they are stored: EXIF orientation is left to the caller. `grey`: without colour, which is a third
 * of the memory.
 * @param metadata of `readHeader`
 * @throws NominaError `unreadable` with a reason for people
 */
export function storedPixels(path: string, page: number, metadata: Metadata, grey: boolean): Promise<UprightPixels> {
  return decoded(path, sharp(path, options(page, metadata)), metadata, grey || isGrey(metadata))
}

function decoded(path: string, image: Sharp, metadata: Metadata, grey: boolean): Promise<UprightPixels> {
  return whenReadable(path, async () => {
    if (metadata.hasAlpha) image.flatten({ background: '#ffffff' })
    // 16-bit grey goes through sRGB, which is cut by >> 8; libvips' way to 8-bit grey rounds.
    const toGrey = grey && metadata.space !== 'grey16'
    image.toColourspace(toGrey ? 'b-w' : 'srgb')
    const { data, info } = await image.raw().toBuffer({ resolveWithObject: true })
    const { width, height } = info
    if (info.channels === 1) return { data, width, height, channels: 1 }
    if (grey) return { data: firstOfThree(data), width, height, channels: 1 }
    return { data, width, height, channels: 3 }
  })
}

/** Above this many pixels a check does not hold the whole image in memory. */
const heldWhole = 8_000_000

/**
 * Decodes the whole page and keeps nothing, so that a file that is cut off or damaged is found.
 * `bytes`: the file's content where it is in memory already.
 * @throws NominaError `unreadable`
 */
export async function checkDecodes(path: string, page: number, metadata: Metadata, bytes?: Buffer): Promise<void> {
  await whenReadable(path, async () => {
    const { width, height } = metadata
    const image = sharp(bytes ?? path, options(page, metadata))
    // The last row of a file that is read from top to bottom comes after all the others.
    if (width * height > heldWhole) image.extract({ left: 0, top: height - 1, width, height: 1 })
    await image.raw().toBuffer()
  })
}

/**
 * What the header says; `autoOrient` in it holds the upright size.
 * @throws NominaError `unreadable`
 */
export async function readHeader(path: string, page: number, bytes?: Buffer): Promise<Metadata> {
  const metadata = await whenReadable(path, () =>
    sharp(bytes ?? path, { ...safely, page: page - 1, limitInputPixels: false }).metadata()
  )
  const { width, height, depth } = metadata
  if (width * height > pixelLimit) throw new NominaError('unreadable', tooLarge(width, height))
  if (depth !== 'uchar' && depth !== 'ushort') throw new NominaError('unreadable', unknownDepth(depth))
  return metadata
}

/** 'error' fails on what is cut off or damaged, and lets a decoder's mere warnings pass, as other programs do. */
const safely: SharpOptions = { failOn: 'error', sequentialRead: true }

const options = (page: number, metadata: Metadata): SharpOptions => ({
  ...safely,
  page: page - 1,
  limitInputPixels: pixelLimit,
  ignoreIcc: metadata.space !== 'cmyk'
})

const isGrey = (metadata: Metadata): boolean => metadata.space === 'b-w' || metadata.space === 'grey16'

function firstOfThree(data: Buffer): Buffer {
  const grey = Buffer.allocUnsafe(data.length / 3)
  for (let index = 0; index < grey.length; index++) grey[index] = data[index * 3]!
  return grey
}

async function whenReadable<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof NominaError) throw error
    throw new NominaError('unreadable', await reasonOfDecodeError(path, error), { cause: messageOf(error) })
  }
}
