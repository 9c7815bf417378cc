import { protocol } from 'electron'
import { pageScheme } from '../shared/wire'

/** Must run before the app is ready: gives our scheme an origin, so that CSP's 'self' and relative URLs work. */
export function registerScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: pageScheme, privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true } }
  ])
}
