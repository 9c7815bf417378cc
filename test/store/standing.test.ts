/** What is said of a project to whoever comes back to it. */
import { dirname } from 'node:path'
import { expect, test } from 'vitest'
import { removeFiles } from '../../src/core/ingest'
import { decide, undo } from '../../src/core/review'
import { standingOf } from '../../src/core/sessions/standing'
import { decided, put } from '../fixtures/decided'
import { folder } from '../fixtures/scans'

test('what is left, the last decision that stands, who went on, and what is new in the folders', async () => {
  const { db, root } = await decided({ '1.png': 1, '2.png': 2, '3.png': 3 })
  const project = dirname(db.name)
  expect(await standingOf(project, 'Ada')).toMatchObject({
    total: 3,
    undecided: 0,
    last: { file: '3.png', text: 'C' },
    others: [],
    fresh: 0
  })
  undo(db, 'Ada')
  decide(db, { ids: [2], kind: 'corrected', text: 'OTHER', reviewer: 'Ben' })
  await removeFiles(db, { fieldIds: [1] }, 'Ada')
  await put(root, '4.png', 4)
  // What was taken out is nothing new.
  expect(await standingOf(project, 'Ada')).toMatchObject({
    total: 2,
    undecided: 1,
    others: [{ reviewer: 'Ben', fields: 1 }],
    fresh: 1
  })
})

test('a folder without a project says nothing', async () => {
  expect(await standingOf(folder(), 'Ada')).toBeNull()
})
