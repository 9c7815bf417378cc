import { app, dialog, powerMonitor } from 'electron'
import type { Core } from '../core'
import type { LongWork } from './work'
import type { Words } from './words'

const PATIENCE_MS = 10_000

/** Quits and installs; `failed` where it could not. */
export type Install = (failed: (why: unknown) => void) => void

interface Quit {
  isQuitting(): boolean
  /** A second start came meanwhile: the app is started again once it has ended. */
  startAgain(): void
  /** Quits, and gives the end to `install`: nothing of the app runs any more then. */
  toInstall(install: Install): void
  /** The person would rather not quit. */
  stay(): void
}

/** Quitting waits until the core has stopped its runs and closed the project; a second signal does not wait. */
export function quitGracefully(core: Pick<Core, 'close'>): Quit {
  let closing = false
  let again = false
  let install: Install | null = null
  let ended = false
  app.on('will-quit', (event) => {
    if (ended) return
    event.preventDefault()
    if (closing) return
    closing = true
    const impatient = setTimeout(() => end(1), PATIENCE_MS)
    void core
      .close()
      .catch(console.error)
      .finally(() => {
        clearTimeout(impatient)
        end(0)
      })
  })
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit()
  })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => app.quit())

  function end(code: number): void {
    const last = install
    if (last && code === 0) {
      install = null
      ended = true // the installer quits by itself
      return last((why) => {
        console.error(why)
        again = true
        end(1)
      })
    }
    // An AppImage's own binary lies in a mount that ends with it.
    if (again) app.relaunch(process.env.APPIMAGE ? { execPath: process.env.APPIMAGE } : {})
    app.exit(code)
  }
  return {
    isQuitting: () => closing,
    startAgain: () => void (again = true),
    toInstall(chosen) {
      install = chosen
      app.quit()
    },
    stay: () => void (install = null)
  }
}

/** Quitting while something runs is asked about, beside the window. A signal and a system that shuts down are not. */
export function askBeforeQuitting(work: Pick<LongWork, 'summary'>, words: () => Words, stays: () => void): void {
  let sure = false
  let asking = false
  const beSure = (): void => void (sure = true)
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.prependListener(signal, beSure)
  powerMonitor.on('shutdown', beSure)
  app.on('before-quit', (event) => {
    if (sure || work.summary === null) return
    event.preventDefault()
    if (!asking) void ask(work.summary).catch(console.error)
  })
  // A window that is closed alone ends the app too, but on a Mac.
  app.on('browser-window-created', (_event, window) =>
    window.on('close', (event) => {
      if (sure || work.summary === null || process.platform === 'darwin') return
      event.preventDefault()
      app.quit()
    })
  )

  async function ask(summary: string): Promise<void> {
    asking = true
    const { stillWorking, keepOpen, quit } = words()
    const { response } = await dialog.showMessageBox({
      type: 'question',
      message: stillWorking,
      detail: summary,
      buttons: [keepOpen, quit],
      defaultId: 0,
      cancelId: 0
    })
    asking = false
    sure = response === 1
    if (sure) app.quit()
    else stays()
  }
}
