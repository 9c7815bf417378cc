import { describe } from 'vitest'
import { openBrowserShell } from './browserShell'
import { openElectron, whyNoElectron } from './electron'
import { openElectronStandIn } from './electronStandIn'
import { contractSuite } from './suite'

describe('Electron by a stand-in for its IPC', () => contractSuite('electron', openElectronStandIn))
describe('the browser shell on the loopback', () => contractSuite('browser', openBrowserShell))

const reason = whyNoElectron()
describe.skipIf(reason !== null)(`Electron itself${reason ? ` (skipped: ${reason})` : ''}`, () =>
  contractSuite('electron', openElectron)
)
