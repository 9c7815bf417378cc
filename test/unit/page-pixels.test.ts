/** What a viewer shows of a page is what is read. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { describe, expect, it, onTestFinished } from 'vitest'
import { uprightPixels } from '../../src/reading/images/pixels'
import { openSource, type StoredPage } from '../../src/reading/pages/source'
import { pdf, pdfOfPages, scanPage, tiffOfPages, type PdfPage } from '../fixtures/pdf'
import { folder } from '../fixtures/scans'

/** 200 × 100 px: the left half dark at its upper left, the right half grey at its lower right. */
const picture = Buffer.alloc(200 * 100, 240)
for (let y = 0; y < 40; y++) picture.fill(20, y * 200, y * 200 + 50)
for (let y = 60; y < 100; y++) picture.fill(120, y * 200 + 150, y * 200 + 200)
const raw = { width: 200, height: 100, channels: 1 as const }
const plain = '/Width 200 /Height 100 /ColorSpace /DeviceGray /BitsPerComponent 8'
const scan = { dictionary: plain, stream: picture }
const drawn = 'q 144 0 0 72 0 0 cm /I Do Q'

async function pageOf(page: PdfPage, more: Parameters<typeof pdfOfPages>[2] = []): Promise<StoredPage> {
  const path = join(folder(), 'page.pdf')
  writeFileSync(path, pdfOfPages([page], '', more))
  return read(path)
}
async function read(path: string): Promise<StoredPage> {
  const source = await openSource(path)
  onTestFinished(() => source.close())
  return source.read(1)
}
function written(name: string, bytes: Buffer): string {
  const path = join(folder(), name)
  writeFileSync(path, bytes)
  return path
}
/** At a place given in shares of the page. */
function at({ pixels: { data, width, height, channels } }: StoredPage, x: number, y: number): number {
  return data[(Math.floor(y * height) * width + Math.floor(x * width)) * channels]!
}

describe('a page of a PDF', () => {
  it('is the part of its scan that its CropBox shows, at the scan’s own resolution', async () => {
    const left = await pageOf(scanPage(scan, { attributes: '/CropBox [0 0 72 72]' }))
    const right = await pageOf(scanPage(scan, { attributes: '/CropBox [72 0 144 72]' }))
    for (const half of [left, right])
      expect(half).toMatchObject({ origin: 'embedded', dpi: 100, pixels: { width: 100, height: 100 } })
    expect([at(left, 0.1, 0.1), at(left, 0.9, 0.9)]).toEqual([20, 240])
    expect([at(right, 0.1, 0.1), at(right, 0.9, 0.9)]).toEqual([240, 120])
  })

  it('is the part that a clip leaves, also of a page that is turned', async () => {
    const clipped = await pageOf(
      scanPage(scan, { rotate: 90, content: 'q 72 0 72 72 re W n 144 0 0 72 0 0 cm /I Do Q' })
    )
    expect(clipped).toMatchObject({ origin: 'embedded', turns: 1, pixels: { width: 100, height: 100 } })
    expect(at(clipped, 0.9, 0.9)).toBe(120)
    const round = await pageOf(
      scanPage(scan, { content: '0 0 m 144 0 l 144 60 l 100 72 l 20 70 l 0 72 l h W n 144 0 0 72 0 0 cm /I Do' })
    )
    expect(round.origin).toBe('rendered')
  })

  it('shows white paper through masks, colour keys and soft masks', async () => {
    const soft = Buffer.alloc(200 * 100, 255)
    for (let y = 0; y < 40; y++) soft.fill(0, y * 200, y * 200 + 50)
    const masked = await pageOf(scanPage({ dictionary: `${plain} /SMask 7 0 R`, stream: picture }), [
      { dictionary: `/Type /XObject /Subtype /Image ${plain}`, stream: soft }
    ])
    const keyed = await pageOf(scanPage({ dictionary: `${plain} /Mask [15 25]`, stream: picture }))
    for (const page of [masked, keyed]) expect([at(page, 0.1, 0.1), at(page, 0.9, 0.9)]).toEqual([255, 120])
  })

  it('is rendered where the scan is drawn askew, see-through, mirrored, or may be hidden', async () => {
    const tilted = 'q 143.9 5 -2.5 71.9 0 0 cm /I Do Q'
    const mirrored = 'q -144 0 0 72 144 0 cm /I Do Q'
    const states = '/ExtGState << /S << /ca 0.5 >> >>'
    const pages = [
      scanPage(scan, { content: tilted }),
      scanPage(scan, { content: mirrored }),
      scanPage(scan, { content: `/S gs ${drawn}`, resources: states }),
      scanPage(scan, {
        content: `/OC /L BDC ${drawn} EMC`,
        resources: '/Properties << /L << /Type /OCG /Name (L) >> >>'
      })
    ]
    const shown = await Promise.all(pages.map((page) => pageOf(page)))
    expect(shown.map(({ origin }) => origin)).toEqual(['rendered', 'rendered', 'rendered', 'rendered'])
    expect(at(shown[1]!, 0.9, 0.1)).toBeLessThan(60)
    expect(at(shown[2]!, 0.1, 0.1)).toBeGreaterThan(100)
  })

  it('has its own shape where its pixels are not square', async () => {
    const page = await pageOf(scanPage(scan, { width: 72, height: 72, content: 'q 72 0 0 72 0 0 cm /I Do Q' }))
    expect(page).toMatchObject({ origin: 'embedded', dpi: 200, pixels: { width: 200, height: 200 } })
  })

  it('is named where it draws more than can be held, and others go on', async () => {
    const forms = Array.from({ length: 9 }, (_, level) => ({
      dictionary: `/Type /XObject /Subtype /Form /BBox [0 0 9 9] ${level < 8 ? `/Resources << /XObject << /X ${7 + level} 0 R >> >>` : ''}`,
      stream: Buffer.from(level < 8 ? '/X Do '.repeat(10) : '0 0 1 1 re f')
    }))
    const bomb = pdf([
      '<< /Type /Catalog /Pages 2 0 R >>',
      '<< /Type /Pages /Kids [3 0 R 4 0 R] /Count 2 >>',
      '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 5 0 R /Resources << /XObject << /X 6 0 R >> >> >>',
      '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 72 72] >>',
      { dictionary: '', stream: Buffer.from('/X Do '.repeat(10)) },
      ...forms
    ])
    const source = await openSource(written('bomb.pdf', bomb))
    onTestFinished(() => source.close())
    await expect(source.read(1)).rejects.toMatchObject({
      code: 'unreadable',
      message: expect.stringMatching(/draws more/)
    })
    expect(await source.read(2)).toMatchObject({ origin: 'rendered' })
  })

  it('says that its scan has too many pixels, not that it is empty', async () => {
    const huge = '/Width 20000 /Height 10000 /ColorSpace /DeviceGray /BitsPerComponent 1 /Filter /FlateDecode'
    await expect(pageOf(scanPage({ dictionary: huge, stream: Buffer.alloc(8) }))).rejects.toThrow(
      /20,000 × 10,000 px .* limit for a page is 150 megapixels/
    )
  })
})

