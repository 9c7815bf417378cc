import type { InvokeEvent, IpcMainLike, NativeHost } from '../../src/main/ipc'
import { pageUrl } from '../../src/shared/wire'

type Handler = (event: InvokeEvent, ...parameters: unknown[]) => unknown
type Listener = (event: unknown, payload: unknown) => void

/** Messages are cloned both ways; a handler that throws rejects the call in Electron's own words. */
export function createIpc(frameUrl = pageUrl, parent: unknown = null) {
  const handlers = new Map<string, Handler>()
  const listeners = new Map<string, Set<Listener>>()
  const ipcMain: IpcMainLike = { handle: (channel, handler) => void handlers.set(channel, handler) }
  const ipcRenderer = {
    async invoke(channel: string, ...parameters: unknown[]) {
      const sent = structuredClone(parameters)
      const handler = handlers.get(channel)
      if (!handler) throw new Error(`No handler registered for '${channel}'`)
      try {
        return structuredClone(await handler({ senderFrame: { url: frameUrl, parent } }, ...sent))
      } catch (error) {
        throw new Error(`Error invoking remote method '${channel}': ${String(error)}`, { cause: error })
      }
    },
    on: (channel: string, listener: Listener) => {
      listeners.set(channel, (listeners.get(channel) ?? new Set()).add(listener))
    },
    off: (channel: string, listener: Listener) => void listeners.get(channel)?.delete(listener)
  }
  const send = (channel: string, payload: unknown): void => {
    for (const listener of listeners.get(channel) ?? []) listener({}, structuredClone(payload))
  }
  return { ipcMain, ipcRenderer, send }
}

export const nativeHost: NativeHost = {
  pickFolder: async (title) => `/picked/${title}`,
  pickFile: async (_title, extensions) => `/picked/labels.${extensions[0]}`,
  saveFile: async (_title, suggested) => suggested,
  revealPath: async () => {}
}
