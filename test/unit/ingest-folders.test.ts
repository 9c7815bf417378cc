import { execFileSync, spawnSync } from 'node:child_process'
import { chmodSync, chownSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { listFolder, scanPaths } from '../../src/core/ingest'
import { naturalKey, naturalSort } from '../../src/core/ingest/natural'
import { bundleProgram } from '../fixtures/program'
import { folder, picture, writePictures } from '../fixtures/scans'

describe('scan', () => {
  test('says what it does not take, and keeps silent of what systems leave behind', async () => {
    const root = folder()
    await writePictures(root, ['b/10.png', 'b/2.png', 'a.JPG', '.hidden/1.png'])
    for (const name of ['Thumbs.db', '.DS_Store', 'nomina.db', 'nomina.db-wal']) writeFileSync(join(root, name), 'x')
    writeFileSync(join(root, 'scan.heic'), Buffer.from('\x00\x00\x00\x18ftypheic', 'latin1'))
    writeFileSync(join(root, 'form.pdf'), '%PDF-1.4')
    writeFileSync(join(root, 'notes.txt'), 'call her')
    writeFileSync(join(root, 'labels.txt'), 'file\ttext\n2.png\tANNA\n')
    writeFileSync(join(root, 'b/names.csv'), 'file,text\n2.png,ANNA\n')
    const scan = await scanPaths([root])
    expect(scan.files.map(({ path }) => path)).toEqual(['a.JPG', 'b/2.png', 'b/10.png', 'form.pdf'])
    expect(scan.labelFiles).toEqual([join(root, 'b/names.csv'), join(root, 'labels.txt')])
    expect(scan.unsupported.map(({ file }) => file).sort()).toEqual(['notes.txt', 'scan.heic'])
    expect(scan.unsupported.find(({ file }) => file === 'scan.heic')!.reason).toMatch(/HEIC.*not supported/)
  })

  test('a folder without images is empty, one that is not there is refused by name', async () => {
    const root = folder()
    expect(await scanPaths([root])).toMatchObject({ files: [], unsupported: [], labelFiles: [] })
    await expect(scanPaths([join(root, 'no')])).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringContaining(join(root, 'no'))
    })
  })

  test('thousands of files with one reason are counted, not listed', async () => {
    const root = folder()
    for (let index = 0; index < 300; index++) writeFileSync(join(root, `${index}.doc`), 'x\0y')
    const { unsupported } = await scanPaths([root])
    expect([unsupported.length, unsupported.at(-1)!.file]).toEqual([201, '100 more files'])
  })

  test('natural order', async () => {
    const wanted = [
      'a/2.png',
      'a/10.png',
      'a b/1.png',
      'É1.png',
      'e2.png',
      'scan 9.png',
      'scan 010.png',
      'scan 11.png',
      'scan 100.png'
    ]
    expect(await naturalSort(wanted.toReversed(), (path) => path)).toEqual(wanted)
    const many = Array.from({ length: 2500 }, (_, index) => `p${index}.png`)
    expect(await naturalSort(many.toSorted(), (path) => path)).toEqual(many)
    expect(naturalKey('p1') < naturalKey('p12345678901234567890')).toBe(true)
  })
})

describe('folder chooser', () => {
  test('counts images, names label files and projects, leaves hidden folders out', async () => {
    const root = folder()
    await writePictures(root, ['one.png', 'b 10/1.png', 'b 2/1.png', 'b 2/2.png', '.hidden/1.png'])
    writeFileSync(join(root, 'labels.csv'), '')
    writeFileSync(join(root, 'b 10/nomina.db'), '')
    expect(await listFolder(root)).toMatchObject({
      path: root,
      images: 1,
      more: false,
      project: false,
      csv: [join(root, 'labels.csv')],
      folders: [
        { name: 'b 2', path: join(root, 'b 2'), images: 2, project: false },
        { name: 'b 10', images: 1, project: true }
      ]
    })
    await expect(listFolder(join(root, 'none'))).rejects.toMatchObject({ code: 'not-found' })
    await expect(listFolder(join(root, 'one.png'))).rejects.toMatchObject({ code: 'invalid-input' })
  })
})

// Root may read everything: the check is made as another user, where that one can run Node here.
const nobody = { uid: 65534, gid: 65534 }
const canDrop = process.getuid?.() === 0 && spawnSync(process.execPath, ['-e', ''], nobody).status === 0

