import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { describe, expect, it, onTestFinished } from 'vitest'
import { openSource, type StoredPage } from '../../src/reading/pages/source'
import { pdf, pdfOfPages, scanPage, tiffOfPages } from '../fixtures/pdf'
import { folder } from '../fixtures/scans'

/** 200 × 100 px: dark at the upper left, so that its orientation is seen. */
function picture(): Buffer {
  const data = Buffer.alloc(200 * 100, 240)
  for (let y = 0; y < 40; y++) data.fill(20, y * 200, y * 200 + 80)
  return data
}
const raw = { width: 200, height: 100, channels: 1 as const }
const jpeg = () => sharp(picture(), { raw }).toColourspace('b-w').jpeg({ quality: 95 }).toBuffer()
const dct = async () => ({
  dictionary: '/Width 200 /Height 100 /ColorSpace /DeviceGray /BitsPerComponent 8 /Filter /DCTDecode',
  stream: await jpeg()
})

async function open(name: string, bytes: Buffer) {
  const path = join(folder(), name)
  writeFileSync(path, bytes)
  const source = await openSource(path)
  onTestFinished(() => source.close())
  return source
}
const refusal = (name: string, bytes: Buffer): Promise<string> =>
  open(name, bytes).then(
    () => 'opened',
    (error: Error) => error.message
  )
const corner = ({ pixels: { data, width, channels } }: StoredPage, x: number, y: number): number =>
  data[(y * width + x) * channels]!

/** CCITT G4 of the picture in black and white: what sharp puts into a TIFF, taken out of it. */
async function g4(): Promise<Buffer> {
  const tiff = await sharp(picture(), { raw })
    .threshold(128)
    .toColourspace('b-w')
    .tiff({ compression: 'ccittfax4', bitdepth: 1, tile: false })
    .toBuffer()
  const directory = tiff.readUInt32LE(4)
  const value = (tag: number): number => {
    for (let at = directory + 2; ; at += 12)
      if (tiff.readUInt16LE(at) === tag)
        return tiff.readUInt16LE(at + 2) === 3 ? tiff.readUInt16LE(at + 8) : tiff.readUInt32LE(at + 8)
  }
  return tiff.subarray(value(273), value(273) + value(279))
}

/** JBIG2 as PDFs embed it: page information, and a generic region coded like G4 (MMR). */
async function jbig2(): Promise<Buffer> {
  const data = await g4()
  const segment = (number: number, type: number, body: Buffer): Buffer => {
    const head = Buffer.alloc(11)
    head.writeUInt32BE(number, 0)
    head[4] = type
    head[6] = 1
    head.writeUInt32BE(body.length, 7)
    return Buffer.concat([head, body])
  }
  const page = Buffer.alloc(19)
  page.writeUInt32BE(200, 0)
  page.writeUInt32BE(100, 4)
  const region = Buffer.alloc(18)
  region.writeUInt32BE(200, 0)
  region.writeUInt32BE(100, 4)
  region[17] = 1
  return Buffer.concat([segment(0, 48, page), segment(1, 38, Buffer.concat([region, data]))])
}

