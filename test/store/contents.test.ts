/** Decisions are of what a scan shows, wherever it lies and whatever it is called. */
import { copyFileSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import { fieldImage, fieldPart } from '../../src/core/crop'
import { layByHand } from '../../src/core/forms/pipeline'
import { importPaths, previewImport, type ImportOptions } from '../../src/core/ingest'
import { findFile } from '../../src/core/recognise/files'
import { queueIds, readDetail, readRow, redo, undo } from '../../src/core/review'
import type { Database } from '../../src/core/store'
import { ownHashes } from '../../src/reading/pages/content'
import { openSource } from '../../src/reading/pages/source'
import { pixelsHash } from '../../src/reading/images'
import { uprightPixels } from '../../src/reading/images/pixels'
import { decided, put, say } from '../fixtures/decided'
import { addTemplate, fakePages, matched, pageFields, register } from '../fixtures/pages'
import { pdfOfPages, scanPage, tiffOfPages } from '../fixtures/pdf'
import { folder, importInto, newProject, picture, runControl } from '../fixtures/scans'

const reviewer = 'Ada'

/** What is said of each file now: its text where it is decided. */
const said = (db: Database): Record<string, string | null> =>
  Object.fromEntries(
    db
      .prepare<[], { path: string; text: string | null }>(
        `SELECT s.path, CASE WHEN f.decision_id IS NOT NULL THEN f.text END AS text
         FROM fields f JOIN sources s ON s.id = f.source_id WHERE s.status = 'ok' ORDER BY s.path`
      )
      .all()
      .map(({ path, text }) => [path, text])
  )

describe('a file', () => {
  test('with other content under its name is open again, and decided again when the old one is back', async () => {
    const { db, root } = await decided({ '1.png': 1, '2.png': 2 })
    await put(root, '1.png', 9)
    expect(await previewImport(db, { paths: [root] })).toMatchObject({ same: 1, changed: 1, gone: 0, reopened: 1 })
    expect(said(db)).toEqual({ '1.png': 'A', '2.png': 'B' }) // a preview does nothing
    expect(await importInto(db, [root])).toMatchObject({ unchanged: 1, changed: 1, reopened: 1 })
    expect(said(db)).toEqual({ '1.png': null, '2.png': 'B' })
    const openAgain = (): number[] => queueIds(db, { filter: { reopened: 'all' }, order: 'file' })
    expect(openAgain()).toEqual([1])
    // Its decision is taken back, so that nothing is open again in it.
    say(db, 2, 'C')
    undo(db, reviewer)
    undo(db, reviewer)
    expect(openAgain()).toEqual([1])
    redo(db, reviewer)
    say(db, 1, 'NEW')
    expect(openAgain()).toEqual([])
    await put(root, '1.png', 1)
    await importInto(db, [root])
    expect(said(db)).toEqual({ '1.png': 'A', '2.png': 'B' })
    await put(root, '1.png', 9)
    await importInto(db, [root])
    expect(said(db)).toEqual({ '1.png': 'NEW', '2.png': 'B' })
  })

  test('with other bytes of the same size and time is found', async () => {
    const { db, root } = await decided({ '1.png': 1 })
    const path = join(root, '1.png')
    const { atimeMs, mtimeMs } = statSync(path)
    const bytes = readFileSync(path)
    bytes[bytes.length - 20]! ^= 16
    writeFileSync(path, bytes)
    utimesSync(path, atimeMs / 1000, mtimeMs / 1000)
    expect(await previewImport(db, { paths: [root] })).toMatchObject({ changed: 1, reopened: 1 })
    await importInto(db, [root])
    expect(db.prepare('SELECT decision_id FROM fields').pluck().get()).toBeNull()
  })

  test('that was renamed, or sorted into folders, keeps its field', async () => {
    const { db, root } = await decided({ 'a.png': 1, 'b.png': 2 })
    mkdirSync(join(root, '1921'))
    renameSync(join(root, 'a.png'), join(root, '1921/0001.png'))
    renameSync(join(root, 'b.png'), join(root, '1921/0002.png'))
    expect(await previewImport(db, { paths: [root] })).toMatchObject({ moved: 2, added: 0, gone: 0, reopened: 0 })
    expect(await importInto(db, [root])).toMatchObject({ moved: 2, added: 0, missing: 0 })
    expect(said(db)).toEqual({ '1921/0001.png': 'A', '1921/0002.png': 'B' })
    expect(db.prepare('SELECT count(*) FROM fields').pluck().get()).toBe(2)
  })

  test('that swapped names with another takes its decision along; so do three in a circle', async () => {
    const { db, root } = await decided({ '1.png': 1, '2.png': 2, '3.png': 3 })
    await put(root, '1.png', 3)
    await put(root, '2.png', 1)
    await put(root, '3.png', 2)
    expect(await previewImport(db, { paths: [root] })).toMatchObject({ moved: 3, changed: 0, reopened: 0 })
    await importInto(db, [root])
    expect(said(db)).toEqual({ '1.png': 'C', '2.png': 'A', '3.png': 'B' })
  })

  test('that moved on to a name whose own content is gone: the one in front is new, the last is kept aside', async () => {
    const { db, root } = await decided({ '1.png': 1, '2.png': 2 })
    await put(root, '2.png', 1)
    await put(root, '1.png', 9)
    expect(await previewImport(db, { paths: [root] })).toMatchObject({ moved: 1, added: 1, gone: 1, decidedGone: 1 })
    await importInto(db, [root])
    expect(said(db)).toEqual({ '1.png': null, '2.png': 'A' })
    await put(root, '3.png', 2)
    await importInto(db, [root])
    expect(said(db)).toEqual({ '1.png': null, '2.png': 'A', '3.png': 'B' })
  })

  test('that was copied keeps its decision for itself', async () => {
    const { db, root } = await decided({ 'a.png': 1 })
    copyFileSync(join(root, 'a.png'), join(root, '0 copy.png'))
    await importInto(db, [root])
    expect(said(db)).toEqual({ '0 copy.png': null, 'a.png': 'A' })
  })

  test('under the name of another is shown and read to nobody before it was imported, so that nobody decides on it', async () => {
    const { db, root } = await decided({ '1.png': 1, '2.png': 2 })
    const before = (await fieldImage(db, 1, 'full')).bytes
    mkdirSync(join(root, 'box 1'))
    renameSync(join(root, '1.png'), join(root, 'box 1/1.png'))
    await put(root, '1.png', 9)
    const second = join(root, '2.png')
    const { atimeMs, mtimeMs } = statSync(second)
    writeFileSync(second, readFileSync(second).fill(0, 40, 44))
    utimesSync(second, atimeMs / 1000, mtimeMs / 1000)
    for (const id of [1, 2]) {
      await expect(fieldImage(db, id, 'full')).rejects.toThrow(/changed since it was imported/)
      await expect(fieldPart(db, id, { left: 0, right: 10 })).rejects.toThrow(/changed since it was imported/)
      const bytes = db.prepare<[number], string>('SELECT sha256 FROM sources WHERE id = ?').pluck().get(id)!
      expect(await findFile(db, bytes)).toMatchObject({ reason: expect.stringMatching(/changed since/) })
    }
    await importInto(db, [root])
    expect((await fieldImage(db, 1, 'full')).bytes).toEqual(before)
  })

  test('stored in another way, with the same pixels, is the same one; stored with loss it is another', async () => {
    const { db, root } = await decided({ 'a.png': 1, 'b.png': 2 })
    writeFileSync(
      join(root, 'a.png'),
      await picture(1).png({ compressionLevel: 1, adaptiveFiltering: true }).toBuffer()
    )
    writeFileSync(join(root, 'b.png'), await picture(2).jpeg({ quality: 60 }).toBuffer())
    expect(await previewImport(db, { paths: [root] })).toMatchObject({ same: 1, changed: 1, reopened: 1 })
    await importInto(db, [root])
    expect(said(db)).toEqual({ 'a.png': 'A', 'b.png': null })
  })

  test('that is gone keeps its decision, and so does one that can’t be read any more; a damaged one does not', async () => {
    const { db, root } = await decided({ 'a.png': 1, 'b.png': 2 })
    rmSync(join(root, 'a.png'))
    writeFileSync(join(root, 'b.png'), readFileSync(join(root, 'b.png')).subarray(0, 60))
    await importInto(db, [root])
    const states = db.prepare('SELECT status FROM fields ORDER BY id').pluck().all()
    expect(states).toEqual(['corrected', 'failed'])
    await put(root, 'b.png', 2)
    await importInto(db, [root])
    expect(said(db)).toEqual({ 'b.png': 'B' })
  })

  test('with other content has neither the label that was imported for the old one, nor its rotation', async () => {
    const { db, root } = await decided({ 'a.png': 1 })
    db.exec(`UPDATE fields SET imported = 'OLD', imported_state = 'text', rotation = 1`)
    await put(root, 'a.png', 9)
    await importInto(db, [root])
    expect(db.prepare('SELECT imported, imported_state, rotation FROM fields').raw().get()).toEqual([null, null, 0])
  })

  test('was decided on what it showed then: doing it again does not bring it to what it shows now', async () => {
    const { db, root } = await decided({ 'a.png': 1 })
    undo(db, reviewer)
    await put(root, 'a.png', 9)
    await importInto(db, [root])
    redo(db, reviewer)
    expect(said(db)).toEqual({ 'a.png': null })
  })
})

test('what an import opened again is told, and kept', async () => {
  const { db, root } = await decided({ '1.png': 1, '2.png': 2 })
  await put(root, '2.png', 9)
  await importInto(db, [root])
  const reopened = (which: 'last-import' | 'all') => queueIds(db, { filter: { reopened: which }, order: 'file' })
  expect([reopened('last-import'), reopened('all')]).toEqual([[2], [2]])
  expect(readRow(db, 2)).toMatchObject({ status: 'undecided', earlier: { kind: 'corrected', text: 'B', reviewer } })
  expect(readDetail(db, 2).history.map(({ what }) => what)).toContain('decided')
  say(db, 2, 'NEW')
  expect([reopened('last-import'), reopened('all')]).toEqual([[2], []])
  expect(readRow(db, 2).earlier).toBeNull()
  await importInto(db, [root])
  expect(reopened('last-import')).toEqual([])
})

describe('a page', () => {
  const identified: ImportOptions = {
    countPages: async (path) => {
      const source = await openSource(path)
      await source.close()
      return { pages: source.pages, note: null }
    },
    identify: async (path, { numbers, decode }) => {
      const source = await openSource(path)
      const own = await source.own()
      const wanted = numbers ?? Array.from({ length: source.pages }, (_, index) => index + 1)
      const found: string[][] = []
      for (const number of wanted) {
        const pixels = decode ? [pixelsHash((await source.read(number)).pixels)] : []
        found.push([...(own[number - 1] ? [own[number - 1]!] : []), ...pixels])
      }
      await source.close()
      return found
    }
  }
  const take = (db: Database, root: string) =>
    importPaths(db, { paths: [root], labels: null, ...identified }, runControl(db))
  const looksAt = () =>
    fakePages(async (job) => ({
      content: (await identified.identify!(job.path, { numbers: [job.number], decode: true }))[0]!
    }))

  const shade = (value: number): Buffer => Buffer.alloc(72 * 36, value).fill(20, 100 + value, 400 + value)
  const scan = (value: number) =>
    scanPage({
      dictionary: '/Width 72 /Height 36 /ColorSpace /DeviceGray /BitsPerComponent 8',
      stream: shade(value)
    })
  const writePdf = (root: string, name: string, values: number[], trailer = '') =>
    writeFileSync(join(root, name), pdfOfPages(values.map(scan), trailer))
  const writeTiff = (root: string, name: string, values: number[]) =>
    writeFileSync(join(root, name), tiffOfPages(values.map(shade), 72, 36))

  /** Every field of a file's page says the page's value. */
  async function decidedPages(write: (root: string) => void): Promise<{ db: Database; root: string }> {
    const root = folder()
    const db = newProject()
    await addTemplate(db, 'Form')
    write(root)
    await take(db, root)
    await register(db, looksAt())
    for (const { id, page } of pageFields(db)) say(db, id, `P${page}`)
    return { db, root }
  }
  const saidOfPages = (db: Database) =>
    db
      .prepare<[], string>(
        `SELECT s.path || ' ' || p.number || ': ' || group_concat(CASE WHEN f.decision_id IS NULL THEN '-' ELSE f.text END, ' ')
         FROM pages p JOIN sources s ON s.id = p.source_id LEFT JOIN fields f ON f.page_id = p.id
         WHERE s.status = 'ok' GROUP BY p.id ORDER BY s.path, p.number`
      )
      .pluck()
      .all()

  test.each([
    ['a PDF', writePdf, 'lot.pdf'],
    ['a TIFF', writeTiff, 'lot.tif']
  ])('of %s put in, taken out or moved: the others keep what was decided on them', async (_kind, write, name) => {
    const { db, root } = await decidedPages((at) => write(at, name, [1, 2]))
    write(root, name, [3, 1, 2])
    const preview = await previewImport(db, { paths: [root], ...identified })
    expect(preview).toMatchObject({ changed: 1, reopened: 0, pages: { same: 0, moved: 2, changed: 0, gone: 0 } })
    await take(db, root)
    const again = looksAt()
    await register(db, again)
    expect(again.jobs.map(({ number }) => number)).toEqual([1])
    expect(saidOfPages(db)).toEqual([`${name} 1: - -`, `${name} 2: P1 P1`, `${name} 3: P2 P2`])
    write(root, name, [2, 3])
    expect((await previewImport(db, { paths: [root], ...identified })).pages).toMatchObject({ moved: 2, gone: 1 })
    await take(db, root)
    await register(db, looksAt())
    expect(saidOfPages(db)).toEqual([`${name} 1: P2 P2`, `${name} 2: - -`])
    write(root, name, [1, 2, 3])
    await take(db, root)
    await register(db, looksAt())
    expect(saidOfPages(db)).toEqual([`${name} 1: P1 P1`, `${name} 2: P2 P2`, `${name} 3: - -`])
  })

  test('with other content at its place is open again, and shows nothing until it was looked at', async () => {
    const { db, root } = await decidedPages((at) => writePdf(at, 'lot.pdf', [1, 2]))
    writePdf(root, 'lot.pdf', [1, 9])
    expect(await previewImport(db, { paths: [root], ...identified })).toMatchObject({
      reopened: 2,
      pages: { same: 1, changed: 1 }
    })
    expect(await take(db, root)).toMatchObject({ reopened: 2 })
    expect(pageFields(db).map(({ status }) => status)).toEqual(['corrected', 'corrected', 'failed', 'failed'])
    await register(db, looksAt())
    expect(pageFields(db).map(({ status }) => status)).toEqual(['corrected', 'corrected', 'undecided', 'undecided'])
  })

  test('of a file whose bytes change and whose pages don’t keeps all', async () => {
    const { db, root } = await decidedPages((at) => writePdf(at, 'lot.pdf', [1, 2]))
    writePdf(root, 'lot.pdf', [1, 2], '/Info << /Title (Other) >>')
    expect((await previewImport(db, { paths: [root], ...identified })).pages).toMatchObject({ same: 2, changed: 0 })
    await take(db, root)
    expect(saidOfPages(db)).toEqual(['lot.pdf 1: P1 P1', 'lot.pdf 2: P2 P2'])
  })

  test('that was stored anew is known by its pixels, and may move to another file', async () => {
    const { db, root } = await decidedPages((at) => writePdf(at, 'lot.pdf', [1, 2]))
    // Without one byte of the page's own content as it was.
    const anew = (value: number) => ({ ...scan(value), content: 'q 144 0 0 72 0 0 cm  /I  Do Q' })
    writeFileSync(join(root, 'lot.pdf'), pdfOfPages([anew(2)]))
    writeFileSync(join(root, 'other.pdf'), pdfOfPages([anew(7), anew(1)]))
    await take(db, root)
    await register(db, looksAt())
    expect(saidOfPages(db)).toEqual(['lot.pdf 1: P2 P2', 'other.pdf 1: - -', 'other.pdf 2: P1 P1'])
  })

  test('whose box a person moves off the ink is open again, and decided again where it is moved back', async () => {
    const { db } = await decidedPages((at) => writePdf(at, 'lot.pdf', [1]))
    const moved = (share: number) =>
      fakePages((job) => ({
        ...matched(job, 5),
        covered: (job.decided ?? []).map(({ decision }, index) => ({ decision, share: index ? 1 : share }))
      }))
    const lay = (share: number) =>
      layByHand(db, moved(share), 1, { templateId: 1, corners: [1, 1, 399, 1, 399, 599, 1, 599], who: reviewer })
    await lay(0.8)
    expect(saidOfPages(db)).toEqual(['lot.pdf 1: P1 P1'])
    await lay(0.79)
    expect(saidOfPages(db)).toEqual(['lot.pdf 1: - P1'])
    await lay(1)
    expect(saidOfPages(db)).toEqual(['lot.pdf 1: P1 P1'])
  })
})

/** 16 × 8 px of grey. */
const jpeg =
  '/9j/2wBDABALDA4MChAODQ4SERATGCgaGBYWGDEjJR0oOjM9PDkzODdASFxOQERXRTc4UG1RV19iZ2hnPk1xeXBkeFxlZ2P/wAALCAAIABABAREA/8QAFQABAQAA' +
  'AAAAAAAAAAAAAAAAAAP/xAAhEAACAQMDBQAAAAAAAAAAAAABAgMABBEFEiIUIWGRof/aAAgBAQAAPwCax6XPGqxrbWxBzviWIk+OUhHymyS2V5B0zxKexV4mcjOB' +
  'xWMn1nFf/9k='

test('pixels have the names that this version of the decoder gives them', async () => {
  // Where this fails, the decoder gives other pixels than before: give `decoder` in reading/images a new name, never an old one.
  const grey = { data: Buffer.from([0, 50, 100, 150, 200, 250]), width: 3, height: 2, channels: 1 as const }
  expect(pixelsHash(grey)).toBe('pixels-1:bdf1bcf66d6fd11deda41ac84e02c1d73661b90a6ad03d5ec81cfcd6ae6278d4')
  const colour = {
    ...grey,
    data: Buffer.from([...grey.data].flatMap((value) => [value, value, value])),
    channels: 3 as const
  }
  expect(pixelsHash(colour)).toBe(pixelsHash(grey))
  const root = folder()
  writeFileSync(join(root, 'a.jpg'), Buffer.from(jpeg, 'base64'))
  expect(pixelsHash(await uprightPixels(join(root, 'a.jpg'), 1, 0))).toBe(
    'pixels-1:59288689a568005c25e662593fbd77f15131f07d2d9c204694602af56cba1b77'
  )
  const tiff = join(root, 'a.tif')
  await sharp(grey.data, { raw: { width: 3, height: 2, channels: 1 } })
    .toColourspace('b-w')
    .tiff({ compression: 'lzw' })
    .toFile(tiff)
  const source = await openSource(tiff)
  expect(pixelsHash((await source.read(1)).pixels)).toBe(pixelsHash(grey))
  expect(await ownHashes(tiff, 'tiff')).toEqual([expect.stringMatching(/^tiff-page-1:[0-9a-f]{64}$/)])
})
