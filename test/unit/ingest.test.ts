import {
  copyFileSync,
  mkdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync
} from 'node:fs'
import { join } from 'node:path'
import { crc32, deflateSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { importPaths, retrySources } from '../../src/core/ingest'
import { decide } from '../../src/core/review'
import { fieldsOf, folder, importInto, newProject, picture, runControl, writePictures } from '../fixtures/scans'

const files = (db: Parameters<typeof fieldsOf>[0]) => fieldsOf(db).map((field) => field.file)

describe('import', () => {
  test('more files than a transaction holds: each has its field, in natural order', async () => {
    const root = folder()
    const names = Array.from({ length: 230 }, (_, index) => `scan ${index + 1}.png`)
    await writePictures(root, names.toReversed())
    const db = newProject()
    const told: number[] = []
    const report = await importPaths(db, { paths: [root], labels: null }, runControl(db), {
      onFields: (ids) => told.push(...ids)
    })
    expect([report.files, report.added, new Set(told).size]).toEqual([230, 230, 230])
    expect(files(db)).toEqual(names)
  })

  test('again: nothing is read or doubled, whatever folder is named', async () => {
    const root = folder()
    await writePictures(root, ['a/1.png', 'a/2.png', 'b/1.png'])
    const db = newProject()
    await importInto(db, [join(root, 'a')])
    const outer = await importInto(db, [root, join(root, 'b'), join(root, 'a/2.png')])
    expect([outer.files, outer.added, outer.unchanged]).toEqual([3, 1, 2])
    const inner = await importInto(db, [join(root, 'b')])
    expect([inner.added, inner.unchanged, inner.missing]).toEqual([0, 1, 0])
    expect(fieldsOf(db)).toHaveLength(3)
  })

  test('a changed file has its new image and is open again; a missing one keeps all', async () => {
    const root = folder()
    await writePictures(root, ['1.png', '2.png', '3.png'])
    const db = newProject()
    await importInto(db, [root])
    const ids = db.prepare('SELECT id FROM fields').pluck().all() as number[]
    for (const id of ids) decide(db, { ids: [id], kind: 'corrected', text: `NAME ${id}`, reviewer: 'R' })
    const imageOf = (file: string) =>
      db
        .prepare<[string], { image: number }>(
          'SELECT image_id AS image FROM fields JOIN sources ON sources.id = source_id WHERE path = ?'
        )
        .get(file)
    const before = imageOf('1.png')
    writeFileSync(join(root, '1.png'), await picture(99, 50, 12).png().toBuffer())
    rmSync(join(root, '2.png'))
    const report = await importInto(db, [root])
    expect([report.changed, report.missing, report.unchanged, report.added]).toEqual([1, 1, 1, 0])
    expect(imageOf('1.png')).not.toEqual(before)
    expect(fieldsOf(db).map(({ status, sourceStatus }) => [status, sourceStatus])).toEqual([
      ['undecided', 'ok'],
      ['corrected', 'missing'],
      ['corrected', 'ok']
    ])
    // It comes back
    writeFileSync(join(root, '2.png'), await picture(1).png().toBuffer())
    const back = await importInto(db, [root])
    expect([back.missing, back.changed]).toEqual([0, 0])
    expect(fieldsOf(db)[1]!.sourceStatus).toBe('ok')
  })

  test('identical files share an image, each with a field of its own', async () => {
    const root = folder()
    await writePictures(root, ['1.png', '2.png'])
    copyFileSync(join(root, '1.png'), join(root, '3.png'))
    const db = newProject()
    const report = await importInto(db, [root])
    expect([report.identical, fieldsOf(db).length]).toEqual([1, 3])
    expect(db.prepare('SELECT count(*) FROM images').pluck().get()).toBe(2)
  })

  test('a stop keeps what was done, and the next import does the rest', async () => {
    const root = folder()
    await writePictures(
      root,
      Array.from({ length: 150 }, (_, index) => `${index}.png`)
    )
    const db = newProject()
    const abort = new AbortController()
    let asked = 0
    const control = runControl(db, {
      signal: abort.signal,
      whenNotPaused: async () => {
        if (++asked > 90) abort.abort()
        abort.signal.throwIfAborted()
      }
    })
    await expect(importPaths(db, { paths: [root], labels: null }, control)).rejects.toThrow()
    const kept = fieldsOf(db).length
    expect(kept).toBeGreaterThan(60)
    const report = await importInto(db, [root])
    expect([report.added, report.unchanged]).toEqual([150 - kept, kept])
  })
})

describe('bad input', () => {
  test('each unusable file is a failed field with a reason, and the others are taken in', async () => {
    const root = folder()
    await writePictures(root, ['good.png'])
    writeFileSync(join(root, 'empty.jpg'), '')
    writeFileSync(join(root, 'text.png'), 'dear reader')
    writeFileSync(join(root, 'photo.jpg'), Buffer.from('\x00\x00\x00\x18ftypheic\0\0\0\0', 'latin1'))
    for (const format of ['jpeg', 'png', 'tiff', 'webp'] as const) {
      const path = join(root, `cut.${format}`)
      const bytes = await picture(5, 300, 100).toFormat(format).toBuffer()
      writeFileSync(path, bytes)
      truncateSync(path, Math.floor(bytes.length * 0.7))
    }
    writeFileSync(join(root, 'huge.png'), pngOfSize(30_000, 30_000))
    const db = newProject()
    const report = await importInto(db, [root])
    const reasons = Object.fromEntries(report.failed.map(({ file, reason }) => [file, reason]))
    expect(Object.keys(reasons).sort()).toEqual([
      'cut.jpeg', 'cut.png', 'cut.tiff', 'cut.webp', 'empty.jpg', 'huge.png', 'photo.jpg', 'text.png'
    ]) // prettier-ignore
    for (const format of ['jpeg', 'png', 'tiff', 'webp'])
      expect(reasons[`cut.${format}`]).toMatch(/ends in the middle.*bytes/)
    expect(reasons['empty.jpg']).toMatch(/empty \(0 bytes\)/)
    expect(reasons['text.png']).toMatch(/text/)
    expect(reasons['photo.jpg']).toMatch(/HEIC files are not supported.*PNG or TIFF/)
    expect(reasons['huge.png']).toMatch(/30,000 × 30,000 px.*limit/)
    expect(fieldsOf(db).filter((field) => field.status === 'failed')).toHaveLength(8)
    expect(report.added).toBe(9)
  })

  test('files that are whole and stored in a way that is not supported are said to be that', async () => {
    const root = folder()
    const tiff = await picture(1, 200, 60).tiff({ compression: 'lzw' }).toBuffer()
    writeFileSync(join(root, 'zstd.tif'), withTiffTag(tiff, 259, 50000))
    writeFileSync(join(root, 'rare.tif'), withTiffTag(tiff, 259, 61234))
    const jpeg = await picture(2, 200, 60).jpeg().toBuffer()
    const frame = jpeg.indexOf(Buffer.from([0xff, 0xc0]))
    const twelve = Buffer.from(jpeg)
    twelve[frame + 4] = 12
    const lossless = Buffer.from(jpeg)
    lossless[frame + 1] = 0xc3
    writeFileSync(join(root, 'twelve.jpg'), twelve)
    writeFileSync(join(root, 'lossless.jpg'), lossless)
    writeFileSync(join(root, 'a.png'), await picture(3).gif().toBuffer())
    const { failed } = await importInto(newProject(), [root])
    const reasons = Object.fromEntries(failed.map(({ file, reason }) => [file, reason]))
    expect(reasons['zstd.tif']).toMatch(/stored with Zstandard compression, which is not supported/)
    expect(reasons['rare.tif']).toMatch(/with compression 61234, which is not supported/)
    expect(reasons['twelve.jpg']).toMatch(/JPEG with 12 bits a channel, which is not supported/)
    expect(reasons['lossless.jpg']).toMatch(/lossless JPEG, which is not supported/)
    expect(reasons['a.png']).toMatch(/GIF files are not supported/)
  })

  test('a file of another format than its name says is read as what it is', async () => {
    const root = folder()
    writeFileSync(join(root, 'a.jpg'), await picture().png().toBuffer())
    writeFileSync(join(root, 'scan0001'), await picture(2).jpeg().toBuffer())
    const db = newProject()
    expect((await importInto(db, [root])).failed).toEqual([])
    expect(db.prepare('SELECT format FROM sources ORDER BY path').pluck().all()).toEqual(['png', 'jpeg'])
  })

  test('of an image with several pages the others are told of', async () => {
    const root = folder()
    const frames = Buffer.alloc(20 * 30, 100)
      .fill(200, 0, 200)
      .fill(50, 400)
    const image = (await import('sharp')).default(frames, {
      raw: { width: 20, height: 30, channels: 1, pageHeight: 10 }
    })
    writeFileSync(join(root, 'pages.webp'), await image.webp({ loop: 0, delay: [100, 100, 100] }).toBuffer())
    const report = await importInto(newProject(), [root])
    expect(report.unsupported).toEqual([
      { sourceId: 1, file: 'pages.webp', reason: 'The file has 3 pages; only page 1 was imported.' }
    ])
  })

  test('a folder that is deleted half-way: every file that is gone has its reason, and the run ends', async () => {
    const root = folder()
    const scans = join(root, 'scans')
    await writePictures(
      scans,
      Array.from({ length: 60 }, (_, index) => `${index}.png`)
    )
    const db = newProject()
    let asked = 0
    const whenNotPaused = async (): Promise<void> => {
      if (++asked === 20) rmSync(scans, { recursive: true })
    }
    const report = await importPaths(db, { paths: [scans], labels: null }, runControl(db, { whenNotPaused }))
    expect(report.added).toBe(60)
    expect(report.failed.length).toBeGreaterThanOrEqual(35)
    expect(report.failed.every(({ reason }) => reason.includes('not there any more'))).toBe(true)
    expect(fieldsOf(db).filter((field) => field.sourceStatus === 'ok').length).toBe(
      60 - report.failed.length - report.missing
    )
  })

  test('a retry takes in what was mended, and keeps the reason of what was not', async () => {
    const root = folder()
    writeFileSync(join(root, 'a.png'), '')
    writeFileSync(join(root, 'b.png'), '')
    const db = newProject()
    await importInto(db, [root])
    writeFileSync(join(root, 'a.png'), await picture().png().toBuffer())
    const report = await retrySources(db, null, runControl(db))
    expect([report.files, report.failed.map(({ file }) => file)]).toEqual([2, ['b.png']])
    expect(fieldsOf(db).map(({ status }) => status)).toEqual(['undecided', 'failed'])
  })

  test('a retry of a missing file keeps what is known of it', async () => {
    const root = folder()
    await writePictures(root, ['a.png'])
    const db = newProject()
    await importInto(db, [root])
    renameSync(join(root, 'a.png'), join(root, 'hidden'))
    mkdirSync(join(root, 'other'))
    rmSync(join(root, 'hidden'))
    await importInto(db, [root])
    await retrySources(db, null, runControl(db))
    const source = db.prepare('SELECT status, sha256 IS NOT NULL AS known FROM sources').get()
    expect(source).toEqual({ status: 'missing', known: 1 })
  })

  test('paths with spaces, quotes, emoji, newlines, markup and formulas', async () => {
    const root = join(folder(), `it's "a" folder`)
    const names = [`a b/'"1".png`, '😀/é.png', 'new\nline.png', '<b>bold</b>.png', '=1+1.png', '..hidden no.png/x.png']
    await writePictures(root, names)
    const db = newProject()
    const report = await importInto(db, [join(root, 'a b', '..')])
    expect(report.added).toBe(5) // the last lies in a hidden folder
    expect(files(db).sort()).toEqual(names.slice(0, 5).sort())
  })

  test('a link in a circle is told of and not followed', async () => {
    const root = folder()
    await writePictures(root, ['a/1.png'])
    symlinkSync(root, join(root, 'a/loop'))
    symlinkSync(join(root, 'a'), join(root, 'again'))
    const report = await importInto(newProject(), [root])
    expect(report.files).toBe(1)
    expect(report.unsupported.map(({ file }) => file).sort()).toEqual(['a/loop', 'again'])
  })

  test('a touched file of the same bytes is unchanged', async () => {
    const root = folder()
    await writePictures(root, ['a.png'])
    const db = newProject()
    await importInto(db, [root])
    utimesSync(join(root, 'a.png'), 1_000_000, 1_000_000)
    expect(await importInto(db, [root])).toMatchObject({ unchanged: 1, changed: 0 })
  })
})

/** A PNG that says its size and has the first of its pixels. */
function pngOfSize(width: number, height: number): Buffer {
  const chunk = (type: string, data: Buffer): Buffer => {
    const body = Buffer.concat([Buffer.from(type), data])
    const frame = Buffer.alloc(body.length + 8)
    frame.writeUInt32BE(data.length)
    body.copy(frame, 4)
    frame.writeUInt32BE(crc32(body), body.length + 4)
    return frame
  }
  const header = Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 8, 0, 0, 0, 0])
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  const signature = Buffer.from('89504e470d0a1a0a', 'hex')
  const pixels = chunk('IDAT', deflateSync(Buffer.alloc(width + 1)))
  return Buffer.concat([signature, chunk('IHDR', header), pixels, chunk('IEND', Buffer.alloc(0))])
}

/** A small TIFF with another number in a tag of its first directory. */
function withTiffTag(tiff: Buffer, tag: number, value: number): Buffer {
  const changed = Buffer.from(tiff)
  const directory = changed.readUInt32LE(4)
  for (let entry = 0; entry < changed.readUInt16LE(directory); entry++) {
    const at = directory + 2 + entry * 12
    if (changed.readUInt16LE(at) === tag) changed.writeUInt16LE(value, at + 8)
  }
  return changed
}
