import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  realpathSync,
  rmSync,
  writeFileSync
} from 'node:fs'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createCommandLine, type CommandLine } from '../fixtures/cli'
import { pdfOfPages, scanPage } from '../fixtures/pdf'

const samples = join(import.meta.dirname, '../../resources/samples/forms')
const template = join(samples, 'template.json')
const form = JSON.parse(readFileSync(template, 'utf8')) as {
  width: number
  height: number
  fields: { name: string; x: number; y: number; width: number; height: number }[]
}

let line: CommandLine
let scans: string
beforeAll(async () => {
  line = await createCommandLine()
  scans = join(line.folder, 'scans')
  mkdirSync(scans)
  for (const name of ['form-01.jpg', 'form-04.jpg', 'form-12.jpg'])
    copyFileSync(join(samples, 'pages', name), join(scans, name))
  const blank = sharp(join(samples, 'form.png')).toColourspace('b-w')
  await blank.clone().png().toFile(join(scans, 'unfilled.png'))
  await blank.clone().rotate(180).png().toFile(join(scans, 'upside-down.png'))
})
afterAll(() => line.remove())

const inWork = (...names: string[]): string => join(line.folder, ...names)
const corners = (row: Record<string, string>): number[] =>
  ['x0', 'y0', 'x1', 'y1', 'x2', 'y2', 'x3', 'y3'].map((key) => Number(row[key]))

