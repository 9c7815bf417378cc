/**
 * Electron's wire without Electron: the real preload, the real main side and the real `host.ts`, joined by a stand-in
 * for `ipcMain`, `ipcRenderer`, `contextBridge` and `protocol` that clones all that passes as Electron does.
 */
import { vi } from 'vitest'
import { createPage } from '../../src/core/page'
import { pageUrl } from '../../src/shared/wire'
import { join } from 'node:path'
import { createBridge } from './bridgeStandIn'
import { createTestCore, writePage } from './core'
import { createIpc, nativeHost } from './ipcStandIn'
import { loadHost } from './page'
import type { Shell } from './shell'

export async function openElectronStandIn(
  dataDir: string
): Promise<Shell & { send: (channel: string, payload: unknown) => void }> {
  const rendererDir = join(dataDir, 'page', 'renderer')
  await writePage(rendererDir)
  const core = await createTestCore(dataDir, 'electron')
  const { ipcMain, ipcRenderer, send } = createIpc()
  const { page, contextBridge } = createBridge()
  let answer: (request: Request) => Promise<Response> = () => Promise.reject(new Error('no protocol'))
  vi.resetModules()
  vi.doMock('electron', () => ({
    ipcRenderer,
    contextBridge,
    protocol: { handle: (_scheme: string, handler: typeof answer) => (answer = handler) },
    net: {}
  }))
  const { serveCalls, forwardEvents } = await import('../../src/main/ipc')
  const { servePage } = await import('../../src/main/protocol')
  const session = core.window()
  serveCalls(ipcMain, session, nativeHost)
  const stopEvents = forwardEvents(session, send)
  servePage(createPage(rendererDir), session, null)
  await import('../../src/preload')
  const { transport, host } = await loadHost(page)
  return {
    transport,
    host,
    send,
    async get(path) {
      const response = await answer(new Request(new URL(path, pageUrl)))
      return { status: response.status, headers: response.headers, bytes: new Uint8Array(await response.arrayBuffer()) }
    },
    async close() {
      stopEvents()
      vi.doUnmock('electron')
      await core.close()
    }
  }
}
