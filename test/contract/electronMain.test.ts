import { EventEmitter } from 'node:events'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it, vi } from 'vitest'
import { channels, pageUrl } from '../../src/shared/wire'
import { opened, quit, run, startMain, useFakeElectron } from './electronRun'

useFakeElectron()

it('opens one window that is shut off from Node and from other pages', async () => {
  const electron = await startMain()
  const window = await opened()
  const { webPreferences } = window.options
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
  const electron = await startMain()
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
  const electron = await startMain()
  const window = await opened()
  const items = electron.menus[0]!.flatMap(({ submenu }) => (Array.isArray(submenu) ? submenu : []))
  for (const item of items) item.click?.()
  expect(window.sent.map(({ payload }) => payload)).toEqual([
    'new-from-folder',
    'open-project',
    'export',
    // Not Chromium's own, which knows only of text.
    'undo',
    'redo',
    'updates'
  ])
  expect(new Set(window.sent.map(({ channel }) => channel))).toEqual(new Set([channels.command]))
  await quit()
})

it('shows its window where it is started again, and remembers its place', async () => {
  const electron = await startMain()
  const window = await opened()
  window.restored = false
  electron.app.emit('second-instance', {}, [], run.folder, { paths: [] })
  await vi.waitFor(() => expect(window.restored).toBe(true))
  expect(electron.windows).toHaveLength(1)
  window.emit('close')
  expect(existsSync(join(run.folder, 'window.json'))).toBe(true)
  await quit()
})

it('ends at once where another one is open', async () => {
  const electron = await startMain({ firstInstance: false })
  expect(electron.app.quitAsked).toBe(true)
  expect(electron.windows).toEqual([])
})