describe('a page that is an image', () => {
  it('is shown the way it is stored to be shown: mirrored too, and so is a field', async () => {
    for (const orientation of [1, 2, 3, 4, 5, 6, 7, 8]) {
      const image = sharp(picture, { raw }).toColourspace('b-w').withMetadata({ orientation })
      const path = written(`o${orientation}.png`, await image.png().toBuffer())
      const page = await read(path)
      const field = await uprightPixels(path, 1, 0)
      const turned = await sharp(page.pixels.data, { raw: page.pixels })
        .rotate(page.turns * 90)
        .raw()
        .toBuffer()
      expect([orientation, turned.equals(Buffer.from(field.data))]).toEqual([orientation, true])
      const expected = await sharp(path).autoOrient().toColourspace('srgb').raw().toBuffer({ resolveWithObject: true })
      expect([field.width, field.height]).toEqual([expected.info.width, expected.info.height])
      const dark = (index: number): number => field.data[index * field.channels]!
      const last = field.width * field.height - 1
      const reds = [0, field.width - 1, last - field.width + 1, last]
      expect(reds.map(dark)).toEqual(reds.map((index) => expected.data[index * expected.info.channels]!))
    }
  })

  it('is stretched to square pixels, as a fax is shown', async () => {
    const png = await sharp(picture, { raw }).toColourspace('b-w').png().toBuffer()
    const start = png.indexOf('IDAT') - 4
    const phys = Buffer.alloc(21)
    phys.writeUInt32BE(9, 0)
    phys.write('pHYs', 4)
    phys.writeUInt32BE(8031, 8)
    phys.writeUInt32BE(3858, 12)
    phys[16] = 1
    phys.writeUInt32BE(crc(phys.subarray(4, 17)), 17)
    const fax = await read(written('fax.png', Buffer.concat([png.subarray(0, start), phys, png.subarray(start)])))
    expect(fax).toMatchObject({ dpi: 204, pixels: { width: 200, height: 208 } })
  })

  it('takes 12 bits in 16 as the whole range, and says so', async () => {
    const twelve = Uint16Array.from(picture, (value) => value * 16)
    const grey16 = sharp(twelve, { raw }).toColourspace('grey16')
    for (const [name, bytes] of [
      ['a.png', await grey16.clone().png().toBuffer()],
      ['a.tif', await grey16.clone().tiff({ compression: 'lzw' }).toBuffer()]
    ] as const) {
      const page = await read(written(name, bytes))
      expect([at(page, 0.1, 0.1), at(page, 0.9, 0.9), page.note]).toEqual([
        20,
        120,
        expect.stringMatching(/12 of its 16 bits/)
      ])
    }
  })

  it('that nobody can unpack is not called damaged; one that is a thread is refused', async () => {
    const tiff = tiffOfPages([picture], 200, 100)
    tiff.writeUInt16LE(50000, 8 + 2 + 3 * 12 + 8)
    await expect(read(written('z.tif', tiff))).rejects.toThrow(
      /stored with Zstandard compression, which is not supported/
    )
    const png = Buffer.from(await sharp(picture, { raw }).png().toBuffer())
    png.writeUInt32BE(1, 16)
    png.writeUInt32BE(16_000_000, 20)
    png.writeUInt32BE(crc(png.subarray(12, 29)), 29)
    await expect(read(written('thread.png', png))).rejects.toThrow(/1 × 16,000,000 px; a side may have 65,535/)
    await expect(read(written('a.gif', Buffer.from('GIF89a')))).rejects.toThrow(/GIF files are not supported/)
  })
})

function crc(bytes: Buffer): number {
  let sum = ~0
  for (const byte of bytes) {
    sum ^= byte
    for (let bit = 0; bit < 8; bit++) sum = sum & 1 ? (sum >>> 1) ^ 0xedb88320 : sum >>> 1
  }
  return ~sum >>> 0
}
