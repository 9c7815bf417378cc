import { app, dialog, session } from 'electron'
import { pageUrl } from '../shared/wire'

/** Putting text on the clipboard when a person asks for it: the only permission that the page needs. */
const COPYING = 'clipboard-sanitized-write'

/** Nothing may lead a window away from our page, open another, or ask for more than a page needs. */
export function lockDown(): void {
  session.defaultSession.setPermissionRequestHandler((_contents, permission, answer) => answer(permission === COPYING))
  session.defaultSession.setPermissionCheckHandler((_contents, permission) => permission === COPYING)
  session.defaultSession.setDevicePermissionHandler(() => false)
  app.on('web-contents-created', (_event, contents) => {
    contents.on('will-frame-navigate', (event) => {
      const reload = event.isMainFrame && event.url === pageUrl
      if (!reload) event.preventDefault()
    })
    contents.on('will-redirect', (event) => event.preventDefault())
    contents.on('will-attach-webview', (event) => event.preventDefault())
    contents.on('will-prevent-unload', (event) => {
      if (leaveAnyway()) event.preventDefault()
    })
    contents.setWindowOpenHandler(() => ({ action: 'deny' }))
  })
}

/** The page objects to being closed while decisions are not stored yet; Electron itself would refuse without a word. */
function leaveAnyway(): boolean {
  const chosen = dialog.showMessageBoxSync({
    type: 'warning',
    message: 'Some decisions are not stored yet',
    detail: 'They are stored within a moment. If you close now, they are lost.',
    buttons: ['Keep open', 'Close and lose them'],
    defaultId: 0,
    cancelId: 0
  })
  return chosen === 1
}
