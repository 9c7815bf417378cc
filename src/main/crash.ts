import { app, type BrowserWindow } from 'electron'
import { askBeside } from './ask'
import type { Words } from './words'

/** So many ends within so long are no accident: whoever loads the page again and again would never come to an end. */
const MOST = 3
const WITHIN_MS = 60_000

/** Loads the page again where its process ended; it finds its view and what was typed by itself. Without this the window stays white. */
export function bringBack(window: BrowserWindow, words: () => Words, now: () => number = Date.now): void {
  const { webContents: page } = window
  let ends: number[] = []
  page.on('render-process-gone', (_event, { reason, exitCode }) => {
    if (reason === 'clean-exit' || window.isDestroyed()) return
    console.error(`The process of the window ended (${reason}, code ${exitCode}); it is started again.`)
    ends = [...ends.filter((at) => now() - at < WITHIN_MS), now()]
    if (ends.length <= MOST) setImmediate(reload)
    else void askToTry().catch(console.error)
  })

  const reload = (): void => {
    if (!window.isDestroyed()) page.reload()
  }

  async function askToTry(): Promise<void> {
    const { windowEnded, windowEndedWhy, tryAgain, quit } = words()
    const ended = await askBeside(window, 'error', [windowEnded, windowEndedWhy], [tryAgain, quit])
    ends = []
    if (ended) app.quit()
    else reload()
  }
}
