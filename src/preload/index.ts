/** The transport, nothing else. One CommonJS file, as a sandboxed preload has to be. */
import { contextBridge, ipcRenderer, webUtils, type IpcRendererEvent } from 'electron'
import type { Bridge } from '../shared/contract'
import { channels } from '../shared/wire'

/** A listener that throws, or returns what the bridge can't clone, must not keep others from hearing. */
function listen<T>(channel: string, listener: (payload: T) => void): () => void {
  const forward = (_event: IpcRendererEvent, payload: T): void => {
    try {
      listener(payload)
    } catch (error) {
      console.error(error)
    }
  }
  ipcRenderer.on(channel, forward)
  return () => void ipcRenderer.off(channel, forward)
}

const bridge: Bridge = {
  shell: 'electron',
  call: (name, input) => ipcRenderer.invoke(channels.call, name, input),
  on: (name, listener) => listen(channels.event(name), listener),
  pickFolder: (title) => ipcRenderer.invoke(channels.host, 'pickFolder', title),
  pickFile: (title, extensions) => ipcRenderer.invoke(channels.host, 'pickFile', title, extensions),
  saveFile: (title, suggested) => ipcRenderer.invoke(channels.host, 'saveFile', title, suggested),
  revealPath: (path) => ipcRenderer.invoke(channels.host, 'revealPath', path),
  onCommand: (listener) => listen(channels.command, listener),
  onGiven: (listener) => listen(channels.given, listener),
  pathOf: (file) => webUtils.getPathForFile(file)
}
contextBridge.exposeInMainWorld('nomina', bridge)
