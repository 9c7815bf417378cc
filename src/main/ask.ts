import { dialog, type BrowserWindow } from 'electron'

/** Asks a person beside the window, not instead of it; resolves to whether the second button was pressed. */
export async function askBeside(
  window: BrowserWindow,
  type: 'error' | 'warning',
  [message, detail]: [string, string],
  buttons: [string, string]
): Promise<boolean> {
  const { response } = await dialog.showMessageBox(window, {
    type,
    message,
    detail,
    buttons,
    defaultId: 0,
    cancelId: 0
  })
  return response === 1
}
