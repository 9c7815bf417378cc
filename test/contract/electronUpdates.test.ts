/** What happens to the app where a newer one is to be installed: it closes first, whole. */
import { expect, it, vi } from 'vitest'
import { opened, run, startMain, quit, useFakeElectron } from './electronRun'

useFakeElectron()

const willQuit = (): { preventDefault: ReturnType<typeof vi.fn> } => {
  const event = { preventDefault: vi.fn() }
  run.electron.app.emit('will-quit', event)
  return event
}

async function quitting() {
  const electron = await startMain({ firstInstance: false }) // the app itself does not start
  electron.app.quitAsked = false
  const { quitGracefully } = await import('../../src/main/quit')
  const close = vi.fn(async () => {})
  return { electron, close, quit: quitGracefully({ close }) }
}

it('installs once everything is closed, and leaves the end to the installer', async () => {
  const { electron, close, quit } = await quitting()
  const install = vi.fn()
  quit.toInstall(install)
  expect(electron.app.quitAsked).toBe(true)
  expect(install).not.toHaveBeenCalled()
  expect(willQuit().preventDefault).toHaveBeenCalled()
  await vi.waitFor(() => expect(install).toHaveBeenCalledOnce())
  expect(close).toHaveBeenCalledOnce()
  expect(willQuit().preventDefault).not.toHaveBeenCalled()
  expect(electron.app.ended).toBeNull()
})

it('starts again as it was where it could not be installed', async () => {
  vi.spyOn(console, 'error').mockImplementation(() => {})
  const { electron, quit } = await quitting()
  quit.toInstall((failed) => failed(new Error('Not allowed')))
  willQuit()
  await vi.waitFor(() => expect(electron.app.ended).toBe(1))
  expect(electron.app.relaunched).toBe(1)
})

it('installs nothing where the person would rather stay and quits another time', async () => {
  const { electron, quit } = await quitting()
  const install = vi.fn()
  quit.toInstall(install)
  quit.stay()
  willQuit()
  await vi.waitFor(() => expect(electron.app.ended).toBe(0))
  expect(install).not.toHaveBeenCalled()
})

it('says in a clone that newer ones come with the source, and asks nobody', async () => {
  await startMain({ firstInstance: true, packaged: false })
  await opened()
  const handler = run.electron.handlers.get('nomina:call') as (...given: unknown[]) => Promise<unknown>
  const event = { senderFrame: { url: 'nomina://app/index.html', parent: null } }
  expect(await handler(event, 'updates.state', {})).toMatchObject({ ok: true, value: { unable: 'source', feed: null } })
  expect(await handler(event, 'updates.look', {})).toMatchObject({ ok: false, error: { code: 'refused' } })
  await quit()
})
