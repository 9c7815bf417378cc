/** Runs the main process on the fake Electron, with a data folder of its own for each test. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, vi } from 'vitest'
import { pageUrl } from '../../src/shared/wire'
import { createFakeElectron, type FakeElectron, type FakeOptions } from './electronFake'

const processEvents = ['SIGINT', 'SIGTERM', 'SIGHUP', 'uncaughtException', 'unhandledRejection'] as const
type ProcessListener = (...parameters: unknown[]) => void

export const run = { folder: '', electron: null as unknown as FakeElectron }
let before: Map<string, unknown[]>
const { argv } = process

const listenersOf = (event: string): unknown[] => process.listeners(event as 'SIGINT')

/** Call it once in a test file. */
export function useFakeElectron(): void {
  beforeEach(async () => {
    run.folder = await mkdtemp(join(tmpdir(), 'nomina-main-'))
    before = new Map(processEvents.map((event) => [event, listenersOf(event)]))
    vi.stubEnv('NOMINA_HOME', run.folder)
    process.argv = [process.execPath] // the installed app was given nothing
    vi.spyOn(console, 'log').mockImplementation(() => {})
    vi.resetModules()
  })
  afterEach(async () => {
    vi.unstubAllEnvs()
    process.argv = argv
    vi.doUnmock('electron')
    vi.restoreAllMocks()
    for (const stream of [process.stdout, process.stderr]) stream.removeAllListeners('error')
    for (const event of processEvents)
      for (const listener of listenersOf(event))
        if (!before.get(event)!.includes(listener)) process.off(event, listener as ProcessListener)
    await rm(run.folder, { recursive: true, force: true })
  })
}

export async function startMain(options: FakeOptions = { firstInstance: true }): Promise<FakeElectron> {
  run.electron = createFakeElectron(options)
  vi.doMock('electron', () => run.electron.module)
  await import('../../src/main')
  return run.electron
}

/** Once the window shows the page. */
export async function opened(): Promise<FakeElectron['windows'][number]> {
  await vi.waitFor(() => expect(run.electron.windows[0]?.url).toBe(pageUrl), 20_000)
  const [window] = run.electron.windows
  window!.webContents.emit('did-finish-load')
  return window!
}

export async function quit(): Promise<void> {
  const event = { preventDefault: vi.fn() }
  run.electron.app.emit('will-quit', event)
  expect(event.preventDefault).toHaveBeenCalled() // until the core is closed
  await vi.waitFor(() => expect(run.electron.app.ended).toBe(0))
}
