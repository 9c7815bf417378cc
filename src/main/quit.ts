import { app } from 'electron'
import type { Core } from '../core'

const PATIENCE_MS = 10_000

/**
 * Quitting waits until the core has stopped its runs and closed the project; a second signal does not wait.
 * @returns what a second start calls that comes meanwhile: the app is started again once it has ended
 */
export function quitGracefully(core: Pick<Core, 'close'>): { isQuitting(): boolean; startAgain(): void } {
  let closing = false
  let again = false
  app.on('will-quit', (event) => {
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
    // An AppImage's own binary lies in a mount that ends with it.
    if (again) app.relaunch(process.env.APPIMAGE ? { execPath: process.env.APPIMAGE } : {})
    app.exit(code)
  }
  return { isQuitting: () => closing, startAgain: () => void (again = true) }
}