describe.skipIf(!canDrop)('without permission', () => {
  let script = ''
  beforeAll(async () => {
    script = await bundleProgram('read-folder')
  })
  const asNobody = (action: string, path: string): unknown =>
    JSON.parse(execFileSync(process.execPath, [script, action, path], { ...nobody, encoding: 'utf8', cwd: '/' }))

  test('a folder that may not be read is named, and the others are taken', async () => {
    const root = folder()
    chmodSync(root, 0o755)
    mkdirSync(join(root, 'locked'))
    writeFileSync(join(root, 'locked/1.png'), await picture().png().toBuffer())
    await writePictures(root, ['open/1.png'])
    writeFileSync(join(root, 'open/secret.png'), await picture(1).png().toBuffer())
    chmodSync(join(root, 'locked'), 0o700)
    chmodSync(join(root, 'open/secret.png'), 0o600)
    chownSync(join(root, 'locked'), 0, 0)
    expect(asNobody('scan', root)).toMatchObject({
      files: ['open/1.png', 'open/secret.png'],
      unsupported: [{ file: 'locked', reason: expect.stringMatching(/No permission/) }]
    })
    expect(asNobody('scan', join(root, 'locked'))).toMatchObject({
      code: 'refused',
      message: expect.stringContaining('No permission')
    })
    expect(asNobody('list', join(root, 'locked'))).toMatchObject({
      code: 'refused',
      message: expect.stringContaining(join(root, 'locked'))
    })
    expect(asNobody('inspect', join(root, 'open/secret.png'))).toMatchObject({
      code: 'unreadable',
      message: expect.stringMatching(/No permission/)
    })
  })
})

describe('what programs keep beside scans', () => {
  test('is left out by its marks, counted and told', async () => {
    const root = folder()
    const scans = ['a.png', 'b/Thumbs/1.png', 'b/crops/2.png', 'b/recycled paper/3.png']
    const others = [
      '@eaDir/a.png/SYNOPHOTO_THUMB_S.jpg',
      '@eaDir/a.png/SYNOPHOTO_THUMB_M.jpg',
      'b/.@__thumb/1.jpg',
      '__MACOSX/._a.png',
      '._a.png',
      '.thumbnails/a.png',
      '$RECYCLE.BIN/S-1-5/$R1A2B3C.png',
      '#recycle/old.png',
      '.Trash-1000/files/x.png',
      '@Recently-Snapshot/d/a.png',
      '.private/a.png'
    ]
    await writePictures(root, [...scans, ...others])
    writeFileSync(join(root, '.DS_Store'), 'x')
    const { files, leftOut, unsupported } = await scanPaths([root])
    expect(files.map(({ path }) => path).sort()).toEqual(scans.toSorted())
    expect(unsupported).toEqual([])
    expect(Object.fromEntries(leftOut.map(({ what, images }) => [what, images]))).toEqual({
      'previews and data of a disk or system': 6,
      'deleted files': 3,
      'earlier versions of files': 1,
      hidden: 1
    })
    expect(leftOut.find(({ what }) => what === 'hidden')!.examples).toEqual(['.private'])
  })

  test("Nomina's own crops are no scans; scans that lie in a project's folder are", async () => {
    const root = folder()
    await writePictures(root, [
      '1.png',
      'project/crops/ab/cd.png',
      'project/learning/crops/ef.png',
      'project/mine.png',
      'set/crops/1.png',
      'out-crops/1.png'
    ])
    writeFileSync(join(root, 'project/nomina.db'), 'x')
    for (const crops of ['set/crops', 'out-crops']) writeFileSync(join(root, crops, '.nomina-crops'), '')
    const { files, leftOut } = await scanPaths([root])
    expect(files.map(({ path }) => path)).toEqual(['1.png', 'project/mine.png'])
    expect(leftOut.map(({ what, images, examples }) => [what, images, examples.sort()])).toEqual([
      ['crops that Nomina exported', 2, ['out-crops', 'set/crops']],
      ['a project of Nomina', 2, ['project/crops', 'project/learning']]
    ])
    expect((await scanPaths([join(root, 'project')])).files.map(({ path }) => path)).toEqual(['mine.png'])
  })

  test('an exported set that is imported by itself is its crops', async () => {
    const root = folder()
    await writePictures(root, ['set/crops/1.png'])
    writeFileSync(join(root, 'set/crops/.nomina-crops'), '')
    for (const given of ['set', 'set/crops']) {
      const { files, leftOut } = await scanPaths([join(root, given)])
      expect([files.length, leftOut]).toEqual([1, []])
    }
  })
})
