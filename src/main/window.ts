import { BrowserWindow, nativeTheme, screen } from 'electron'
import { join } from 'node:path'
import { pageUrl } from '../shared/wire'
import { bringBack } from './crash'
import { askBeforeLeaving } from './leave'
import {
  displaySet,
  fitToDisplays,
  readWindowState,
  withoutDrift,
  writeWindowState,
  type WindowState
} from './windowState'
import type { Words } from './words'

export interface WindowOptions {
  preload: string
  /** Where its place and size are remembered. */
  stateFolder: string
  words(): Words
}

const workAreas = (): Electron.Rectangle[] => screen.getAllDisplays().map((display) => display.workArea)

/** Opens the one window, where and as large as it was. */
export function openWindow({ preload, stateFolder, words }: WindowOptions): BrowserWindow {
  const stateFile = join(stateFolder, 'window.json')
  const state = fitToDisplays(readWindowState(stateFile, displaySet(workAreas())), workAreas())
  const { maximised, ...place } = state
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
  rememberPlace(window, state, stateFile)
  askBeforeLeaving(window, words)
  bringBack(window, words)
  window.loadURL(pageUrl).catch(console.error)
  return window
}

/** A window manager answers within this, and nobody has moved the window yet. */
const SETTLED_MS = 1000

function rememberPlace(window: BrowserWindow, asked: WindowState, file: string): void {
  let opened: Electron.Rectangle | null = null
  window.once('show', () =>
    setTimeout(() => {
      if (!window.isDestroyed()) opened = window.getNormalBounds()
    }, SETTLED_MS).unref()
  )
  window.on('close', () => {
    const now = window.getNormalBounds()
    const place = withoutDrift(asked, opened ?? now, now)
    writeWindowState(file, displaySet(workAreas()), { ...place, maximised: window.isMaximized() })
  })
}
