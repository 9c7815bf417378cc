import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp, { type Sharp } from 'sharp'
import { describe, expect, test } from 'vitest'
import { fieldImage } from '../../src/core/crop'
import { sniff } from '../../src/reading/images'
import { uprightPixels } from '../../src/reading/images/pixels'
import { wholePicture } from '../../src/reading/images/shown'
import { ByteCache } from '../../src/core/crop/cache'
import { folder, importInto, newProject, picture } from '../fixtures/scans'

async function written(image: Sharp, name: string): Promise<string> {
  const path = join(folder(), name)
  writeFileSync(path, await image.toBuffer())
  return path
}
const raw = (data: Uint8Array | Uint16Array, width: number, height: number, channels: 1 | 2 | 3 | 4) =>
  sharp(data, { raw: { width, height, channels } })

test('a small file that a browser shows as it is comes with its bytes, a large one and a turned one do not', async () => {
  const noise = (side: number) => Uint8Array.from({ length: side * side }, (_, index) => (index * 7919) % 251)
  const small = await written(raw(noise(20), 20, 20, 1).png(), 'small.png')
  const large = await written(raw(noise(700), 700, 700, 1).png({ compressionLevel: 0 }), 'large.png')
  const shown = (path: string, rotation: 0 | 1) => wholePicture({ path, page: 1, rotation })
  expect(await shown(small, 0)).toEqual({ bytes: null, own: readFileSync(small), type: 'image/png' })
  expect(await shown(large, 0)).toEqual({ bytes: null, type: 'image/png' })
  expect(await shown(small, 1)).toEqual({ bytes: expect.any(Uint8Array) as Uint8Array, type: 'image/png' })
})

describe('upright pixels', () => {
  test('8-bit grey stays one channel, pixel by pixel', async () => {
    const grey = Uint8Array.from({ length: 12 }, (_, index) => index * 20)
    const path = await written(raw(grey, 4, 3, 1).toColourspace('b-w').png(), 'grey.png')
    expect(await uprightPixels(path, 1, 0)).toEqual({ data: grey, width: 4, height: 3, channels: 1 })
  })

  test('16-bit grey and colour are cut to 8 bits by >> 8', async () => {
    const grey = Uint16Array.from({ length: 32 }, (_, index) => index * 2047)
    const greyPath = await written(raw(grey, 8, 4, 1).toColourspace('grey16').png(), 'grey16.png')
    const pixels = await uprightPixels(greyPath, 1, 0)
    expect([pixels.channels, [...pixels.data]]).toEqual([1, [...grey].map((value) => value >> 8)])
    const colour = Uint16Array.from({ length: 96 }, (_, index) => index * 600)
    const colourPath = await written(raw(colour, 8, 4, 3).toColourspace('rgb16').png(), 'rgb16.png')
    const read = await uprightPixels(colourPath, 1, 0)
    expect([read.channels, [...read.data]]).toEqual([3, [...colour].map((value) => value >> 8)])
  })

  test('alpha is flattened on white', async () => {
    const pixels = Uint8Array.from([0, 0, 0, 0, 10, 20, 30, 255])
    const { data, channels } = await uprightPixels(await written(raw(pixels, 2, 1, 4).png(), 'alpha.png'), 1, 0)
    expect([channels, [...data]]).toEqual([3, [255, 255, 255, 10, 20, 30]])
  })

  test('bilevel TIFF is 0 and 255 in one channel', async () => {
    const grey = Uint8Array.from({ length: 64 }, (_, index) => (index % 3 ? 255 : 0))
    const image = raw(grey, 8, 8, 1).toColourspace('b-w').threshold().tiff({ bitdepth: 1, compression: 'none' })
    const { data, channels } = await uprightPixels(await written(image, 'bilevel.tif'), 1, 0)
    expect([channels, [...data]]).toEqual([1, [...grey]])
  })

  test('CMYK becomes red, green and blue', async () => {
    const red = sharp({ create: { width: 4, height: 2, channels: 3, background: '#c81414' } })
    const path = await written(red.toColourspace('cmyk').tiff({ compression: 'none' }), 'cmyk.tif')
    const { data, channels } = await uprightPixels(path, 1, 0)
    expect([channels, data[0]! > 150, data[1]! < 80]).toEqual([3, true, true])
  })

  test('EXIF orientation is applied, then clockwise quarter turns', async () => {
    // a b   orientation 6 (turn right): c a
    // c d                               d b
    const image = raw(Uint8Array.from([10, 20, 30, 40]), 2, 2, 1).toColourspace('b-w')
    const path = await written(image.withMetadata({ orientation: 6 }).png(), 'turned.png')
    // sharp writes grey as colour where it adds an orientation
    const reds = async (rotation: 0 | 1) =>
      [...(await uprightPixels(path, 1, rotation)).data].filter((_, index) => index % 3 === 0)
    expect(await reds(0)).toEqual([30, 10, 40, 20])
    expect(await reds(1)).toEqual([40, 30, 20, 10])
    const wide = await written(picture(1, 40, 10).png(), 'wide.png')
    const turned = await uprightPixels(wide, 1, 3)
    expect([turned.width, turned.height]).toEqual([10, 40])
  })
})

