/** The decoders without native code do the work themselves: what they leave to another is right, but slow, and unseen. */
import sharp, { type Sharp } from 'sharp'
import { describe, expect, it } from 'vitest'
import type { ImageHeader, RawPixels } from '../../src/reading/images/header'
import { decodeJpeg, jpegHeader } from '../../src/reading/images/jpeg'
import { decodePng, pngHeader } from '../../src/reading/images/png'

const width = 37
const height = 21
/** Colours that no two neighbours share, so that a wrong filter or upsampling shows. */
const picture = Buffer.from(
  Array.from({ length: width * height * 3 }, (_, index) => (index * 73 + (index % 7) * 31) % 256)
)
const drawn = (): Sharp => sharp(picture, { raw: { width, height, channels: 3 } })

describe('JPEG', () => {
  const decoded = (bytes: Buffer): RawPixels | null => {
    const header = jpegHeader(bytes) as ImageHeader
    return decodeJpeg(bytes, header, header.grey)
  }

  it.each([
    ['colour, 4:2:0', () => drawn().jpeg({ quality: 80, chromaSubsampling: '4:2:0' })],
    ['colour, 4:4:4', () => drawn().jpeg({ quality: 90, chromaSubsampling: '4:4:4' })],
    ['progressive', () => drawn().jpeg({ progressive: true })],
    ['grey', () => drawn().greyscale().jpeg()]
  ])('%s is decoded here, to the pixels of libvips', async (_, make) => {
    const bytes = await make().toBuffer()
    const pixels = decoded(bytes)
    expect(pixels).not.toBeNull()
    expect(Buffer.from(pixels!.data).equals(await sharp(bytes).raw().toBuffer())).toBe(true)
  })

  it('one that is cut off is left to another, and the next is decoded here again', async () => {
    const bytes = await drawn().jpeg().toBuffer()
    const header = jpegHeader(bytes)!
    expect(decodeJpeg(bytes.subarray(0, bytes.length / 2), header, false)).toBeNull()
    expect(decodeJpeg(bytes, header, false)).not.toBeNull()
  })
})

it('PNG is decoded here, to the pixels of libvips', async () => {
  const bytes = await drawn().png().toBuffer()
  expect(pngHeader(bytes)).not.toBeNull()
  const pixels = decodePng(bytes)
  expect(pixels).not.toBeNull()
  expect(Buffer.from(pixels!.data).equals(picture)).toBe(true)
})
