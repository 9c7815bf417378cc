/** The one place where a file becomes upright 8-bit pixels. Only processes of reading come here, never a shell. */
import type { QuarterTurns } from '../../shared/domain'
import { messageOf, NominaError } from '../../shared/failure'
import { contentOf } from './bytes'
import type { ImageHeader, RawPixels } from './header'
import { decodeJpeg, jpegHeader } from './jpeg'
import { checkOther, decodeOther, otherHeader } from './others'
import { decodePng, pngHeader } from './png'
import { sniff, sniffLength } from './format'
import { pixelLimit, reasonOfDecodeError, reasonOfKind, sideLimit, tooLarge, tooLong } from './reasons'
import { squared } from './square'
import { blackOnWhite } from './tones'
import { mirror, orientationOf, turn } from './upright'

/** A file's header and, where it is a JPEG or PNG that is decoded here, its content. */
export interface OpenedImage {
  path: string
  page: number
  header: ImageHeader
  /** What another decoder is given: the path, or the content where it is in memory already. */
  source: string | Buffer
  /** null: another decoder. */
  decode: ((bytes: Buffer, header: ImageHeader, grey: boolean) => RawPixels | null) | null
}

/**
 * The pixels of one page (from 1) as a person sees it: EXIF orientation applied, alpha flattened on white, CMYK turned
 * to RGB, 16 bits a channel cut to 8 by >> 8 (where they are used), bilevel as 0 and 255, white on black turned, pixels
 * that are not square stretched; then `rotation` quarter turns clockwise. Embedded
 * RGB and grey profiles are not applied: what is read must be the same numbers as in training.
 * @param content of the file, where the caller has it
 * @throws NominaError `unreadable` with a reason for people
 */
export async function uprightPixels(
  path: string,
  page: number,
  rotation: QuarterTurns,
  content?: Buffer
): Promise<RawPixels> {
  return upright(await openImageFile(path, page, content), rotation)
}

/** As `uprightPixels`, of a file that is open. */
export async function upright(image: OpenedImage, rotation: QuarterTurns = 0): Promise<RawPixels> {
  const stored = await storedPixels(image)
  const { mirrored, turns } = orientationOf(image.header.orientation)
  return turn(mirrored ? mirror(stored) : stored, ((turns + rotation) % 4) as QuarterTurns)
}

/**
 * As `uprightPixels`, but as they are stored: EXIF orientation is left to the caller. `grey`: without colour, which is a third
 * of the memory.
 * @throws NominaError `unreadable` with a reason for people
 */
export async function storedPixels(image: OpenedImage, grey = image.header.grey): Promise<RawPixels> {
  const { page, header, source, decode } = image
  const decoded = decode && Buffer.isBuffer(source) ? decode(source, header, grey) : null
  const pixels = decoded ?? (await whenReadable(image, () => decodeOther(source, page, header, grey)))
  return squared(blackOnWhite(pixels, header.bits === 1), header.dpi)
}

/** An image in memory, as stored. @throws what its decoder throws */
export async function decodeImage(bytes: Buffer): Promise<RawPixels> {
  const image = await opened('', 1, bytes)
  return (
    image.decode?.(bytes, image.header, image.header.grey) ?? decodeOther(bytes, 1, image.header, image.header.grey)
  )
}

/**
 * Decodes the whole page and keeps nothing, so that a file that is cut off or damaged is found.
 * @throws NominaError `unreadable`
 */
export async function checkDecodes(image: OpenedImage): Promise<void> {
  const { page, header, source, decode } = image
  if (decode && Buffer.isBuffer(source) && decode(source, header, header.grey)) return
  await whenReadable(image, () => checkOther(source, page, header))
}

/**
 * @param content of the file, where the caller has it
 * @throws NominaError `unreadable`
 */
export async function openImageFile(path: string, page: number, content?: Buffer): Promise<OpenedImage> {
  const image = await whenReadable({ path, source: content ?? path }, () => opened(path, page, content))
  const { width, height } = image.header
  if (Math.max(width, height) > sideLimit) throw new NominaError('unreadable', tooLong(width, height))
  if (width * height > pixelLimit) throw new NominaError('unreadable', tooLarge(width, height))
  return image
}

async function opened(path: string, page: number, content?: Buffer): Promise<OpenedImage> {
  const bytes = content ?? (await contentOf(path))
  const jpeg = bytes && page === 1 && bytes[0] === 0xff ? jpegHeader(bytes) : null
  if (jpeg) return { path, page, header: jpeg, source: bytes!, decode: decodeJpeg }
  const png = bytes && page === 1 && bytes[0] === 0x89 ? pngHeader(bytes) : null
  if (png && png.width * png.height <= mostOfPng)
    return { path, page, header: png, source: bytes!, decode: (data) => decodePng(data) }
  const reason = bytes && reasonOfKind(sniff(bytes.subarray(0, sniffLength)))
  if (reason) throw new NominaError('unreadable', reason)
  const source = bytes ?? path
  return { path, page, header: await otherHeader(source, page), source, decode: null }
}

/** px of a PNG that are held three times over while it is decoded; larger ones go row by row through libvips. */
const mostOfPng = 40_000_000

async function whenReadable<T>(
  { path, source }: Pick<OpenedImage, 'path' | 'source'>,
  work: () => Promise<T>
): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof NominaError) throw error
    throw new NominaError(
      'unreadable',
      await reasonOfDecodeError(path, error, Buffer.isBuffer(source) ? source : undefined),
      { cause: messageOf(error) }
    )
  }
}
