import { app } from 'electron'
import type { Core } from '../core'

const PATIENCE_MS = 10_000

/** Quitting waits until the core has stopped its runs and closed the project; a second signal does not wait. */
export function quitGracefully(core: Pick<Core, 'close'>): void {
  let closing = false
  app.on('will-quit', (event) => {
    event.preventDefault()
    if (closing) return
    closing = true
    const impatient = setTimeout(() => app.exit(1), PATIENCE_MS)
    void core
      .close()
      .catch(console.error)
      .finally(() => {
        clearTimeout(impatient)
        app.exit(0)
      })
  })
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit()
  })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => app.quit())
}
