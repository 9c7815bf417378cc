/** Which ink a row of a table of decisions is about: where that is not certain, it is refused. */
import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { decideFromTable } from '../../src/core/review'
import type { Database } from '../../src/core/store'
import { decided, put } from '../fixtures/decided'
import { folder, importInto, newProject } from '../fixtures/scans'

async function take(db: Database, table: string | Buffer, encoding?: string): Promise<string[]> {
  const path = join(folder(), 'table.csv')
  writeFileSync(path, table)
  const outcomes: string[] = []
  for await (const { outcome, reason } of decideFromTable(db, path, { reviewer: 'Script', encoding }))
    outcomes.push(reason ? `${outcome}: ${reason}` : outcome)
  return outcomes
}

const labels = (db: Database): string[] =>
  db
    .prepare<[], string>(
      `SELECT s.path || ' ' || f.text FROM fields f JOIN sources s ON s.id = f.source_id WHERE f.decision_id IS NOT NULL ORDER BY f.id`
    )
    .pluck()
    .all()

async function imported(shades: Record<string, number>, root = folder()): Promise<{ db: Database; root: string }> {
  const db = newProject()
  for (const [name, shade] of Object.entries(shades)) await put(root, name, shade)
  await importInto(db, [root])
  return { db, root }
}

test('a file that shows something else than was imported: nobody knows which of the two is meant', async () => {
  const { db, root } = await imported({ 'a.png': 1 })
  mkdirSync(join(root, 'box 1'))
  renameSync(join(root, 'a.png'), join(root, 'box 1/a.png'))
  await put(root, 'a.png', 9)
  expect(await take(db, 'file,text\na.png,ONE\n')).toEqual([expect.stringMatching(/^refused: .*changed since/)])
  await importInto(db, [root])
  expect(await take(db, 'file,text\na.png,ONE\n')).toEqual(['decided'])
  expect(labels(db)).toEqual(['a.png ONE'])
})

test('a name that another file had before is the one that has it now', async () => {
  const { db, root } = await decided({ 'a.png': 1, 'b.png': 2 })
  renameSync(join(root, 'b.png'), join(root, 'a.png'))
  await importInto(db, [root])
  expect(await take(db, 'file,text\na.png,B\nb.png,B\n')).toEqual(['decided', expect.stringMatching(/no such field/)])
})

test('an encoding that is not certain is refused until it is said, and a text that was cut off by a comma is', async () => {
  const { db } = await imported({ 'a.png': 1 })
  const rene = Buffer.from([...Buffer.from('file,text\na.png,REN'), 0x90, 0x8f, 0x81])
  await expect(take(db, rene)).rejects.toThrow(/Say which/)
  expect(labels(db)).toEqual([])
  expect(await take(db, 'file,text\na.png,DE, LA TOUR\n')).toEqual([
    expect.stringMatching(/more cells than the header/)
  ])
  expect(await take(db, 'file,text\na.png,RENE,,\n')).toEqual(['decided'])
})

test('where several folders hold one name, files are meant as an export names them', async () => {
  const [above, beside] = [folder(), folder()]
  const [first, second] = [join(above, 's'), join(beside, 'b')]
  const { db } = await imported({ 'a.png': 1, 'b/a.png': 2, 'c.png': 3 }, first)
  for (const [name, shade] of [
    ['a.png', 4],
    ['c.png', 5]
  ] as const)
    await put(second, name, shade)
  await importInto(db, [second])
  const several = expect.stringMatching(/Several imported folders/)
  // `b/a.png` may be `a.png` of the folder `b`, or lie in the folder `s`.
  expect(await take(db, 'file,text\ns/a.png,SA\nb/a.png,?\ns/b/a.png,SBA\nb/c.png,BC\nc.png,?\n')).toEqual([
    'decided',
    several,
    'decided',
    'decided',
    several
  ])
  expect(labels(db)).toEqual(['a.png SA', 'b/a.png SBA', 'c.png BC'])
})