describe('whole forms', () => {
  it('goes from pages to fields, CSV and XML with the same corners', async () => {
    const project = inWork('project')
    const imported = await line.run('import', project, scans, '--template', template, '--recognise', '--json')
    expect(imported.stderr).toMatch(/Page unmatched: form-12.jpg, page 1: \w/)
    expect(imported.json()).toMatchObject({ pages: 5, registered: { matched: 4, unmatched: 1, failed: 0 } })
    const status = await line.run('status', project, '--json')
    expect(status.json()).toMatchObject({
      counts: { total: 20, read: 20 },
      pages: { total: 5, matched: 4, unmatched: 1, pending: 0 }
    })
    const csv = inWork('full.csv')
    await line.run('export', project, '--format', 'full', '--rows', 'all', '--out', csv)
    const rows = parse(readFileSync(csv), { columns: true }) as Record<string, string>[]
    expect(rows.map(({ field }) => field)).toEqual(
      Array(4)
        .fill(form.fields.map(({ name }) => name))
        .flat()
    )
    for (const [index, { x, y, width, height }] of form.fields.entries()) {
      const upright = rows.filter(({ file }) => file === 'unfilled.png')[index]!
      const expected = [x, y, x + width, y, x + width, y + height, x, y + height]
      for (const [at, value] of corners(upright).entries()) expect(Math.abs(value - expected[at]!)).toBeLessThan(2)
      const turned = corners(rows.filter(({ file }) => file === 'upside-down.png')[index]!)
      for (const [at, value] of turned.entries())
        expect(Math.abs((at % 2 ? form.height : form.width) - value - expected[at]!)).toBeLessThan(3)
      expect(Number(upright.registration)).toBeGreaterThan(0.9)
      expect([Number(upright.blank), upright.text]).toEqual([expect.closeTo(1, 1), 'EMPTY'])
    }
    const town = rows.filter(({ file }) => file === 'form-04.jpg').find(({ field }) => field === 'town')!
    expect(Number(town.blank)).toBeGreaterThan(0.5)

    for (const format of ['page', 'alto']) {
      const written = await line.run(
        'export',
        project,
        '--format',
        format,
        '--rows',
        'all',
        '--out',
        inWork(format),
        '--json'
      )
      expect(written.json()).toMatchObject({ pages: 4, left: 1 })
      const xml = readFileSync(inWork(format, 'upside-down.xml'), 'utf8')
      const points = [
        ...xml.matchAll(
          format === 'page' ? /corners \{points:([^;]+);/g : /<TextBlock[^>]*>\s*<Shape>\s*<Polygon POINTS="([^"]+)"/g
        )
      ]
      const image = /(?:imageFilename="|<fileName>)([^"<]+)/.exec(xml)![1]!
      expect(realpathSync(join(inWork(format), image))).toBe(realpathSync(join(scans, 'upside-down.png')))
      const lines = xml.match(/<TextLine/g)!.length
      expect(xml.match(format === 'page' ? /<Baseline points="\d+,\d+ \d+,\d+"/g : /BASELINE="/g)).toHaveLength(lines)
      expect(points.map(([, list]) => list!.split(/[ ,]/).map(Number))).toEqual(
        rows.filter(({ file }) => file === 'upside-down.png').map(corners)
      )
    }
  })

  it('cuts crops again that are gone', async () => {
    const project = inWork('project')
    rmSync(join(project, 'crops'), { recursive: true })
    const out = inWork('training')
    const exported = await line.run('export', project, '--rows', 'all', '--crops', '--out', out)
    expect([exported.code, exported.stderr]).toEqual([0, expect.not.stringMatching(/gone|cannot/)])
    expect(readdirSync(join(out, 'crops')).filter((name) => name.endsWith('.png'))).toHaveLength(20)
  })

  it('leaves pages of a PDF waiting where there is no template, until there is one', async () => {
    const project = inWork('later')
    const image = await sharp(join(samples, 'pages', 'form-01.jpg')).metadata()
    const dictionary = `/Width ${image.width} /Height ${image.height} /ColorSpace /DeviceGray /BitsPerComponent 8 /Filter /DCTDecode`
    const page = scanPage(
      { dictionary, stream: readFileSync(join(samples, 'pages', 'form-01.jpg')) },
      { width: 595, height: 842 }
    )
    const path = inWork('two.pdf')
    writeFileSync(path, pdfOfPages([page, { width: 200, height: 200, content: '' }]))
    writeFileSync(inWork('cut.pdf'), readFileSync(path).subarray(0, 5000))
    const first = await line.run('import', project, path, inWork('cut.pdf'), '--json')
    expect(first.json()).toMatchObject({
      pages: 2,
      registered: { matched: 0, unmatched: 2 },
      failed: [{ file: 'cut.pdf' }]
    })
    expect(first.stderr).toMatch(/no template yet/)
    const second = await line.run('import', project, path, '--template', template, '--json')
    expect(second.json()).toMatchObject({ registered: { matched: 1, unmatched: 1 } })
    const out = inWork('pdf-xml')
    await line.run('export', project, '--format', 'page', '--rows', 'all', '--out', out)
    const xml = readFileSync(join(out, 'two-p1.xml'), 'utf8')
    const size = await sharp(join(out, /imageFilename="([^"]+)/.exec(xml)![1]!)).metadata()
    expect(xml).toContain(`imageWidth="${size.width}" imageHeight="${size.height}"`)
    expect(existsSync(join(out, 'page-images', '.nomina-crops'))).toBe(true)
    const third = await line.run('import', project, path, '--template', template, '--json')
    expect(third.json()).not.toHaveProperty('registered')
  })

  it('answers with the second form that a sheet has on it', async () => {
    const [left, right] = [join(samples, 'form.png'), join(samples, 'pages', 'form-04.jpg')]
    const { width, height } = await sharp(left).metadata()
    const sheet = inWork('two-up.png')
    await sharp({ create: { width: width * 2, height, channels: 3, background: 'white' } })
      .composite([
        { input: left, left: 0, top: 0 },
        { input: await sharp(right).resize(width, height).toBuffer(), left: width, top: 0 }
      ])
      .png()
      .toFile(sheet)
    const { stdout } = await line.run('import', inWork('two-up'), sheet, '--template', template)
    expect(stdout).toMatch(/1 on a template.*\nNote: two-up\.png, page 1: .* found once more beside it: only one form/)
  })

  it('proposes the printed boxes of a form', async () => {
    const proposed = await line.run('template', 'propose', join(samples, 'form.png'), '--json')
    const { boxes } = proposed.json<{ boxes: { x: number; y: number; width: number; height: number }[] }>()
    for (const field of form.fields)
      expect(
        boxes.some(
          (box) =>
            Math.abs(box.x - field.x) < 8 && Math.abs(box.y - field.y) < 8 && Math.abs(box.width - field.width) < 16
        )
      ).toBe(true)
  })

  it.each(['--template', '--labels'])(
    'says of a file for %s that is not there that it is not there',
    async (option) => {
      const ran = await line.run('import', inWork('never'), scans, option, inWork('no such'), '--json')
      expect(ran.code).toBe(1)
      expect(ran.json<{ error: { message: string } }>().error.message).toBe(`There is no file ${inWork('no such')}.`)
    }
  )

  it('names what is wrong with a template, the file and the field, before anything is imported', async () => {
    const box = { x: 10, y: 10, width: 100, height: 50 }
    copyFileSync(join(samples, 'form.png'), inWork('form.png'))
    const said = async (content: unknown): Promise<string> => {
      writeFileSync(inWork('bad.json'), typeof content === 'string' ? content : JSON.stringify(content))
      const ran = await line.run('import', inWork('never'), scans, '--template', inWork('bad.json'))
      expect(ran.code).toBe(1)
      expect(ran.stderr).toContain(inWork('bad.json'))
      return ran.stderr
    }
    expect(await said('{ "image": ')).toMatch(/not JSON/)
    expect(await said({ image: 'gone.png', fields: [{ name: 'a', ...box }] })).toMatch(/gone\.png is not there/)
    expect(await said({ image: 'form.png', fields: [] })).toMatch(/no fields/)
    expect(await said({ image: 'form.png', fields: [{ name: 'far', ...box, x: 5000 }] })).toMatch(
      /“far” .* outside the page/
    )
    expect(
      await said({
        image: 'form.png',
        fields: [
          { name: 'a', ...box },
          { name: 'a', ...box }
        ]
      })
    ).toMatch(/Two fields are called “a”/)
    expect(await said({ image: 'form.png', fields: [{ name: 'a', ...box, width: 0 }] })).toMatch(/field “a”, "width"/)
    expect(await said({ image: 'form.png', width: 10, height: 10, fields: [{ name: 'a', ...box }] })).toMatch(
      /it says 10 × 10 px/
    )
  })
})
