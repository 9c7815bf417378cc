/** What a project takes on the disk, and what it can be without. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { diskUse, prune, type Project } from '../../src/core/project'
import { decide, readRow } from '../../src/core/review'
import { project, reopen, temporaryFolder } from '../fixtures/small-project'

function opened(): { folder: string; project: Project } {
  const folder = temporaryFolder()
  const db = project(
    Array.from({ length: 5000 }, () => ({ reading: 'ANNA' })),
    { folder }
  )
  db.prepare('INSERT INTO lattices (reading_id, bytes) SELECT id, randomblob(400) FROM readings').run()
  mkdirSync(join(folder, 'crops', 'ab'), { recursive: true })
  writeFileSync(join(folder, 'crops', 'ab', 'one.png'), Buffer.alloc(700))
  mkdirSync(join(folder, 'models'))
  writeFileSync(join(folder, 'models', 'one.onnx'), Buffer.alloc(900))
  writeFileSync(join(folder, 'nomina.db.version-1-20260102T030405Z.backup'), Buffer.alloc(1100))
  writeFileSync(join(folder, 'a scan.png'), Buffer.alloc(5000))
  return { folder, project: { db, path: folder, signal: new AbortController().signal } as Project }
}

test('is told by what it is', async () => {
  const { project } = opened()
  const use = await diskUse(project)
  expect(use).toMatchObject({ lattices: 2_000_000, backups: 1100, crops: 700, learning: 900 })
  expect(use.database).toBeGreaterThan(use.lattices)
})

test('is less without backups and lattices, and nothing else goes', async () => {
  const { folder, project } = opened()
  const { db } = project
  decide(db, { ids: [1], kind: 'corrected', text: 'HANNA', reviewer: 'Ada' })
  const before = await diskUse(project)
  await prune(project, ['backups'])
  expect(await diskUse(project)).toMatchObject({ backups: 0, lattices: before.lattices, crops: 700, learning: 900 })
  await prune(project, ['lattices'])
  const after = await diskUse(project)
  expect(after.lattices).toBe(0)
  expect(after.database).toBeLessThan(before.database - 1_500_000)
  expect([readRow(db, 1).text, readRow(db, 2).reading]).toEqual(['HANNA', 'ANNA'])
  expect(existsSync(join(folder, 'a scan.png'))).toBe(true)
})

test('says in words for a person why the file could not be made smaller', async () => {
  const { folder, project } = opened()
  const elsewhere = reopen(folder)
  const { db } = project
  db.pragma('busy_timeout = 50')
  const exec = db.exec.bind(db)
  vi.spyOn(db, 'exec').mockImplementationOnce((sql) => {
    elsewhere.exec('BEGIN IMMEDIATE')
    return exec(sql)
  })
  await expect(prune(project, ['lattices'])).rejects.toMatchObject({ code: 'busy' })
  elsewhere.exec('ROLLBACK')
  await prune(project, ['lattices'])
})
