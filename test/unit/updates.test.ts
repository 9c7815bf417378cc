/** A newer Nomina, by the real electron-updater and a feed on this machine; of Electron there is only what it says of itself. */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, request, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import electronUpdater from 'electron-updater'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createEventBus } from '../../src/core/app'
import { Preferences } from '../../src/core/app/preferences'
import { Updates } from '../../src/core/app/updates'
import { createUpdater, howInstalled } from '../../src/main/updates'
import type { UpdateState } from '../../src/shared/contract/updates'

vi.mock('electron', () => ({ app: { isPackaged: true } }))

// Electron's way to the network is not here: electron-updater's own class does the rest, with Node's.
const { ElectronHttpExecutor } = createRequire(import.meta.url)('electron-updater/out/electronHttpExecutor') as {
  ElectronHttpExecutor: new () => object
}
class NodeExecutor extends ElectronHttpExecutor {
  createRequest = request
  addRedirectHandlers = (): void => {}
}

const list = `/nomina/latest-linux${process.arch === 'x64' ? '' : `-${process.arch}`}.yml`
const packed = Buffer.alloc(300_000, 'a newer Nomina\n')
const sha512 = (bytes: Buffer): string => createHash('sha512').update(bytes).digest('base64')
const listOf = (version: string, hash = sha512(packed)): string =>
  `version: ${version}
files:
  - url: Nomina-${version}.AppImage
    sha512: ${hash}
    size: ${packed.length}
  - url: nomina_${version}_amd64.deb
    sha512: ${hash}
    size: 77
path: Nomina-${version}.AppImage
sha512: ${hash}
releaseDate: '2026-11-27T00:00:00.000Z'
`

let folder: string
let server: Server
let feed: string
let served: Record<string, string | Buffer>
/** Replies that wait for the test. */
let held: ServerResponse[]
let asked: { path: string; headers: IncomingHttpHeaders }[]
let updates: Updates
let steps: UpdateState['step'][]

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'nomina-updates-'))
  asked = []
  held = []
  served = {}
  server = createServer((incoming, reply) => {
    const { pathname } = new URL(incoming.url!, 'http://feed')
    asked.push({ path: pathname, headers: incoming.headers })
    const body = served[pathname]
    if (body === 'held') return void held.push(reply)
    if (body === 'cut') return void incoming.socket.destroy()
    if (body === undefined) return void reply.writeHead(404).end()
    reply.writeHead(200, { 'content-length': body.length }).end(body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  feed = `http://127.0.0.1:${(server.address() as AddressInfo).port}/nomina`
  const program = join(folder, 'Nomina-0.1.0.AppImage')
  writeFileSync(program, 'this Nomina')
  vi.stubEnv('APPIMAGE', program)
  vi.stubEnv('XDG_CACHE_HOME', join(folder, 'cache'))

  const events = createEventBus<'updates.changed'>()
  steps = []
  events.on('updates.changed', ({ step }) => void steps.push(step))
  updates = new Updates({
    options: { version: '0.1.0' },
    preferences: new Preferences(folder),
    events: events as never
  })
  updates.updater = createUpdater(howInstalled({ packaged: true, platform: 'linux', resources: folder }), {
    folder,
    quit: (install) => install((why) => void steps.push({ at: 'idle', why } as never)),
    load: realUpdater
  })
})
afterEach(async () => {
  await new Promise((resolve) => server.close(resolve))
  server.closeAllConnections()
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true, force: true })
})

let loaded: InstanceType<typeof electronUpdater.AppImageUpdater>
async function realUpdater() {
  loaded = new electronUpdater.AppImageUpdater(null, {
    version: '0.1.0',
    name: 'Nomina',
    isPackaged: true,
    appUpdateConfigPath: join(folder, 'app-update.yml'),
    userDataPath: folder,
    baseCachePath: join(folder, 'cache'),
    whenReady: async () => {},
    relaunch: () => {},
    quit: () => {},
    onQuit: () => {}
  })
  Reflect.set(loaded, 'httpExecutor', new NodeExecutor())
  return loaded
}
const offer = (version: string, hash?: string): void => {
  served = { [list]: listOf(version, hash), [`/nomina/Nomina-${version}.AppImage`]: packed }
}
const reached = (at: UpdateState['step']['at']) =>
  vi.waitFor(() => expect(updates.state.step).toMatchObject({ at }), { timeout: 8000, interval: 10 })
