/** Several folders of one project: which file of which folder a label is of. */
import { mkdirSync, readFileSync, renameSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { writeExport } from '../../src/core/export'
import { applyRelink, inspectLabels } from '../../src/core/ingest'
import type { Database } from '../../src/core/store'
import { decided, put, say } from '../fixtures/decided'
import { fieldsOf, folder, importInto, newProject } from '../fixtures/scans'
import { plainExport } from '../fixtures/plain-export'

async function exported(db: Database): Promise<string> {
  const out = join(folder(), 'labels.csv')
  await writeExport(db, {
    out,
    format: 'training',
    rows: 'decided',
    ...plainExport,
    overwrite: true
  })
  return out
}
const rowsOf = (out: string): string[] => readFileSync(out, 'utf8').trim().split('\n').slice(1)

test('two folders of one name: what is exported of both labels the right files of one alone', async () => {
  const [first, second] = [join(folder(), 'lot'), join(folder(), 'lot')]
  for (const [at, name, shade] of [
    [first, '1.png', 1],
    [first, '2.png', 2],
    [second, '1.png', 3],
    [second, '2.png', 4]
  ] as const)
    await put(at, name, shade)
  const db = newProject()
  await importInto(db, [first])
  await importInto(db, [second])
  for (const [id, text] of ['FIRST 1', 'FIRST 2', 'SECOND 1'].entries()) say(db, id + 1, text)
  const path = await exported(db)
  const alone = newProject()
  const { chosen } = await inspectLabels({ path, paths: [second] })
  await importInto(alone, [second], chosen)
  expect(fieldsOf(alone).map(({ file, imported }) => [file, imported])).toEqual([
    ['1.png', 'SECOND 1'],
    ['2.png', null]
  ])
})

test('files that changed places between two folders keep what was decided, though only one of them is imported', async () => {
  const root = folder()
  const inner = join(root, 'in')
  await put(inner, '1.png', 1)
  await put(root, '1.png', 2)
  const db = newProject()
  await importInto(db, [inner])
  await importInto(db, [root])
  say(db, 1, 'IN')
  say(db, 2, 'OUT')
  mkdirSync(join(root, 'aside'))
  renameSync(join(inner, '1.png'), join(root, 'aside/1.png'))
  renameSync(join(root, '1.png'), join(inner, '1.png'))
  renameSync(join(root, 'aside/1.png'), join(root, '1.png'))
  await importInto(db, [inner])
  await importInto(db, [root])
  expect(rowsOf(await exported(db)).map((row) => row.replace(/^nomina-scans-[^/]*\//, ''))).toEqual(
    expect.arrayContaining(['1.png,IN', 'in/1.png,OUT'])
  )
})

test('a file that was found again elsewhere and is then written to is not exported, whatever its size and time say', async () => {
  const { db, root } = await decided({ '1.png': 1, '2.png': 2 })
  renameSync(join(root, '2.png'), join(root, 'second.png'))
  await importInto(db, [root])
  renameSync(root, `${root}-moved`)
  await applyRelink(db, root, `${root}-moved`)
  for (const name of ['1.png', 'second.png']) {
    const path = join(`${root}-moved`, name)
    const { atimeMs, mtimeMs } = statSync(path)
    writeFileSync(path, readFileSync(path).fill(0, 40, 44))
    utimesSync(path, atimeMs / 1000, mtimeMs / 1000)
  }
  const rows = rowsOf(await exported(db))
  renameSync(`${root}-moved`, root)
  expect(rows).toEqual([])
})
