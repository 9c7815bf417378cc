/** Crops and thumbnails that a killed process was writing: the next start takes them away, and only them. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { closeStore } from '../../src/core/store'
import { writeCropFile, writeThumbnailFile } from '../../src/reading/images'
import { createTestCore } from '../contract/core'
import { makeProject } from '../fixtures/big-project'
import { temporaryFolder } from '../fixtures/small-project'

test('a project that is opened has no file of a dead process left among its crops', async () => {
  const folder = temporaryFolder()
  closeStore(makeProject(folder, { fields: 1 }))
  const making = join(folder, 'crops', 'making')
  mkdirSync(making, { recursive: true })
  const { pid } = spawnSync(process.execPath, ['-e', ''])
  const [dead, alive] = [pid, process.ppid].map((maker) => join(making, `a-1.jpg.${maker}-0a1b2c3d.tmp`)) as [
    string,
    string
  ]
  for (const path of [dead, alive]) writeFileSync(path, 'half')
  const core = await createTestCore(temporaryFolder(), 'browser')
  onTestFinished(() => core.close())
  await core.open(folder)
  expect([existsSync(dead), existsSync(alive)]).toEqual([false, true])
})

test('what is being made is in that folder, and nothing is left there', async () => {
  const folder = join(temporaryFolder(), 'crops')
  const sha256 = await writeCropFile(folder, Buffer.from('a crop'))
  await writeThumbnailFile(folder, sha256, 1, Buffer.from('a thumbnail'))
  expect(readdirSync(folder).sort()).toEqual([sha256.slice(0, 2), 'making', 'pages'].sort())
  expect(readdirSync(join(folder, 'making'))).toEqual([])
})