describe('field images', () => {
  async function project(image: Sharp, name: string) {
    const root = folder()
    writeFileSync(join(root, name), await image.toBuffer())
    const db = newProject()
    await importInto(db, [root])
    return { db, path: join(root, name) }
  }

  test('an upright JPEG is passed through as it is', async () => {
    const image = picture().jpeg()
    const { db } = await project(image, 'a.jpg')
    const shown = await fieldImage(db, 1, 'full')
    expect([shown.type, shown.bytes.equals(await picture().jpeg().toBuffer())]).toEqual(['image/jpeg', true])
  })

  test('a TIFF, and a turned field, become PNG; the tag changes with the turn', async () => {
    const { db } = await project(picture(3, 60, 20).tiff(), 'a.tif')
    const upright = await fieldImage(db, 1, 'full')
    db.prepare('UPDATE fields SET rotation = 1').run()
    const turned = await fieldImage(db, 1, 'full')
    const { width, height } = await sharp(turned.bytes).metadata()
    expect([upright.type, turned.type, width, height]).toEqual(['image/png', 'image/png', 20, 60])
    expect(turned.etag).not.toBe(upright.etag)
  })

  test('thumbnails are at most 64 px high, and a very wide crop is bounded too', async () => {
    const { db } = await project(picture(1, 4000, 200).png(), 'a.png')
    const { bytes } = await fieldImage(db, 1, 'thumbnail')
    const { width, height } = await sharp(bytes).metadata()
    expect(height).toBeLessThanOrEqual(64)
    expect(width).toBeLessThanOrEqual(768)
  })

  test('a field without its file is told by name; a twin with the same bytes stands in', async () => {
    const { db, path } = await project(picture().png(), 'a.png')
    const { rmSync, copyFileSync } = await import('node:fs')
    const twin = folder()
    copyFileSync(path, join(twin, 'b.png'))
    await importInto(db, [twin])
    rmSync(path)
    expect((await fieldImage(db, 1, 'full')).type).toBe('image/png')
    rmSync(join(twin, 'b.png'))
    await expect(fieldImage(db, 1, 'full')).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringContaining('a.png')
    })
    await expect(fieldImage(db, 99, 'full')).rejects.toMatchObject({ code: 'not-found' })
  })
})

test('files are known by content', () => {
  const named = (text: string) => sniff(Buffer.from(text, 'latin1'))
  expect(named('\x00\x00\x00\x18ftypheic')).toEqual({ kind: 'unsupported', name: 'HEIC' })
  expect(named('\x00\x00\x00\x0cjP  \r\n')).toEqual({ kind: 'unsupported', name: 'JPEG 2000' })
  expect(named('%PDF-1.7')).toEqual({ kind: 'pdf' })
  expect(named('<?xml version="1.0"?>\n<svg xmlns="">')).toEqual({ kind: 'unsupported', name: 'SVG' })
  expect(named('BM\x46\x00\x00\x00')).toEqual({ kind: 'unsupported', name: 'BMP' })
  expect(named('<html>')).toEqual({ kind: 'text' })
  expect(named('')).toEqual({ kind: 'empty' })
})

test('the cache forgets what was used least recently, by bytes', () => {
  const cache = new ByteCache<{ bytes: Buffer }>(100)
  cache.set('a', { bytes: Buffer.alloc(40) })
  cache.set('b', { bytes: Buffer.alloc(40) })
  cache.get('a')
  cache.set('c', { bytes: Buffer.alloc(40) })
  expect([cache.get('a') !== undefined, cache.get('b'), cache.get('c') !== undefined, cache.size]).toEqual([
    true,
    undefined,
    true,
    80
  ])
})
