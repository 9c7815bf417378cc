/** A file that can't be read is named among the problems at each import, wherever it lies and whatever was there in between. */
import { renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { put } from '../fixtures/decided'
import { folder, importInto, newProject } from '../fixtures/scans'

test('an empty file that was gone and comes again under another name is still none', async () => {
  const root = folder()
  const db = newProject()
  await put(root, 'other.png', 1)
  writeFileSync(join(root, 'given.png'), '')
  expect((await importInto(db, [root])).failed).toMatchObject([{ file: 'given.png' }])
  rmSync(join(root, 'given.png'))
  await importInto(db, [root])
  writeFileSync(join(root, 'again.png'), '')
  expect((await importInto(db, [root])).failed).toMatchObject([
    { file: 'again.png', reason: expect.stringContaining('0 bytes') }
  ])
  renameSync(join(root, 'again.png'), join(root, 'third.png'))
  expect((await importInto(db, [root])).failed).toMatchObject([{ file: 'third.png' }])
})
