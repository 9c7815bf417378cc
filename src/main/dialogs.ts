import { dialog, shell, type BrowserWindow, type OpenDialogOptions } from 'electron'
import { existsSync } from 'node:fs'
import type { NativeHost } from './ipc'

/** Native pickers and the file manager, as sheets of the window that is open. */
export function createNativeHost(currentWindow: () => BrowserWindow | null): NativeHost {
  async function pickOne(options: OpenDialogOptions): Promise<string | null> {
    const window = currentWindow()
    const picked = await (window ? dialog.showOpenDialog(window, options) : dialog.showOpenDialog(options))
    return picked.filePaths[0] ?? null
  }
  return {
    pickFolder: (title) => pickOne({ title, message: title, properties: ['openDirectory', 'createDirectory'] }),
    pickFile: (title, extensions) =>
      pickOne({
        title,
        message: title,
        properties: ['openFile'],
        filters: extensions.length ? [{ name: extensions.map((e) => `.${e}`).join(', '), extensions }] : []
      }),
    async saveFile(title, suggested) {
      const window = currentWindow()
      const options = { title, message: title, defaultPath: suggested, properties: ['createDirectory' as const] }
      const { filePath } = await (window ? dialog.showSaveDialog(window, options) : dialog.showSaveDialog(options))
      return filePath || null
    },
    async revealPath(path) {
      // Only shown in the file manager, never opened: opening would run whatever the path names.
      if (existsSync(path)) shell.showItemInFolder(path)
    }
  }
}
