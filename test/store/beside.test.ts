/** A project of an earlier Nomina, brought up to date by a process of its own. */
import { readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import { bytesToUpdate, closeStore, migrateBeside, openStore, type Step } from '../../src/core/store'
import { migrations } from '../../src/core/store/migrations'
import { temporaryFolder } from '../fixtures/small-project'

test('says how much is copied, and which part is next; whoever opens it has nothing left to do', async () => {
  const folder = temporaryFolder()
  const old = openStore(folder, { create: true, migrations: migrations.slice(0, -2) })
  // More than SQLite keeps in memory.
  old.exec(`CREATE TABLE scratch (bytes BLOB) STRICT;
    WITH RECURSIVE rows (id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM rows WHERE id < 200)
      INSERT INTO scratch SELECT randomblob(500000) FROM rows`)
  closeStore(old)
  const steps: Step[] = []
  await migrateBeside(folder, (step) => steps.push(step), 2)
  const done = steps.map((step) => step.done)
  expect(done).toEqual(done.toSorted((a, b) => a - b))
  expect(done.filter((part) => Number.isInteger(part))).toEqual([0, 1, 2, 3])
  expect(done.filter((part) => part > 0 && part < 1)).not.toEqual([])
  expect(new Set(steps.map(({ of }) => of))).toEqual(new Set([4]))
  expect(bytesToUpdate(folder)).toBeNull()
  expect(readdirSync(folder).filter((name) => name.endsWith('.backup'))).toHaveLength(1)
})

test('leaves a folder without a project to whoever opens it', async () => {
  const folder = temporaryFolder()
  const steps: Step[] = []
  await migrateBeside(folder, (step) => steps.push(step))
  expect(steps).toEqual([])
  expect(readdirSync(folder)).toEqual([])
})
