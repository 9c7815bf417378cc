/**
 * The GPU path for real: onnxruntime's WebGPU provider, on whatever Vulkan there is, or on the software Vulkan that
 * comes with Chromium. It must read what the CPU reads.
 */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { resolve } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { loadModel } from '../../src/reading/models'
import { createEngine, spawnNodeEngine } from '../../src/reading/engine'
import { barsModel } from '../fixtures/bars'
import { engineForTests } from '../fixtures/engine'
import { readGolden } from './golden'

const software = [
  '/usr/lib/chromium/vk_swiftshader_icd.json',
  '/usr/lib/chromium-browser/vk_swiftshader_icd.json',
  '/opt/google/chrome/vk_swiftshader_icd.json'
].find((path) => existsSync(path))
const loader = spawnSync('ldconfig', ['-p'], { encoding: 'utf8' }).stdout?.includes('libvulkan.so.1')
const vulkan = loader ? (process.env['VK_ICD_FILENAMES'] ?? software) : undefined
const why =
  process.platform !== 'linux' ? 'only tried on Linux' : 'no Vulkan driver: install Debian’s chromium and libvulkan1'

const IMAGES = 4
const files = readGolden().writeImages()
afterAll(() => rm(files.folder, { recursive: true, force: true }))

describe.skipIf(process.platform !== 'linux' || !vulkan)(`WebGPU${vulkan ? '' : ` (skipped: ${why})`}`, () => {
  it('reads the same texts as the CPU', { timeout: 180_000 }, async () => {
    process.env['VK_ICD_FILENAMES'] = vulkan
    const engine = createEngine(spawnNodeEngine(await engineForTests()))
    const model = await loadModel(resolve(import.meta.dirname, '../../resources/models/names-caps.json'))
    // Spread over all kinds of images
    const step = Math.floor(files.paths.length / IMAGES)
    const items = files.paths
      .filter((_, index) => index % step === 0)
      .slice(0, IMAGES)
      .map((path, key) => ({ key, path, page: 1, rotation: 0 as const }))
    const read = async (provider: string) => {
      const loaded = await engine.load(model, provider)
      const results = await engine.read(items)
      return { loaded, texts: results.map((result) => (result.ok ? result.text : `failed: ${result.reason}`)), results }
    }
    try {
      const cpu = await read('cpu')
      const webgpu = await read('webgpu')
      expect(webgpu.loaded).toMatchObject({ provider: 'webgpu', note: null })
      expect(webgpu.loaded.providers.find(({ name }) => name === 'webgpu')).toMatchObject({ status: 'chosen' })
      expect(webgpu.texts).toEqual(cpu.texts)
      expect(cpu.results.every((result) => result.ok)).toBe(true)
      webgpu.results.forEach((result, index) => {
        const other = cpu.results[index]!
        if (result.ok && other.ok) expect(result.confidence).toBeCloseTo(other.confidence, 2)
      })
      // Nobody waits for a software adapter: by itself Nomina passes it over.
      const automatic = await engine.load(await barsModel(), null)
      const webgpuReport = automatic.providers.find(({ name }) => name === 'webgpu')!
      expect(webgpuReport.fieldsPerSecond).toBeGreaterThan(0)
      if (process.env['VK_ICD_FILENAMES'] === software) {
        expect(automatic.provider).toBe('cpu')
        expect(webgpuReport).toMatchObject({ status: 'passed over', reason: expect.stringMatching(/CPU is faster/) })
      }
    } finally {
      await engine.stop()
    }
  })
})
