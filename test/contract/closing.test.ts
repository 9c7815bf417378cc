/** A project is closed while it does everything at once: each call is answered, and none with `internal`. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Core } from '../../src/core'
import { closeStore } from '../../src/core/store'
import { endpoints, type EndpointName } from '../../src/shared/contract'
import { makeProject } from '../fixtures/big-project'
import { createTestCore, writeImages } from './core'
import { calls, type Scene } from './endpoints'

const temporary = mkdtempSync(join(tmpdir(), 'nomina-closing-'))
const ofProjects = (Object.keys(calls) as EndpointName[]).filter((name) => endpoints[name].of === 'project')
let core: Core
let images: string
let labels: string

beforeAll(async () => {
  core = await createTestCore(join(temporary, 'home'), 'browser')
  images = join(temporary, 'scans')
  labels = (await writeImages(images)).labels
})
afterAll(async () => {
  await core?.close()
  rmSync(temporary, { recursive: true, force: true })
})

it.each([0, 1, 3, 10, 30, 100])('%i turns after it was asked for everything', async (turns) => {
  const path = join(temporary, `closed after ${turns}`)
  closeStore(makeProject(path, { fields: 2000, decided: 500 }))
  const window = core.window()
  await window.open(path)
  const exported = join(temporary, `${turns}.csv`)
  const scene: Scene = { project: path, images, labels, exported, fieldIds: [3, 4, 5], runId: 1 }
  const asked = ofProjects.map(async (name) => ({ name, reply: await window.call(name, calls[name].input(scene)) }))
  for (let turn = 0; turn < turns; turn++) await setImmediate()
  await window.close()
  for (const { name, reply } of await Promise.all(asked))
    if (!reply.ok) expect(reply.error.code, `${name}: ${reply.error.message}`).not.toBe('internal')
})
