import { cpSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { applyRelink, previewRelink } from '../../src/core/ingest'
import { decide } from '../../src/core/review'
import { fieldsOf, folder, importInto, newProject, picture, writePictures } from '../fixtures/scans'

const placesOf = (db: Parameters<typeof fieldsOf>[0]): unknown[] =>
  db
    .prepare(`SELECT roots.path || '/' || sources.path FROM sources JOIN roots ON roots.id = root_id ORDER BY 1`)
    .pluck()
    .all()

async function moved() {
  const base = folder()
  const [from, to] = [join(base, 'old'), join(base, 'new')]
  await writePictures(from, ['1.png', 'a/2.png', '3.png', '4.png'])
  const db = newProject()
  await importInto(db, [from])
  return { db, from, to }
}

test('a moved folder is found by its bytes; other content and what is missing stay as they were', async () => {
  const { db, from, to } = await moved()
  decide(db, { ids: [1, 2, 3, 4], kind: 'illegible', reviewer: 'R' })
  renameSync(from, to)
  mkdirSync(join(to, 'b'))
  renameSync(join(to, 'a/2.png'), join(to, 'b/renamed.png'))
  writeFileSync(join(to, '3.png'), await picture(77).png().toBuffer())
  rmSync(join(to, '4.png'))
  const before = placesOf(db)
  const preview = await previewRelink(db, from, to)
  expect([preview.same, preview.different, preview.missing]).toEqual([2, 1, 1])
  expect(preview.examples.map(({ file }) => file)).toEqual(['3.png', '4.png'])
  expect(placesOf(db)).toEqual(before)
  expect(await applyRelink(db, from, to)).toEqual({ relinked: 2, left: 2 })
  expect(placesOf(db).sort()).toEqual(
    [join(from, '3.png'), join(from, '4.png'), join(to, '1.png'), join(to, 'b/renamed.png')].sort()
  )
  expect(fieldsOf(db).map(({ status }) => status)).toEqual(Array(4).fill('illegible'))
  // What was relinked is known at its new place.
  const again = await importInto(db, [to])
  expect([again.unchanged, again.added]).toEqual([2, 1])
})

test('files that were missing are there again, and identical ones keep their names', async () => {
  const { db, from, to } = await moved()
  cpSync(join(from, '1.png'), join(from, '5.png'))
  await importInto(db, [from])
  renameSync(from, to)
  mkdirSync(from)
  await importInto(db, [from])
  expect(fieldsOf(db).every(({ sourceStatus }) => sourceStatus === 'missing')).toBe(true)
  expect(await applyRelink(db, from, to)).toEqual({ relinked: 5, left: 0 })
  expect(fieldsOf(db).map(({ file, sourceStatus }) => [file, sourceStatus])).toContainEqual(['5.png', 'ok'])
  expect(db.prepare('SELECT count(*) FROM roots').pluck().get()).toBe(1)
})

test('the folder above several roots moves with all of them', async () => {
  const base = folder()
  await writePictures(base, ['x/one/1.png', 'x/two/1.png'])
  const db = newProject()
  await importInto(db, [join(base, 'x/one'), join(base, 'x/two')])
  renameSync(join(base, 'x'), join(base, 'y'))
  expect(await applyRelink(db, join(base, 'x'), join(base, 'y'))).toEqual({ relinked: 2, left: 0 })
  expect(db.prepare('SELECT path FROM roots ORDER BY path').pluck().all()).toEqual([
    join(base, 'y/one'),
    join(base, 'y/two')
  ])
})

test('a folder inside a root can move alone', async () => {
  const { db, from, to } = await moved()
  renameSync(join(from, 'a'), to)
  expect(await applyRelink(db, join(from, 'a'), to)).toEqual({ relinked: 1, left: 0 })
  expect(placesOf(db)).toContain(join(to, '2.png'))
  expect(placesOf(db)).toContain(join(from, '1.png'))
})

test('a folder that was never imported, or does not exist, is refused', async () => {
  const { db, from, to } = await moved()
  await expect(previewRelink(db, to, from)).rejects.toMatchObject({ code: 'not-found' })
  await expect(previewRelink(db, from, to)).rejects.toMatchObject({
    code: 'not-found',
    message: expect.stringContaining(to)
  })
})

test('a project made on Windows: its folder is taken as it is written there', async () => {
  const { db, from } = await moved()
  db.prepare('UPDATE roots SET path = ?').run('C:\\Users\\op\\scans')
  expect(await applyRelink(db, 'c:\\users\\op\\scans\\a\\', join(from, 'a'))).toEqual({ relinked: 1, left: 0 })
  expect(await applyRelink(db, 'C:\\Users\\op\\scans', from)).toEqual({ relinked: 3, left: 0 })
  expect(placesOf(db)).toEqual(['1.png', '3.png', '4.png', 'a/2.png'].map((file) => join(from, file)))
  expect((await importInto(db, [from])).added).toBe(0)
})
