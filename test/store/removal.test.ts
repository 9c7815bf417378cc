/** Files taken out of a project are nowhere, and nothing of them is lost. */
import { existsSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { bringBack, previewImport, previewRemoval, removeFiles } from '../../src/core/ingest'
import { overview } from '../../src/core/quality/figures'
import { queueIds, readRows, undo } from '../../src/core/review'
import { readCounts, type Database } from '../../src/core/store'
import { pageCounts, pageIds } from '../../src/core/store/pages'
import { listImports, listRemovals } from '../../src/core/store/removals'
import { decided, put, say } from '../fixtures/decided'
import { fakePages, projectOfPages, register } from '../fixtures/pages'
import { importInto } from '../fixtures/scans'

const reviewer = 'Ada'
const idsOf = (db: Database): number[] => queueIds(db, { filter: {}, order: 'file' })
const textsOf = (db: Database) => readRows(db, idsOf(db)).map(({ file, text, status }) => `${file} ${text} ${status}`)

const whole = ['1.png A corrected', '2.png B corrected', '3.png C corrected']
const without2 = ['1.png A corrected', '3.png C corrected']

test('they are in no list and no figure, their scan stays, and they come back as they were', async () => {
  const { db, root } = await decided({ '1.png': 1, '2.png': 2, '3.png': 3 })
  expect(previewRemoval(db, { fieldIds: [2] })).toEqual({ files: 1, fields: 1, decisions: 1 })
  const removal = await removeFiles(db, { fieldIds: [2] }, reviewer)
  expect(textsOf(db)).toEqual(without2)
  expect(readRows(db, [2])).toEqual([])
  expect(readCounts(db)).toMatchObject({ total: 2, corrected: 2, undecided: 0, failed: 0 })
  expect((await overview(db)).status.reduce((sum, { count }) => sum + count, 0)).toBe(2)
  for (const status of ['undecided', 'failed', 'decided', 'all'] as const)
    expect(queueIds(db, { filter: { status }, order: 'confidence' })).not.toContain(2)
  expect(() => say(db, 2, 'OTHER')).toThrow(/no field/)
  expect(existsSync(join(root, '2.png'))).toBe(true)
  expect(listRemovals(db, 9)).toMatchObject([
    { id: removal, reviewer, run: null, files: 1, example: '2.png', decisions: 1 }
  ])
  expect(await bringBack(db, removal)).toBe(1)
  expect(textsOf(db)).toEqual(whole)
  expect(listRemovals(db, 9)).toEqual([])
  await expect(bringBack(db, removal)).rejects.toMatchObject({ code: 'not-found' })
})

test('imported again they come back by their content, at their place or another, as said before', async () => {
  const { db, root } = await decided({ '1.png': 1, '2.png': 2, '3.png': 3 })
  await removeFiles(db, { fieldIds: [2] }, reviewer)
  expect(await previewImport(db, { paths: [root] })).toMatchObject({
    same: 2,
    added: 1,
    moved: 0,
    gone: 0,
    decidedBack: 1
  })
  expect(await importInto(db, [root])).toMatchObject({ added: 1, moved: 0, unchanged: 2 })
  expect(textsOf(db)).toEqual(whole)
  await removeFiles(db, { fieldIds: [2] }, reviewer)
  renameSync(join(root, '2.png'), join(root, '4.png'))
  await importInto(db, [root])
  expect(textsOf(db)).toEqual([...without2, '4.png B corrected'])
})

test('where another file has the place meanwhile, what comes back is kept beside it', async () => {
  const { db, root } = await decided({ '1.png': 1, '2.png': 2 })
  const removal = await removeFiles(db, { fieldIds: [2] }, reviewer)
  await put(root, '2.png', 9)
  await importInto(db, [root])
  expect(textsOf(db)).toEqual(['1.png A corrected', '2.png null undecided'])
  await bringBack(db, removal)
  expect(textsOf(db).toSorted()).toEqual(['1.png A corrected', '2.png B corrected', '2.png null undecided'])
})

test('an act before it is still undone, and that is what comes back', async () => {
  const { db } = await decided({ '1.png': 1 })
  say(db, 1, 'SECOND')
  const removal = await removeFiles(db, { fieldIds: [1] }, reviewer)
  undo(db, reviewer)
  expect(textsOf(db)).toEqual([])
  await bringBack(db, removal)
  expect(textsOf(db)).toEqual(['1.png A corrected'])
})

test('an import is undone as a whole, and other imports stay', async () => {
  const { db } = await decided({ '1.png': 1, '2.png': 2, '3.png': 3 })
  const imports = listImports(db, 9)
  expect(imports.map(({ example, files }) => [example, files])).toEqual([
    ['3.png', 1],
    ['2.png', 1],
    ['1.png', 1]
  ])
  const removal = await removeFiles(db, { run: imports[1]!.run }, reviewer)
  expect(textsOf(db)).toEqual(without2)
  expect(listRemovals(db, 9)).toMatchObject([{ run: imports[1]!.run }])
  await expect(removeFiles(db, { run: imports[1]!.run }, reviewer)).rejects.toMatchObject({ code: 'not-found' })
  await bringBack(db, removal)
  expect(listImports(db, 9)).toEqual(imports)
})

test('pages go with their file, and come back laid on their template', async () => {
  const { db } = await projectOfPages(2)
  await register(db, fakePages())
  const [first] = idsOf(db)
  const before = textsOf(db)
  expect(previewRemoval(db, { fieldIds: [first!] })).toMatchObject({ files: 1, fields: 2 })
  const removal = await removeFiles(db, { fieldIds: [first!] }, reviewer)
  expect(idsOf(db)).toHaveLength(2)
  expect(pageCounts(db)).toMatchObject({ total: 1, matched: 1 })
  expect(pageIds(db, {})).toHaveLength(1)
  await bringBack(db, removal)
  expect(pageCounts(db)).toMatchObject({ total: 2, matched: 2 })
  expect(textsOf(db)).toEqual(before)
})