/** A newer one is offered, looked for and found. */
async function found(hash?: string): Promise<void> {
  offer('0.2.0', hash)
  await updates.setFeed(feed)
  updates.look()
  await reached('found')
}

describe('a newer Nomina', () => {
  it('is asked for by nobody but a person', async () => {
    offer('0.2.0')
    await updates.setFeed(feed)
    expect(updates.state).toMatchObject({ unable: null, feed: { url: feed, by: 'person' }, step: { at: 'idle' } })
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(asked).toEqual([])
  })

  it('is found with its version and the size of the package of this installation, and nothing is told of who asks', async () => {
    offer('0.2.0')
    await updates.setFeed(feed)
    updates.look()
    updates.look()
    await reached('found')
    expect(updates.state.step).toEqual({ at: 'found', newer: { version: '0.2.0', bytes: packed.length } })
    expect(asked.map(({ path }) => path)).toEqual([list])
    updates.fetch()
    await reached('ready')
    expect(asked.map(({ path }) => path)).toEqual([list, '/nomina/Nomina-0.2.0.AppImage'])
    for (const { headers } of asked) {
      const { host, connection, ...told } = headers
      expect(host && connection).toBeTruthy()
      expect(told).toEqual({
        accept: '*/*',
        'accept-language': '*',
        'user-agent': 'electron-builder',
        'cache-control': 'no-cache'
      })
    }
    expect(readdirSync(folder)).not.toContain('.updaterId')
  })

  it('is looked for at the address that is set, whatever another one answers to a look that was stopped', async () => {
    served = { [list]: 'held', [list.replace('nomina', 'other')]: listOf('0.2.0') }
    await updates.setFeed(feed)
    updates.look()
    await vi.waitFor(() => expect(held).toHaveLength(1))
    updates.stop()
    await updates.setFeed(feed.replace('nomina', 'other'))
    updates.look()
    const forged = listOf('9.9.9')
    held[0]!.writeHead(200, { 'content-length': forged.length }).end(forged)
    await reached('found')
    expect(updates.state.step).toMatchObject({ newer: { version: '0.2.0' } })
  })

  it('is not fetched where that was stopped before it began', async () => {
    await found()
    updates.fetch()
    updates.stop()
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(asked.map(({ path }) => path)).toEqual([list])
    expect(updates.state.step.at).toBe('found')
  })

  it('is not there where the list names this one or an older one', async () => {
    await updates.setFeed(feed)
    for (const version of ['0.1.0', '0.0.9']) {
      offer(version)
      updates.look()
      expect(updates.state.step.at).toBe('looking')
      await reached('newest')
    }
  })

  it('is fetched with progress, takes the place of this one, and leaves its new name', async () => {
    await found()
    updates.fetch()
    await reached('ready')
    expect(steps.filter(({ at }) => at === 'fetching').length).toBeGreaterThan(0)
    vi.spyOn(loaded, 'quitAndInstall').mockImplementation(
      () =>
        void (Reflect.get(loaded, 'install') as (silent: boolean, run: boolean) => boolean).call(loaded, false, true)
    )
    updates.install()
    const now = join(folder, 'Nomina-0.2.0.AppImage')
    await vi.waitFor(() => expect(existsSync(now)).toBe(true))
    expect(readFileSync(now).equals(packed)).toBe(true)
    expect(existsSync(join(folder, 'Nomina-0.1.0.AppImage'))).toBe(false)
    expect(process.env.APPIMAGE).toBe(now)
  })

  it.each([
    ['noList', {}],
    ['badList', { [list]: '<!doctype html><title>Welcome</title>' }],
    ['badList', { [list]: '' }],
    ['badList', { [list]: 'version: [1' }],
    ['unreachable', { [list]: 'cut' }]
  ])('says why it could not be looked for: %s', async (fault, answers) => {
    served = answers
    await updates.setFeed(feed)
    updates.look()
    await reached('failed')
    expect(updates.state.step).toMatchObject({ fault, newer: null, detail: expect.stringMatching(/^[^\n]+$/) })
  })

  it('is thrown away where it is not what the list says, and can be fetched again', async () => {
    await found(sha512(Buffer.from('another one')))
    updates.fetch()
    await reached('failed')
    expect(updates.state.step).toMatchObject({ fault: 'damaged', newer: { version: '0.2.0' } })
    expect(readdirSync(join(folder, 'cache', 'nomina-updater', 'pending'))).toEqual([])
    offer('0.2.0')
    updates.look()
    await reached('found')
    updates.fetch()
    await reached('ready')
  })

  it('stays found where fetching is stopped', async () => {
    await found()
    updates.fetch()
    updates.stop()
    expect(updates.state.step.at).toBe('found')
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(updates.state.step.at).toBe('found')
  })

  it('says that it could not be installed', async () => {
    await found()
    updates.fetch()
    await reached('ready')
    vi.spyOn(loaded, 'quitAndInstall').mockImplementation(() => void loaded.emit('error', new Error('Not allowed')))
    updates.install()
    await reached('failed')
    expect(updates.state.step).toMatchObject({ fault: 'notInstalled', detail: 'Not allowed' })
  })
})

