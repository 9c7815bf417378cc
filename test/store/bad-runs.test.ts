import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { interruptOrphans } from '../../src/core/jobs'
import { startJob } from '../../src/core/jobs/job'
import { databaseName, hasStore, openStore, type Database } from '../../src/core/store'
import { folder, newProject } from '../fixtures/scans'

/** A run of a process that lives: this one's parent. */
function foreign(db: Database, heartbeat: Date): number {
  const { lastInsertRowid } = db
    .prepare(
      `INSERT INTO runs (kind, status, parameters, pid, heartbeat, started_at) VALUES ('import', 'running', '{}', ?, ?, ?)`
    )
    .run(process.ppid, heartbeat.toISOString(), heartbeat.toISOString())
  return Number(lastInsertRowid)
}
const start = (db: Database) =>
  startJob(
    db,
    'import',
    {},
    () => {},
    async () => 'done'
  )
const statusOf = (db: Database, id: number) => db.prepare('SELECT status FROM runs WHERE id = ?').pluck().get(id)

describe('a run of another process', () => {
  test('that lives keeps a second one away, and is left alone', () => {
    const db = newProject()
    const id = foreign(db, new Date())
    expect(() => start(db)).toThrow(expect.objectContaining({ code: 'busy' }))
    expect(interruptOrphans(db)).toEqual([])
    expect(statusOf(db, id)).toBe('running')
  })

  test('whose sign of life is from the future is dead: the clock was set back, its number was given out again', async () => {
    const db = newProject()
    const id = foreign(db, new Date(Date.now() + 24 * 3_600_000))
    await expect(start(db).finished).resolves.toBe('done')
    expect(interruptOrphans(db).map((run) => run.id)).toEqual([id])
  })

  test('that gave no sign of life for minutes is dead: its number was given to another program', async () => {
    const db = newProject()
    const id = foreign(db, new Date(Date.now() - 5 * 60_000))
    await expect(start(db).finished).resolves.toBe('done')
    expect(interruptOrphans(db).map((run) => run.id)).toEqual([id])
    expect(statusOf(db, id)).toBe('interrupted')
  })
})

test('an empty database file, as a process leaves that is ended at once, is no project and becomes one', () => {
  const at = folder()
  writeFileSync(join(at, databaseName), '')
  expect(hasStore(at)).toBe(false)
  expect(() => openStore(at, { create: false })).toThrow(/nomina\.db is empty/)
  newProject(at)
  expect(hasStore(at)).toBe(true)
  expect(existsSync(join(at, databaseName))).toBe(true)
})
