/** What a project takes on the disk, and what it can be without. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test, vi } from 'vitest'
import { roomFor } from '../../src/core/ingest/room'
import { diskUse, freeBytes, prune, type Project } from '../../src/core/project'
import { Jobs } from '../../src/core/jobs'
import { decide, readRow } from '../../src/core/review'
import type { Database } from '../../src/core/store'
import { project, reopen, temporaryFolder } from '../fixtures/small-project'

/** Its file gives no pages back. */
function asOfAnEarlierNomina(db: Database): void {
  db.pragma('auto_vacuum = NONE')
  db.exec('VACUUM')
  db.pragma('auto_vacuum = INCREMENTAL')
}

/** Lattices of 2 MB in all. */
function opened(fields = 1000): { folder: string; project: Project } {
  const folder = temporaryFolder()
  const db = project(
    Array.from({ length: fields }, () => ({ reading: 'ANNA' })),
    { folder }
  )
  db.prepare('INSERT INTO lattices (reading_id, bytes) SELECT id, randomblob(?) FROM readings').run(2_000_000 / fields)
  mkdirSync(join(folder, 'crops', 'ab'), { recursive: true })
  writeFileSync(join(folder, 'crops', 'ab', 'one.png'), Buffer.alloc(700))
  mkdirSync(join(folder, 'models'))
  writeFileSync(join(folder, 'models', 'one.onnx'), Buffer.alloc(900))
  writeFileSync(join(folder, 'nomina.db.version-1-20260102T030405Z.backup'), Buffer.alloc(1100))
  writeFileSync(join(folder, 'a scan.png'), Buffer.alloc(5000))
  return {
    folder,
    project: {
      db,
      path: folder,
      signal: new AbortController().signal,
      jobs: new Jobs(
        db,
        () => {},
        () => {}
      )
    } as Project
  }
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

test('is less of a file of an earlier Nomina too, which gives its pages back one by one from then on', async () => {
  const { project } = opened()
  const { db } = project
  asOfAnEarlierNomina(db)
  const before = await diskUse(project)
  await prune(project, ['lattices'])
  expect((await diskUse(project)).database).toBeLessThan(before.database - 1_500_000)
  expect(db.pragma('auto_vacuum', { simple: true })).toBe(2)
})

test('is made smaller while others decide', async () => {
  const { project } = opened(5000)
  const { db } = project
  const exec = vi.spyOn(db, 'exec')
  let over = false
  const pruned = prune(project, ['lattices']).then(() => (over = true))
  let decided = 0
  for (let id = 1; !over; id++) {
    decide(db, { ids: [id], kind: 'corrected', text: 'HANNA', reviewer: 'Ada' })
    decided++
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
  await pruned
  expect(decided).toBeGreaterThan(3)
  expect(db.pragma('freelist_count', { simple: true })).toBe(0)
  expect(exec).not.toHaveBeenCalledWith('VACUUM')
})

test('says in words for a person why the file could not be made smaller', async () => {
  const { folder, project } = opened()
  asOfAnEarlierNomina(project.db)
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

test('keeps its lattices while something reads', async () => {
  const { project } = opened()
  let end = (): void => {}
  const job = project.jobs.start({ name: 'recognise' }, {}, () => new Promise<void>((resolve) => (end = resolve)))
  const before = await diskUse(project)
  await expect(prune(project, ['backups', 'lattices'])).rejects.toMatchObject({ code: 'busy' })
  expect(await diskUse(project)).toMatchObject({ lattices: before.lattices, backups: before.backups })
  end()
  await job.finished
})

describe('What an import will take', () => {
  const scans = { folder: '/no such folder of scans', files: 1000, bytes: 8e6, pages: false }

  test('is told by what the project takes for a field so far, without what it has', async () => {
    const { folder, project } = opened(5000)
    const { database } = await diskUse(project)
    const room = await roomFor(folder, project, scans)
    expect(room).toEqual({ needed: Math.round((1000 * database) / 5000), measured: true, free: expect.any(Number) })
    const { root } = project.db.prepare<[], { root: string }>('SELECT path AS root FROM roots').get()!
    const all = await roomFor(folder, project, { ...scans, files: 6000 })
    const known = await roomFor(folder, project, { ...scans, folder: root, files: 6000 })
    expect(known.needed / all.needed).toBeCloseTo(1 / 6, 5)
    expect((await roomFor(folder, project, { ...scans, folder: root, files: 5000 })).needed).toBe(0)
  })

  test('is told by what is usual where there is no project yet, and by its place', async () => {
    const folder = temporaryFolder()
    const room = await roomFor(join(folder, 'yet', 'to be made'), null, scans)
    expect(room).toMatchObject({ needed: 2_740_000, measured: false })
    expect(room.free).toBeGreaterThan(0)
    expect((await roomFor(folder, null, { ...scans, pages: true })).needed).toBeGreaterThan(8e6)
  })

  test('has no free room to tell of where nobody can say', async () => {
    expect(await freeBytes('/dev/null/none')).toBeNull()
  })
})
