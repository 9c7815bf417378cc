/** An import that was cut off by an orderly quit goes on by itself at the next start, until its folder is done. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { expect, test } from 'vitest'
import type { Project } from '../../src/core'
import { startImport } from '../../src/core/ingest/job'
import { readCounts } from '../../src/core/store'
import { createTestCore } from '../contract/core'
import { folder, picture } from '../fixtures/scans'

const files = 300

async function scans(): Promise<string> {
  const root = folder()
  for (let index = 0; index < files; index++)
    writeFileSync(
      join(root, `${index}.png`),
      await picture(40 + index, 20 + (index % 7))
        .png()
        .toBuffer()
    )
  return root
}

const statuses = ({ db }: Project): unknown[] =>
  db.prepare(`SELECT status FROM runs WHERE kind = 'import' ORDER BY id`).pluck().all()

test('an import that was quit goes on until the folder is done, once', async () => {
  const home = folder()
  const path = join(folder(), 'project')
  const root = await scans()

  const first = await createTestCore(home, 'browser')
  const cut = await first.open(path, { create: true })
  startImport(cut, { paths: [root], labels: null, recognise: false })
  while (readCounts(cut.db).total === 0) await setImmediate()
  await first.close()

  const second = await createTestCore(home, 'browser')
  const project = await second.open(path)
  expect(readCounts(project.db).total).toBeLessThan(files)
  expect(statuses(project)).toEqual(['interrupted'])
  await second.open(path, { goOn: true })
  const job = project.jobs.running('import')!
  await job.finished
  expect(job.progress()).toMatchObject({ status: 'done', done: files, total: files })
  expect(readCounts(project.db).total).toBe(files)
  await second.close()

  const third = await createTestCore(home, 'browser')
  const again = await third.open(path, { goOn: true })
  expect(again.jobs.running('import')).toBeUndefined()
  expect(statuses(again)).toEqual(['interrupted', 'done'])
  await third.close()
})
