import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parse } from 'csv-parse/sync'
import sharp from 'sharp'
import { expect, test } from 'vitest'
import type { ExportOptions } from '../../src/shared/domain'
import { previewExport, tidyExportsOf, writeExport } from '../../src/core/export'
import { rotateField } from '../../src/core/review'
import { project, temporaryFolder } from '../fixtures/small-project'

const defaults: Omit<ExportOptions, 'out'> = {
  format: 'training',
  rows: 'all',
  unreadable: 'mark',
  crops: true,
  split: null,
  spreadsheetSafe: false,
  overwrite: false
}

const image = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: { r: 250, g: 240, b: width % 256 } } })

/** Writes files into a folder of scans and makes a project of them; each is labelled with its name. */
function scans(files: Record<string, Buffer>) {
  const root = join(temporaryFolder(), 'scans')
  const fields = Object.entries(files).map(([path, bytes]) => {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), bytes)
    return { root, path, imported: path.toUpperCase(), sha256: createHash('sha256').update(bytes).digest('hex') }
  })
  return { root, db: project(fields) }
}

test('upright images are copied byte by byte, others become upright PNG, and each row names its own', async () => {
  const files = {
    'a/plain.png': await image(40, 20).png().toBuffer(),
    'a/turned by exif.jpg': await image(40, 20).withMetadata({ orientation: 6 }).jpeg().toBuffer(),
    'a/turned by exif.png': await image(41, 20).png().toBuffer(),
    'b/turned by hand.tif': await image(42, 20).tiff().toBuffer(),
    'b/scan.tif': await image(43, 20).tiff().toBuffer()
  }
  const { db } = scans(files)
  rotateField(db, 4, 1, { reviewer: 'Ada' })
  const out = join(temporaryFolder(), 'set')
  const preview = await previewExport(db, { ...defaults, out })
  expect(preview.files.map((file) => file.path)).toEqual([join(out, 'labels.csv'), join(out, 'crops')])
  const result = await writeExport(db, { ...defaults, out })
  expect(result).toEqual({ files: [join(out, 'labels.csv'), join(out, 'crops')], rows: 5, crops: 5 })
  const rows = (parse(readFileSync(join(out, 'labels.csv'))) as string[][]).slice(1)
  expect(rows).toEqual(preview.sample)
  expect(rows.map(([name]) => name)).toEqual([
    'crops/a/plain.png',
    'crops/a/turned by exif.png',
    'crops/a/turned by exif-2.png',
    'crops/b/turned by hand.png',
    'crops/b/scan.tif'
  ])
  const at = (index: number) => join(out, rows[index]![0]!)
  expect(readFileSync(at(0)).equals(files['a/plain.png'])).toBe(true)
  expect(readFileSync(at(4)).equals(files['b/scan.tif'])).toBe(true)
  const size = async (index: number) => {
    const { width, height } = await sharp(at(index)).metadata()
    return [width, height]
  }
  expect(await size(1)).toEqual([20, 40])
  expect(await size(2)).toEqual([41, 20])
  expect(await size(3)).toEqual([20, 42])
})

test('a second export replaces the folder that the first one made', async () => {
  const { db } = scans({
    'one.png': await image(40, 20).png().toBuffer(),
    'two.png': await image(41, 20).png().toBuffer()
  })
  const out = join(temporaryFolder(), 'names.csv')
  await writeExport(db, { ...defaults, out })
  const crops = join(dirname(out), 'names-crops')
  writeFileSync(join(crops, 'left over.png'), '')
  await expect(writeExport(db, { ...defaults, out })).rejects.toMatchObject({ code: 'exists' })
  const two = { ...defaults, out, overwrite: true, rows: 'filter' as const, filter: { search: 'two' } }
  await writeExport(db, two)
  expect(readdirSync(crops).sort(), 'what somebody put there stays').toEqual([
    '.nomina-crops',
    'left over.png',
    'two.png'
  ])
  writeFileSync(join(crops, 'one.png'), 'somebody’s own')
  await expect(writeExport(db, { ...two, rows: 'all' })).rejects.toThrow(/one\.png is a file that Nomina did not make/)
  expect(readFileSync(join(crops, 'one.png'), 'utf8')).toBe('somebody’s own')
  rmSync(join(crops, 'one.png'))
  rmSync(join(crops, 'left over.png'))
  expect(readdirSync(dirname(out)).sort()).toEqual(['names-crops', 'names.csv'])
  expect(statSync(join(crops, 'two.png')).size).toBeGreaterThan(0)
})

test('an export that was killed between its files is finished by the next start', async () => {
  const { db } = scans({ 'one.png': await image(40, 20).png().toBuffer() })
  const out = temporaryFolder()
  const first = await writeExport(db, { ...defaults, out })
  const ended = spawnSync(process.execPath, ['-e', '']).pid
  const unfinished = (name: string): string => join(out, `.nomina-export-${ended}-${name}`)
  writeFileSync(unfinished('aa.tmp'), 'NEW')
  mkdirSync(unfinished('bb.tmp'))
  writeFileSync(join(unfinished('bb.tmp'), 'new.png'), 'NEW')
  const moves = [
    { from: unfinished('aa.tmp'), to: first.files[0] },
    { from: unfinished('bb.tmp'), to: first.files[1] }
  ]
  writeFileSync(unfinished('cc.moves'), JSON.stringify(moves))
  writeFileSync(unfinished('dd.tmp'), 'of another one that never was whole')
  const home = dirname(db.name)
  writeFileSync(join(home, `.exporting-${ended}-ee`), out)
  await tidyExportsOf(home)
  expect(readdirSync(home).filter((name) => name.startsWith('.'))).toEqual([])
  expect(readFileSync(join(out, 'labels.csv'), 'utf8')).toBe('NEW')
  expect(readdirSync(join(out, 'crops'))).toEqual(['new.png'])
  expect(readdirSync(out).sort()).toEqual(['crops', 'labels.csv'])
})

test('the next export, from the command line as well, takes away what a killed one noted of itself', async () => {
  const { db } = scans({ 'one.png': await image(40, 20).png().toBuffer() })
  const home = dirname(db.name)
  const ended = spawnSync(process.execPath, ['-e', '']).pid
  writeFileSync(join(home, `.exporting-${ended}-ee`), temporaryFolder())
  await writeExport(db, { ...defaults, out: temporaryFolder() })
  expect(readdirSync(home).filter((name) => name.startsWith('.'))).toEqual([])
})

test('scans that are gone or changed are named where they are asked for, and nothing is written', async () => {
  const { root, db } = scans({
    'gone.png': await image(40, 20).png().toBuffer(),
    'changed.png': await image(41, 20).png().toBuffer(),
    'fine.png': await image(42, 20).png().toBuffer()
  })
  rmSync(join(root, 'gone.png'))
  writeFileSync(join(root, 'changed.png'), await image(50, 20).png().toBuffer())
  const out = join(temporaryFolder(), 'set')
  const writing = writeExport(db, { ...defaults, out, stale: true })
  await expect(writing).rejects.toMatchObject({
    code: 'not-found',
    message: expect.stringMatching(/^2 crops.*gone\.png.*changed\.png.*Relink/s)
  })
  expect(readdirSync(dirname(out))).toEqual([])
  expect(await writeExport(db, { ...defaults, out })).toMatchObject({ rows: 1, crops: 1 })
})
