/** A decision is stored on the ink that was shown: where the scan or the box behind a field has changed since, it is not. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { groupIds, groupMembers } from '../../src/core/names'
import type { Project } from '../../src/core/project'
import { decide, decideInTurn, queueIds, readRow, readRows } from '../../src/core/review'
import { only } from '../../src/core/review/decide'
import { takeIn } from '../../src/core/review/take-in'
import type { Database } from '../../src/core/store'
import { lastInk } from '../../src/core/store/ink'
import { put } from '../fixtures/decided'
import { fakePages, matched, projectOfPages, register } from '../fixtures/pages'
import { folder, importInto, newProject, picture } from '../fixtures/scans'

const reviewer = 'Ada'
const say = (text: string) => ({ kind: 'corrected', text, reviewer }) as const
const otherInk = expect.objectContaining({ code: 'other-ink', message: expect.stringMatching(/Look at it again/) })

const cutAgain = (db: Database) => db.exec(`UPDATE pages SET status = 'pending'`)

async function pictures(shades: number[]): Promise<{ db: Database; root: string; ids: number[] }> {
  const root = folder()
  const db = newProject()
  for (const [index, shade] of shades.entries()) await put(root, `${index + 1}.png`, shade)
  await importInto(db, [root])
  return { db, root, ids: queueIds(db, { filter: {}, order: 'file' }) }
}

test('another scan under the name: the decision is refused, and stored once the new one was shown', async () => {
  const { db, root, ids } = await pictures([1, 2])
  const [before] = readRows(db, ids)
  await put(root, '1.png', 9)
  await importInto(db, [root])
  const decision = { ids: [ids[0]!], ...say('OLD INK'), seen: before!.decidedAt }
  expect(() => decide(db, { ...decision, ink: before!.ink })).toThrow(otherInk)
  expect(readRow(db, ids[0]!).status).toBe('undecided')
  expect(decide(db, { ...decision, ink: readRow(db, ids[0]!).ink }).changed).toBe(1)
})

test('scans that swapped names, or are stored in another way, show what they showed', async () => {
  const { db, root, ids } = await pictures([1, 2, 3])
  const before = readRows(db, ids)
  await put(root, '1.png', 2)
  await put(root, '2.png', 1)
  writeFileSync(join(root, '3.png'), await picture(3).png({ compressionLevel: 1 }).toBuffer())
  await importInto(db, [root])
  for (const { id, ink } of before) expect(decide(db, { ids: [id], ...say('X'), ink }).changed).toBe(1)
})

test('of several, those that show other ink are left and counted, listed or shown one by one', async () => {
  const { db, root, ids } = await pictures([1, 2, 3])
  const listed = lastInk(db)
  const shown = readRows(db, ids).map(({ ink }) => ink)
  await put(root, '2.png', 9)
  await importInto(db, [root])
  const texts = () => readRows(db, ids).map(({ text }) => text)
  expect(await decideInTurn(db, { ids, ...say('A'), ink: listed })).toMatchObject({ changed: 2, left: 1 })
  expect(texts()).toEqual(['A', null, 'A'])
  expect(decide(db, { ids, ...say('B'), ink: shown })).toMatchObject({ changed: 2, left: 1 })
  expect(decide(db, { ids, ...say('C'), ink: [shown[0]!, null, shown[2]!] })).toMatchObject({ changed: 3, left: 0 })
  expect(texts()).toEqual(['C', 'C', 'C'])
})

test('a box that a template or a person moved: refused; a page cut again where it lay is the same ink', async () => {
  const { db } = await projectOfPages(1)
  await register(db, fakePages())
  const [first, second] = queueIds(db, { filter: {}, order: 'file' }) as [number, number]
  const { ink } = readRow(db, first)
  cutAgain(db)
  await register(db, fakePages())
  expect(decide(db, { ids: [first], ...say('SAME'), ink }).changed).toBe(1)
  cutAgain(db)
  await register(
    db,
    fakePages((job) => matched(job, 30))
  )
  expect(() => decide(db, { ids: [second], ...say('MOVED'), ink })).toThrow(otherInk)
  expect(decide(db, { ids: [second], ...say('MOVED'), ink: readRow(db, second).ink }).changed).toBe(1)
})

test('a group by name says as of when its fields are listed', async () => {
  const { db, root, ids } = await pictures([1, 2])
  decide(db, { ids, ...say('ANNA') })
  const [group] = groupIds(db, { shown: 'all', order: 'size' })
  const members = groupMembers(db, { id: group!, shown: 'all' })
  await put(root, '2.png', 9)
  await importInto(db, [root])
  expect(decide(db, { ids: members.ids, ...say('ANNE'), ink: members.ink })).toMatchObject({ changed: 1, left: 1 })
})

test('what waited in a window is not stored on other ink', async () => {
  const { db, root, ids } = await pictures([1, 2, 3])
  const shown = readRows(db, ids).map(({ ink }) => ink)
  await put(root, '2.png', 9)
  await importInto(db, [root])
  const project = { db, path: '/p', id: 'id', team: null, signal: new AbortController().signal, tellFields: () => {} }
  const step = (input: object, at: number) =>
    ({ kind: 'decide', input, request: `r${at}`, project: '/p', at: Date.now() + at }) as never
  const steps = await takeIn(
    project as unknown as Project,
    {
      format: 'nomina-waiting',
      operations: [
        step({ ids: [ids[1]], kind: 'corrected', text: 'WAITED', ink: shown[1] }, 1),
        step({ ids, kind: 'blank', ink: shown }, 2)
      ]
    },
    reviewer
  )
  expect(steps).toMatchObject([
    { outcome: 'refused', reason: expect.stringMatching(/shows something else/) },
    { outcome: 'refused', reason: expect.stringMatching(/^1 of 3 fields/) }
  ])
  expect(readRows(db, ids).map(({ status }) => status)).toEqual(['blank', 'undecided', 'blank'])
})

test('what was seen of some of the fields stays with them', () => {
  const request = { ids: [1, 2, 3], seen: ['a', 'b', null], ink: [4, null, 6] }
  expect(only(request, [2, 3])).toEqual({ ids: [2, 3], seen: ['b', null], ink: [null, 6] })
  expect(only({ ids: [1, 2], seen: null, ink: 7 }, [2])).toEqual({ ids: [2], seen: null, ink: 7 })
})
