import { EventEmitter } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { channels, pageUrl } from '../../src/shared/wire'
import { createFakeElectron } from './electronFake'

let folder: string
let electron: ReturnType<typeof createFakeElectron>
const processListeners = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nomina-main-'))
  vi.stubEnv('NOMINA_HOME', folder)
  vi.spyOn(console, 'log').mockImplementation(() => {})
  vi.resetModules()
})
afterEach(async () => {
  vi.unstubAllEnvs()
  vi.doUnmock('electron')
  vi.restoreAllMocks()
  for (const signal of processListeners) process.removeAllListeners(signal)
  await rm(folder, { recursive: true, force: true })
})

async function startMain(options = { firstInstance: true }): Promise<void> {
  electron = createFakeElectron(options)
  vi.doMock('electron', () => electron.module)
  await import('../../src/main')
}
const opened = (): Promise<void> =>
  vi.waitFor(() => expect(electron.errors.concat(electron.windows[0]?.url ?? '')).toEqual([pageUrl]))

it('opens one window that is shut off from Node and from other pages', async () => {
  await startMain()
  await opened()
  const { webPreferences } = electron.windows[0]!.options
  expect(webPreferences).toMatchObject({
    contextIsolation: true,
    sandbox: true,
    nodeIntegration: false,
    webviewTag: false,
    preload: expect.stringMatching(/out.preload.index\.cjs$/)
  })
  expect(electron.schemesGiven).toMatchObject([{ scheme: 'nomina', privileges: { standard: true, secure: true } }])
  expect([...electron.handlers.keys()].sort()).toEqual([channels.call, channels.host, 'nomina'].sort())
  await quit()
})

it('lets no page lead elsewhere, open a window or ask for a permission', async () => {
  await startMain()
  await opened()
  let openHandler = (): unknown => null
  const contents = Object.assign(new EventEmitter(), {
    setWindowOpenHandler: (handler: typeof openHandler) => (openHandler = handler)
  })
  electron.app.emit('web-contents-created', {}, contents)
  expect(openHandler()).toEqual({ action: 'deny' })
  for (const [name, url] of [
    ['will-frame-navigate', 'https://evil.example/'],
    ['will-frame-navigate', 'file:///etc/passwd'],
    ['will-redirect', pageUrl],
    ['will-attach-webview', pageUrl]
  ]) {
    const event = { url, isMainFrame: true, preventDefault: vi.fn() }
    contents.emit(name!, event)
    expect(event.preventDefault, name).toHaveBeenCalledOnce()
  }
  const answer = vi.fn()
  electron.permissions.request!({}, 'geolocation', answer)
  expect(answer).toHaveBeenCalledWith(false)
  expect(electron.permissions.check!({}, 'media')).toBe(false)
  expect(electron.permissions.check!({}, 'clipboard-read')).toBe(false)
  expect(electron.permissions.check!({}, 'clipboard-sanitized-write')).toBe(true)
  await quit()
})

it('sends the menu’s commands and the core’s events to the window', async () => {
  await startMain()
  await opened()
  const items = electron.menus[0]!.flatMap(({ submenu }) => (Array.isArray(submenu) ? submenu : []))
  for (const item of items) item.click?.()
  const [window] = electron.windows
  expect(window!.sent.map(({ payload }) => payload)).toEqual(['new-from-folder', 'open-project', 'export'])
  expect(new Set(window!.sent.map(({ channel }) => channel))).toEqual(new Set([channels.command]))
  await quit()
})

it('shows its window where it is started again, and remembers its place', async () => {
  await startMain()
  await opened()
  const [window] = electron.windows
  window!.restored = false
  electron.app.emit('second-instance', {}, [], folder, { project: null })
  expect([electron.windows.length, window!.restored]).toEqual([1, true])
  window!.emit('close')
  expect(existsSync(join(folder, 'window.json'))).toBe(true)
  await quit()
})

it('ends at once where another one is open', async () => {
  await startMain({ firstInstance: false })
  expect(electron.app.quitAsked).toBe(true)
  expect(electron.windows).toEqual([])
})

async function quit(): Promise<void> {
  const event = { preventDefault: vi.fn() }
  electron.app.emit('will-quit', event)
  expect(event.preventDefault).toHaveBeenCalled() // until the core is closed
  await vi.waitFor(() => expect(electron.app.ended).toBe(0))
}
