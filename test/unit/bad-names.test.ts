import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { fieldsOf, folder, importInto, newProject, picture, writePictures } from '../fixtures/scans'

// Only Linux lets a name be any bytes.
test.skipIf(process.platform !== 'linux')('a file or folder whose name is no UTF-8 is told of as that', async () => {
  const root = folder()
  await writePictures(root, ['good.png'])
  const named = (name: string): Buffer => Buffer.from(`${root}/${name}`, 'latin1')
  writeFileSync(named('bad-\xff.png'), await picture().png().toBuffer())
  mkdirSync(named('folder-\xe9'))
  const db = newProject()
  const report = await importInto(db, [root])
  expect(fieldsOf(db).map(({ file }) => file)).toEqual(['good.png'])
  const reason = expect.stringMatching(/not written in UTF-8.*Rename/) as string
  expect(report.unsupported).toEqual([
    { sourceId: null, file: 'bad-\ufffd.png', reason },
    { sourceId: null, file: 'folder-\ufffd', reason }
  ])
})

test('an image whose header promises two thousand million pixels a side is told of as damaged or too large', async () => {
  const root = folder()
  const bytes = await picture().png().toBuffer()
  bytes.writeUInt32BE(0x7fffffff, 16)
  bytes.writeUInt32BE(0x7fffffff, 20)
  writeFileSync(join(root, 'bomb.png'), bytes)
  const { failed } = await importInto(newProject(), [root])
  expect(failed).toEqual([
    { sourceId: 1, file: 'bomb.png', reason: expect.stringMatching(/^The image is (damaged|.*px)/) }
  ])
  expect(failed[0]!.reason).not.toMatch(/:\)/)
})
