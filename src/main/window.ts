import { BrowserWindow, nativeTheme, screen } from 'electron'
import { join } from 'node:path'
import { pageUrl } from '../shared/wire'
import { fitToDisplays, readWindowState, writeWindowState } from './windowState'

export interface WindowOptions {
  preload: string
  /** Where its place and size are remembered. */
  stateFolder: string
}

/** Opens the one window, where and as large as it was. */
export function openWindow({ preload, stateFolder }: WindowOptions): BrowserWindow {
  const stateFile = join(stateFolder, 'window.json')
  const workAreas = screen.getAllDisplays().map((display) => display.workArea)
  const { maximised, ...place } = fitToDisplays(readWindowState(stateFile), workAreas)
  const window = new BrowserWindow({
    ...place,
    minWidth: 480,
    minHeight: 480,
    show: false,
    title: 'Nomina',
    // What is seen before the first paint, in the page's own light and dark.
    backgroundColor: nativeTheme.shouldUseDarkColors ? '#161513' : '#f5f4f0',
    webPreferences: {
      preload,
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false // names are no words, and a red line under each would mislead
    }
  })
  if (maximised) window.maximize()
  window.once('ready-to-show', () => window.show())
  window.on('close', () =>
    writeWindowState(stateFile, { ...window.getNormalBounds(), maximised: window.isMaximized() })
  )
  void window.loadURL(pageUrl)
  return window
}
