import { app, session } from 'electron'
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
    contents.setWindowOpenHandler(() => ({ action: 'deny' }))
  })
}
