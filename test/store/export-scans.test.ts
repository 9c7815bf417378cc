/** What an export does with what changed, or is gone, since it was decided on. */
import { readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { previewExport, writeExport, type OnScans } from '../../src/core/export'
import type { Database } from '../../src/core/store'
import type { ExportOptions } from '../../src/shared/domain'
import { decided, put, say } from '../fixtures/decided'
import { folder, importWithLabels, newProject } from '../fixtures/scans'
import { plainExport } from '../fixtures/plain-export'

describe('an export', () => {
  const options = (out: string, more: Partial<ExportOptions> = {}): ExportOptions => ({
    out: join(out, 'labels.csv'),
    format: 'training',
    rows: 'decided',
    ...plainExport,
    overwrite: true,
    ...more
  })
  const written = async (db: Database, more: Partial<ExportOptions> = {}) => {
    const out = folder()
    let found: OnScans = { stale: [], notes: [] }
    const { rows } = await writeExport(db, options(out, more), { onScans: (scans) => (found = scans) })
    const names = readFileSync(join(out, 'labels.csv'), 'utf8').trim().split('\n').slice(1)
    return { rows, ...found, names }
  }

  test('leaves out what is gone from a folder that is there, or has changed, unless it is asked for', async () => {
    const { db, root } = await decided({ '1.png': 1, '2.png': 2, '3.png': 3, '4.png': 4 })
    rmSync(join(root, '1.png'))
    await put(root, '2.png', 9)
    // Only touched; and other bytes of the same size and time.
    utimesSync(join(root, '3.png'), 1, 1)
    const last = join(root, '4.png')
    const { atimeMs, mtimeMs } = statSync(last)
    writeFileSync(last, readFileSync(last).fill(0, 40, 44))
    utimesSync(last, atimeMs / 1000, mtimeMs / 1000)
    const left = await written(db)
    expect(left.names).toEqual(['3.png,C'])
    expect(left.stale).toEqual([
      { reason: 'Its file is gone from its folder', count: 1 },
      { reason: 'Its file has changed since: import its folder again', count: 2 }
    ])
    expect((await previewExport(db, options(root))).omitted).toEqual(left.stale)
    expect((await written(db, { stale: true })).rows).toBe(4)
  })

  test('gives other ink under a name neither the label that was imported for it nor what was read before', async () => {
    const root = folder()
    const db = newProject()
    for (const shade of [1, 2, 3]) await put(root, `${shade}.png`, shade)
    await importWithLabels(db, root, 'FILENAME,IDENTITY\n1.png,ONE\n2.png,TWO\n3.png,THREE\n')
    await put(root, '1.png', 9)
    rmSync(join(root, '2.png'))
    const { names, stale } = await written(db, { rows: 'all' })
    expect(names).toEqual(['3.png,THREE'])
    expect(stale.map(({ count }) => count)).toEqual([1, 1])
    expect((await written(db, { rows: 'all', stale: true })).rows).toBe(3)
  })

  test('speaks for a folder that is out of reach, and says that its scans were not looked at', async () => {
    const { db, root } = await decided({ '1.png': 1 })
    renameSync(root, `${root}-unplugged`)
    const { names, notes } = await written(db)
    renameSync(`${root}-unplugged`, root)
    expect(names).toEqual(['1.png,A'])
    expect(notes).toEqual([expect.stringMatching(/out of reach.*not looked at/)])
  })

  test('leaves out what is doubtful', async () => {
    const { db } = await decided({ '1.png': 1 })
    db.exec('INSERT INTO doubts (decision_id) VALUES (1)')
    expect((await written(db)).stale).toMatchObject([{ count: 1 }])
    say(db, 1, 'A')
    expect((await written(db)).rows).toBe(1)
  })
})
