/** What goes into a package: a fault in it is found without Electron's binary. */
import { describe, expect, it } from 'vitest'
import { check, checkConfiguration, checkUpdates } from '../../packaging/check.mjs'
import { configuration, fuses } from '../../packaging/config.mjs'
import { licences } from '../../packaging/licences.mjs'
import { inRoot } from '../../scripts/lib/root.mjs'
import { readSettings } from '../../src/core/app/installation'
import { outsideArchive } from '../../src/reading/processes'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

describe('a package', () => {
  it('is whole, as far as that can be said without Electron’s binary', () => expect(check()).toEqual([]))

  it('misses what another system would need', () =>
    expect(check({ platform: 'win32', arch: 'x64' }).join('\n')).toContain('node.exe is missing'))

  it('is found to have an unsafe fuse', () => {
    fuses.runAsNode = true
    expect(check()).toEqual(['The fuse runAsNode should be false.'])
    fuses.runAsNode = false
  })

  it('has every native part and every script of Node’s beside the archive', () => {
    const { asar, asarUnpack, files } = configuration({ platform: 'linux', arch: 'x64' })
    expect(asar).toBe(true)
    expect(asarUnpack).toEqual(expect.arrayContaining(['out/main/**', 'node_modules/**']))
    expect(files).toContain('!node_modules/onnxruntime-node/bin/napi-v*/!(linux)/**')
  })

  it('looks for updates only where a feed is set, and asks no administrator', () => {
    expect(configuration({ environment: {} }).publish).toBeNull()
    const feed = 'https://updates.example/nomina'
    expect(configuration({ environment: { NOMINA_UPDATE_FEED: feed } }).publish).toEqual({
      provider: 'generic',
      url: feed
    })
    for (const [url, faults] of [
      [feed, 0],
      ['http://updates.example/nomina', 1]
    ] as const)
      expect(checkUpdates(configuration({ environment: { NOMINA_UPDATE_FEED: url } }))).toHaveLength(faults)
    expect(configuration().nsis).toMatchObject({ perMachine: false, deleteAppDataOnUninstall: false })
  })

  it('is what electron-builder can pack, a .deb and an AppImage too', () => {
    for (const platform of ['linux', 'win32', 'darwin'] as const)
      for (const environment of [{}, { NOMINA_UPDATE_FEED: 'https://updates.example/nomina' }])
        expect(checkConfiguration(configuration({ platform, environment }))).toEqual([])
    const config = configuration()
    const linux = { ...config.linux, target: ['AppImage'], maintainer: 'Somebody', icons: 3 }
    const faults = checkConfiguration({ ...config, linux, extraMetadata: {} }).join('\n')
    for (const said of ['linux', 'needs a maintainer', 'needs a homepage', 'no deb']) expect(faults).toContain(said)
  })

  it('is found by desktops of Linux by one name, with icons that their themes know, and gives no type another icon', () => {
    const { linux, extraMetadata, mac } = configuration()
    expect(extraMetadata.desktopName).toBe(`${linux.executableName}.desktop`)
    expect(linux).toMatchObject({ syncDesktopName: true, icon: 'icons' })
    expect(readdirSync(inRoot('packaging', 'icons'))).toEqual(expect.arrayContaining(['48x48.png', '256x256.png']))
    expect(linux.mimeTypes).toEqual(expect.arrayContaining(['inode/directory', 'application/pdf']))
    expect(linux).not.toHaveProperty('fileAssociations')
    expect(mac.fileAssociations.map(({ mimeType }) => mimeType)).toEqual(linux.mimeTypes.slice(1))
  })

  it('names the licence of all that is shipped, of the page’s packages too', () => {
    const { packages, text } = licences()
    const names = packages.map(({ name }) => name)
    expect(names).toEqual(
      expect.arrayContaining(['better-sqlite3', 'onnxruntime-node', 'sharp', 'svelte', 'echarts', 'electron', 'node'])
    )
    for (const name of ['vite', 'vitest', 'electron-builder', 'playwright']) expect(names).not.toContain(name)
    expect(text).toContain('Permission is hereby granted')
  })
})

describe('the installed app', () => {
  it('finds what it brings, from the archive and, on Node, from beside it', () => {
    const resources = mkdtempSync(join(tmpdir(), 'nomina-installed-'))
    for (const archive of ['app.asar', 'app.asar.unpacked']) {
      mkdirSync(join(resources, archive, 'out', 'main', 'chunks'), { recursive: true })
      writeFileSync(join(resources, archive, 'package.json'), '{"version":"1.2.3"}')
    }
    const app = readSettings({}, join(resources, 'app.asar', 'out', 'main', 'chunks'))
    const onNode = readSettings({}, join(resources, 'app.asar.unpacked', 'out', 'main'))
    for (const settings of [app, onNode])
      expect(settings).toMatchObject({
        version: '1.2.3',
        shippedModels: join(resources, 'models'),
        samplesDir: join(resources, 'samples')
      })
    expect(app.rendererDir).toBe(join(resources, 'app.asar', 'out', 'renderer'))
    expect(onNode.rendererDir).toBe(join(resources, 'page'))
    expect(outsideArchive(app.enginePath)).toBe(onNode.enginePath)
    expect(outsideArchive(onNode.enginePath)).toBe(onNode.enginePath)
    rmSync(resources, { recursive: true })
  })
})
