import type { InvokeEvent, IpcMainLike, NativeHost } from '../../src/main/ipc'
import { pageUrl } from '../../src/shared/wire'
import { cloned } from './bridgeStandIn'

type Handler = (event: InvokeEvent, ...parameters: unknown[]) => unknown
type Listener = (event: unknown, payload: unknown) => void

/**
 * Electron's IPC. Messages are cloned both ways; a handler that throws rejects the call in Electron's own words. What is sent
 * arrives later, and only where somebody listens then; a listener that throws keeps later ones of its channel from hearing
 * it, and the sender hears nothing of that.
 */
export function createIpc(frameUrl = pageUrl, parent: unknown = null) {
  const handlers = new Map<string, Handler>()
  const listeners = new Map<string, Set<Listener>>()
  /** What listeners threw, as the page's console shows it. */
  const uncaught: unknown[] = []
  const ipcMain: IpcMainLike = {
    handle(channel, handler) {
      if (handlers.has(channel)) throw new Error(`Attempted to register a second handler for '${channel}'`)
      handlers.set(channel, handler)
    }
  }
  const ipcRenderer = {
    async invoke(channel: string, ...parameters: unknown[]) {
      const sent = parameters.map(cloned)
      const handler = handlers.get(channel)
      if (!handler)
        throw new Error(`Error invoking remote method '${channel}': Error: No handler registered for '${channel}'`)
      try {
        return cloned(await handler({ senderFrame: { url: frameUrl, parent } }, ...sent))
      } catch (error) {
        throw new Error(`Error invoking remote method '${channel}': ${String(error)}`, { cause: error })
      }
    },
    on: (channel: string, listener: Listener) => {
      listeners.set(channel, (listeners.get(channel) ?? new Set()).add(listener))
    },
    off: (channel: string, listener: Listener) => void listeners.get(channel)?.delete(listener)
  }
  /** @throws where the payload cannot be cloned, as `webContents.send` does */
  const send = (channel: string, payload: unknown): void => {
    const message = cloned(payload)
    setImmediate(() => {
      try {
        for (const listener of [...(listeners.get(channel) ?? [])]) listener({}, message)
      } catch (error) {
        uncaught.push(error)
      }
    })
  }
  return { ipcMain, ipcRenderer, send, uncaught }
}

export const nativeHost: NativeHost = {
  pickFolder: async (title) => `/picked/${title}`,
  pickFile: async (_title, extensions) => `/picked/labels.${extensions[0]}`,
  saveFile: async (_title, suggested) => suggested,
  revealPath: async () => {}
}
