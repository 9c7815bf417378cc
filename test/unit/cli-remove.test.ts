/** Files out of a project and back, by the command line. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { writeBars } from '../fixtures/bars'
import { createCommandLine } from '../fixtures/cli'

const line = await createCommandLine()
const inWork = (...parts: string[]): string => join(line.folder, ...parts)
afterAll(() => line.remove())

async function run<T>(...given: string[]): Promise<T> {
  const ran = await line.run(...given, '--json')
  expect(ran.code, ran.stderr).toBe(0)
  return ran.json<T>()
}

test('a file, all in a folder, and what is not there; by their number they come back', async () => {
  const files = ['1.png', 'box/2.png', 'box/3.png', 'box-2/4.png']
  for (const folder of ['box', 'box-2']) mkdirSync(inWork('scans', folder), { recursive: true })
  for (const file of files) await writeBars(inWork('scans', file), 'AB')
  await run('import', inWork('p'), inWork('scans'))
  expect(await run('remove', inWork('p'), '1.png', '--dry-run')).toMatchObject({ files: 1, fields: 1 })
  expect(await run('remove', inWork('p'), '1.png', 'box/')).toMatchObject({ removal: 1, files: 3, fields: 3 })
  expect(await run('status', inWork('p'))).toMatchObject({ counts: { total: 1 } })
  const again = await line.run('remove', inWork('p'), '1.png', '--json')
  expect(again.json()).toMatchObject({
    error: { code: 'not-found', message: expect.stringContaining('1.png') as string }
  })
  expect(await run('bring-back', inWork('p'), '1')).toMatchObject({ files: 3 })
  expect(await run('status', inWork('p'))).toMatchObject({ counts: { total: 4 } })
})
