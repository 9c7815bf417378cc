import { app, type BrowserWindow } from 'electron'
import { askBeside } from './ask'
import type { Words } from './words'

/**
 * The page objects to being left while decisions are not stored yet; Electron itself would refuse without a word. The person
 * is asked beside it, not instead of it: a box that blocks this process would keep it from storing them.
 */
export function askBeforeLeaving(window: BrowserWindow, words: () => Words): void {
  const { webContents: page } = window
  let why: 'reload' | 'close' | 'quit' = 'reload'
  let asking = false
  let leave = false
  const quitting = (): void => void (why = 'quit')
  app.on('before-quit', quitting)
  window.on('close', () => {
    if (why === 'reload') why = 'close'
  })
  window.on('closed', () => app.off('before-quit', quitting))
  page.on('will-prevent-unload', (event) => {
    if (leave) return event.preventDefault()
    void ask().catch(console.error)
  })

  async function ask(): Promise<void> {
    if (asking) return
    asking = true
    const { notStored, notStoredWhy, keepOpen, closeAndLose } = words()
    const loses = await askBeside(window, 'warning', [notStored, notStoredWhy], [keepOpen, closeAndLose])
    const chosen = why
    asking = false
    why = 'reload'
    if (!loses || window.isDestroyed()) return
    leave = true
    if (chosen === 'quit') app.quit()
    else if (chosen === 'close') window.close()
    else page.reload()
  }
}
