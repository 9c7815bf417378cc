import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { createEngine, spawnNodeEngine } from '../../src/reading/engine'
import { barsModel, writeBars } from '../fixtures/bars'
import { engineForTests } from '../fixtures/engine'

let home = ''
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'nomina-home-'))
})
afterAll(() => {
  vi.unstubAllEnvs()
  rmSync(home, { recursive: true, force: true })
})

// Since 1.29 onnxruntime's own builds keep an identifier of the machine and a queue of events in the user's cache folder,
// and send them to Microsoft, unless they are told not to.
test('reading names leaves no statistics of use behind, and so sends none', async () => {
  for (const name of ['HOME', 'XDG_CACHE_HOME', 'XDG_DATA_HOME', 'XDG_CONFIG_HOME', 'LOCALAPPDATA'])
    vi.stubEnv(name, home)
  // On build machines onnxruntime is silent by itself.
  for (const name of ['CI', 'TF_BUILD', 'GITHUB_ACTIONS', 'ORT_DISABLE_TELEMETRY', 'ORT_RUNNING_UNIT_TESTS'])
    vi.stubEnv(name, undefined)
  const image = join(home, 'image.png')
  await writeBars(image, 'AB')
  const engine = createEngine(spawnNodeEngine(await engineForTests()))
  try {
    await engine.load(await barsModel(), 'cpu')
    const [result] = await engine.read([{ key: 1, path: image, page: 1, rotation: 0 }])
    expect(result).toMatchObject({ ok: true, text: 'AB' })
  } finally {
    await engine.stop()
  }
  expect(readdirSync(home)).toEqual(['image.png'])
})
