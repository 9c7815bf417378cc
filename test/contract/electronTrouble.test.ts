/** What would leave a person alone with the app: each is met without Electron. */
import { join } from 'node:path'
import { expect, it, vi } from 'vitest'
import { windowEnvironment } from '../../scripts/lib/electron.mjs'
import { channels } from '../../src/shared/wire'
import { opened, quit, run, startMain, useFakeElectron } from './electronRun'

useFakeElectron()

const labels = (menus: { label?: string; submenu?: { label?: string }[] }[][]): (string | undefined)[] =>
  menus.at(-1)!.flatMap(({ label, submenu }) => [label, ...(submenu ?? []).map((item) => item.label)])

it.each([
  [false, 'for the launcher, which shows the app in the browser', 0],
  [true, 'in a box that does not block the process', 1]
])('says why the rest cannot be loaded and ends (packaged: %s): %s', async (packaged, _how, boxes) => {
  const said = vi.spyOn(console, 'error').mockImplementation(() => {})
  vi.doMock('../../src/main/desktop', () => {
    throw new Error('better_sqlite3.node: cannot open shared object file')
  })
  const electron = await startMain({ firstInstance: true, packaged })
  await vi.waitFor(() => expect(electron.app.ended).toBe(1))
  expect(said.mock.calls.flat().join()).toContain('Nomina could not start')
  expect(electron.boxes).toHaveLength(boxes)
  vi.doUnmock('../../src/main/desktop')
})

it('says an error that nobody caught once, and goes on', async () => {
  const said = vi.spyOn(console, 'error').mockImplementation(() => {})
  const electron = await startMain()
  await opened()
  const own = process.listeners('unhandledRejection').at(-1)!
  for (const reason of ['first', 'second']) own(new Error(reason), Promise.resolve())
  expect(said.mock.calls.flat().join()).toMatch(/first.*second/s)
  expect(electron.boxes.map(({ detail }) => detail)).toEqual(['first'])
  await quit()
})

it('answers a second start that came before it stood, once it does', async () => {
  const starting = startMain()
  await vi.waitFor(() => expect(run.electron.app.listenerCount('second-instance')).toBe(1))
  run.electron.app.emit('second-instance', {}, [], run.folder, { paths: [join(run.folder, 'no project')] })
  await starting
  await vi.waitFor(() =>
    expect(run.electron.boxes.map(({ message }) => message)).toContain('The project could not be opened')
  )
  await opened()
  expect(run.electron.windows).toHaveLength(1)
  await quit()
})

it('starts again where a second start came while it was ending', async () => {
  const electron = await startMain()
  await opened()
  electron.app.emit('will-quit', { preventDefault: () => {} })
  electron.app.emit('second-instance', {}, [], run.folder, { paths: [] })
  await vi.waitFor(() => expect([electron.app.relaunched, electron.app.ended]).toEqual([1, 0]))
})

it('loads the page again where its process ended, and asks where that goes on and on', async () => {
  vi.spyOn(console, 'error').mockImplementation(() => {})
  const electron = await startMain()
  const { webContents: page } = await opened()
  for (let crash = 1; crash <= 3; crash++) {
    page.emit('render-process-gone', {}, { reason: 'crashed', exitCode: 11 })
    await vi.waitFor(() => expect(page.reloaded).toBe(crash))
  }
  electron.answers.push(1)
  page.emit('render-process-gone', {}, { reason: 'oom', exitCode: 9 })
  await vi.waitFor(() => expect(electron.app.quitAsked).toBe(true))
  expect([page.reloaded, electron.boxes.length]).toEqual([3, 1])
  await quit()
})

it.each([
  ['stays where the person wants to', 0, false],
  ['closes where the person wants to', 1, true]
])('asks beside the page, without blocking, whether to lose what is not stored: %s', async (_what, answer, closes) => {
  const electron = await startMain()
  const window = await opened()
  electron.answers.push(answer)
  const first = { preventDefault: vi.fn() }
  window.emit('close')
  window.webContents.emit('will-prevent-unload', first)
  expect(first.preventDefault).not.toHaveBeenCalled() // it stays open until that is answered
  const closed = vi.spyOn(window, 'close')
  await vi.waitFor(() => expect(electron.boxes).toHaveLength(1))
  await new Promise(setImmediate)
  expect(closed.mock.calls.length > 0).toBe(closes)
  if (closes) {
    const second = { preventDefault: vi.fn() }
    window.webContents.emit('will-prevent-unload', second)
    expect(second.preventDefault).toHaveBeenCalled() // which lets the page go
  }
  await quit()
})

it('opens a window for a command of the menu where there is none, and tells it once its page listens', async () => {
  const electron = await startMain()
  const first = await opened()
  first.emit('closed')
  electron.menus.at(-1)!.find(({ label }) => label === '&File')!.submenu![0]!.click!()
  const second = electron.windows[1]!
  expect(second.sent).toEqual([])
  second.webContents.emit('did-finish-load')
  expect(second.sent).toEqual([{ channel: channels.command, payload: 'new-from-folder' }])
  await quit()
})

it('sends nothing to a page whose process has ended', async () => {
  vi.spyOn(console, 'error').mockImplementation(() => {})
  const electron = await startMain()
  const window = await opened()
  window.webContents.crashed = true
  window.webContents.emit('render-process-gone', {}, { reason: 'killed', exitCode: 9 })
  electron.menus.at(-1)![0]!.submenu![0]!.click!()
  expect(window.sent).toEqual([])
  window.webContents.crashed = false
  window.webContents.emit('did-finish-load')
  expect(window.sent).toHaveLength(1)
  await quit()
})

it('has its menu in the system’s language, else in the one that was chosen', async () => {
  const electron = await startMain({ firstInstance: true, locale: 'fr-CA' })
  const window = await opened()
  expect(labels(electron.menus)).toEqual(expect.arrayContaining(['&Fichier', 'Ouvrir…', 'Coller']))
  const answer = electron.handlers.get(channels.call) as (...parameters: unknown[]) => Promise<unknown>
  const sender = { senderFrame: { url: window.url, parent: null } }
  await answer(sender, 'app.setPreference', { key: 'language', value: 'en' })
  window.webContents.emit('did-finish-load') // the page is loaded again
  expect(labels(electron.menus)).toEqual(expect.arrayContaining(['&File', 'Open…', 'Paste']))
  await quit()
})

it('is no developer’s Electron by what a terminal has set', () => {
  const environment = { PATH: '/bin', ELECTRON_RENDERER_URL: 'http://127.0.0.1:1', ELECTRON_RUN_AS_NODE: '1' }
  expect(windowEnvironment('/a project', environment)).toEqual({ PATH: '/bin', NOMINA_PROJECT: '/a project' })
  expect(windowEnvironment(undefined, environment)).toEqual({ PATH: '/bin' })
})