describe('where newer ones are looked for', () => {
  it.each([
    'http://updates.example/nomina',
    'ftp://updates.example',
    'file:///srv',
    'updates.example',
    'https://me:secret@updates.example'
  ])('is never %s', async (url) => {
    await expect(updates.setFeed(url)).rejects.toMatchObject({ code: 'invalid-input' })
    expect(updates.state.feed).toBeNull()
    expect(() => updates.look()).toThrow('No address is set')
  })

  it('is what the package says until a person says otherwise', async () => {
    writeFileSync(
      join(folder, 'app-update.yml'),
      "provider: generic\nurl: 'https://packed.example/nomina'\nupdaterCacheDirName: nomina\n"
    )
    updates.updater = createUpdater(howInstalled({ packaged: true, platform: 'linux', resources: folder }), {
      folder,
      quit: () => {},
      load: realUpdater
    })
    expect(updates.state.feed).toEqual({ url: 'https://packed.example/nomina', by: 'package' })
    await updates.setFeed(feed)
    expect(updates.state.feed).toEqual({ url: feed, by: 'person' })
    await updates.setFeed(null)
    expect(updates.state.feed?.by).toBe('package')
  })
})

describe('how Nomina was installed', () => {
  const environment = { APPIMAGE: '/home/ada/Nomina.AppImage' }
  it.each([
    [{ packaged: false, platform: 'linux', environment }, 'source', 'AppImage'],
    [{ packaged: true, platform: 'linux', environment }, null, 'AppImage'],
    [{ packaged: true, platform: 'linux', environment: {} }, 'folder', ''],
    [{ packaged: true, platform: 'darwin' }, null, 'zip'],
    [{ packaged: true, platform: 'win32' }, 'machine', '']
  ] as const)('%o', (given, unable, extension) =>
    expect(howInstalled({ resources: folder, program: join(folder, 'Nomina.exe'), ...given })).toEqual({
      unable,
      extension,
      packed: null
    })
  )

  it('is told by what its package left beside it', () => {
    writeFileSync(join(folder, 'Uninstall Nomina.exe'), '')
    expect(howInstalled({ platform: 'win32', resources: folder, program: join(folder, 'Nomina.exe') }).extension).toBe(
      'exe'
    )
    mkdirSync(join(folder, 'deb'))
    writeFileSync(join(folder, 'deb', 'package-type'), 'deb\n')
    expect(howInstalled({ platform: 'linux', resources: join(folder, 'deb'), environment: {} })).toMatchObject({
      unable: null,
      extension: 'deb'
    })
  })

  it('is with a browser, where no shell can do it', () => {
    updates.updater = null
    expect(updates.state.unable).toBe('browser')
    expect(() => updates.look()).toThrow('does not fetch newer ones')
  })
})