describe('pages of a PDF', () => {
  it('gives an embedded scan at its own resolution and orientation, however the page is turned', async () => {
    const image = await dct()
    const source = await open('scan.pdf', pdfOfPages([scanPage(image), scanPage(image, { rotate: 90 })]))
    expect(source.pages).toBe(2)
    for (const [number, turns] of [
      [1, 0],
      [2, 1]
    ] as const) {
      const page = await source.read(number)
      expect(page).toMatchObject({ origin: 'embedded', dpi: 100, turns })
      expect(page.pixels).toMatchObject({ width: 200, height: 100, channels: 1 })
      expect(corner(page, 5, 5)).toBeLessThan(60)
      expect(corner(page, 195, 95)).toBeGreaterThan(200)
    }
  })

  it('passes over text that recognition laid under a scan unseen, and renders where text is seen', async () => {
    const image = await dct()
    const text = (mode: number) => `q 144 0 0 72 0 0 cm /I Do Q BT ${mode} Tr /F 12 Tf 10 10 Td (HIDDEN) Tj ET`
    const source = await open(
      'text.pdf',
      pdfOfPages([scanPage(image, { content: text(3) }), scanPage(image, { content: text(0) })])
    )
    expect(await source.read(1)).toMatchObject({ origin: 'embedded' })
    const seen = await source.read(2)
    expect(seen).toMatchObject({ origin: 'rendered', dpi: 200, pixels: { width: 400, height: 200 } })
    expect(corner(seen, 10, 10)).toBeLessThan(60)
  })

  it.each([
    ['JBIG2', '/Filter /JBIG2Decode', jbig2],
    ['CCITT G4', '/Filter /CCITTFaxDecode /DecodeParms << /K -1 /Columns 200 /Rows 100 >>', g4]
  ])('decodes %s', async (_name, filter, stream) => {
    const dictionary = `/Width 200 /Height 100 /ColorSpace /DeviceGray /BitsPerComponent 1 ${filter}`
    const source = await open('bilevel.pdf', pdfOfPages([scanPage({ dictionary, stream: await stream() })]))
    const page = await source.read(1)
    expect(page.origin).toBe('embedded')
    expect([corner(page, 5, 5), corner(page, 195, 95)]).toEqual([0, 255])
  })

  it('says what is wrong with a file, and with a page the others do without', async () => {
    const image = await dct()
    const good = pdfOfPages([scanPage(image), scanPage(image)])
    expect(await refusal('empty.pdf', Buffer.alloc(0))).toMatch(/empty/)
    expect(await refusal('words.pdf', Buffer.from('just words'))).toMatch(/no PDF/)
    expect(await refusal('half.pdf', good.subarray(0, good.length / 2))).toMatch(/ends in the middle/)
    expect(await refusal('none.pdf', pdfOfPages([]))).toMatch(/no pages/)
    const locked =
      '/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <' +
      '41'.repeat(32) +
      '> /U <' +
      '42'.repeat(32) +
      '> >> /ID [<00> <00>]'
    expect(await refusal('locked.pdf', pdfOfPages([scanPage(image)], locked))).toMatch(/password/)
    const many = Array.from({ length: 5001 }, () => '3 0 R').join(' ')
    const bomb = pdf([
      '<< /Type /Catalog /Pages 2 0 R >>',
      `<< /Type /Pages /Kids [${many}] /Count 5001 >>`,
      '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>'
    ])
    expect(await refusal('many.pdf', bomb)).toMatch(/5,001 pages; the limit for one file is 5,000/)

    const huge = { width: 14400, height: 14400, content: 'BT /F 12 Tf 9 9 Td (A) Tj ET' }
    const source = await open('huge.pdf', pdfOfPages([huge, scanPage(image)]))
    await expect(source.read(1)).rejects.toThrow(/40,000 × 40,000 px .* limit for a page is 150 megapixels/)
    expect(await source.read(2)).toMatchObject({ origin: 'embedded' })
  })

  it('reads pages one after another without holding the file', async () => {
    const image = await dct()
    const source = await open('long.pdf', pdfOfPages(Array.from({ length: 205 }, () => scanPage(image))))
    for (let number = 1; number <= 205; number++) expect((await source.read(number)).pixels.width).toBe(200)
  })
})

describe('pages of images', () => {
  it('reads every page of a TIFF', async () => {
    const [first, second] = [picture(), Buffer.alloc(200 * 100, 99)]
    const source = await open('two.tif', tiffOfPages([first, second], 200, 100))
    expect(source.pages).toBe(2)
    const page = await source.read(1)
    expect(page.pixels).toMatchObject({ width: 200, height: 100, channels: 1 })
    expect(Buffer.from(page.pixels.data).equals(first)).toBe(true)
    expect(corner(await source.read(2), 5, 5)).toBe(99)
  })

  it('turns a page that is white on black, and says so; one that is merely dark stays', async () => {
    const inverted = Buffer.from(picture().map((value) => 255 - value))
    const bilevel = await sharp(inverted, { raw })
      .threshold(128)
      .toColourspace('b-w')
      .tiff({ compression: 'ccittfax4', bitdepth: 1 })
      .toBuffer()
    const page = await (await open('inverted.tif', bilevel)).read(1)
    expect([corner(page, 5, 5), corner(page, 195, 95), page.note]).toEqual([
      0,
      255,
      expect.stringMatching(/white on black/)
    ])
    const grey = await (await open('grey.png', await sharp(inverted, { raw }).png().toBuffer())).read(1)
    expect([corner(grey, 5, 5), corner(grey, 195, 95), grey.note]).toEqual([20, 240, page.note])
    const shade = Buffer.from(picture().map((value) => value / 4))
    const dark = await (await open('dark.png', await sharp(shade, { raw }).png().toBuffer())).read(1)
    expect([corner(dark, 5, 5), corner(dark, 195, 95), dark.note]).toEqual([5, 60, null])
  })

  it('keeps pixels as they are stored, and says how they are shown', async () => {
    const turned = await sharp(picture(), { raw }).jpeg().withMetadata({ orientation: 6, density: 300 }).toBuffer()
    const page = await (await open('photo.jpg', turned)).read(1)
    expect(page).toMatchObject({ turns: 1, dpi: 300, pixels: { width: 200, height: 100 } })
  })

  it('takes CMYK and colour', async () => {
    const cmyk = await sharp(picture(), { raw }).toColourspace('cmyk').jpeg().toBuffer()
    expect((await (await open('cmyk.jpg', cmyk)).read(1)).pixels.channels).toBe(3)
  })
})
