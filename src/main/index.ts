/** The Electron shell: one window over one core. */
import { app, BrowserWindow, dialog, ipcMain } from 'electron'
import { join } from 'node:path'
import { createCore, type WindowSession } from '../core'
import { messageOf } from '../shared/failure'
import { readSettings } from '../core/app/installation'
import { createPage } from '../core/page'
import { channels } from '../shared/wire'
import { Guests, offerSharing } from '../serve'
import { createNativeHost } from './dialogs'
import { spawnReading } from './engine'
import { forwardEvents, serveCalls } from './ipc'
import { setMenu } from './menu'
import { nameOwnNode } from './node'
import { registerScheme, servePage } from './protocol'
import { quitGracefully } from './quit'
import { lockDown } from './security'
import { openWindow } from './window'

/** What a second start hands to the first: a project to open. */
interface SecondStart {
  project: string | null
}

const settings = readSettings()
const developmentUrl = app.isPackaged ? null : (process.env.ELECTRON_RENDERER_URL ?? null)
let window: BrowserWindow | null = null
nameOwnNode(settings.installation)

app.setName('Nomina')
app.setPath('userData', join(settings.dataDir, 'electron'))
registerScheme()
if (app.requestSingleInstanceLock({ project: projectArgument() } satisfies SecondStart)) {
  app.whenReady().then(start).catch(giveUp)
} else {
  app.quit() // the first one shows its window
}

async function start(): Promise<void> {
  const core = await createCore({
    dataDir: settings.dataDir,
    modelsDirs: [settings.shippedModels],
    samplesDir: settings.samplesDir,
    enginePath: settings.enginePath,
    pagesPath: settings.pagesPath,
    spawnEngine: spawnReading(settings.enginePath, 'Nomina engine'),
    spawnPages: spawnReading(settings.pagesPath, 'Nomina pages'),
    shell: 'electron',
    version: settings.version
  })
  quitGracefully(core)
  const guests = new Guests(core, join(settings.dataDir, 'share-links.json'))
  offerSharing(core, { rendererDir: settings.rendererDir, folder: settings.dataDir, guests })
  lockDown()
  const session = core.window()
  servePage(createPage(settings.rendererDir), session, developmentUrl)
  serveCalls(
    ipcMain,
    session,
    createNativeHost(() => window)
  )
  forwardEvents(session, send)
  setMenu((command) => send(channels.command, command), developmentUrl !== null)
  await openProject(session, projectArgument())
  show()
  app.on('activate', show)
  app.on('second-instance', (_event, _argv, _folder, second) => {
    show()
    void openProject(session, (second as SecondStart).project)
  })
}

function show(): void {
  if (!window) {
    window = openWindow({
      preload: join(settings.installation, 'out', 'preload', 'index.cjs'),
      stateFolder: settings.dataDir
    })
    window.on('closed', () => (window = null))
    window.once('show', () => console.log('Nomina is open in its own window.')) // the launcher waits for this line
  }
  if (window.isMinimized()) window.restore()
  window.focus()
}

const send = (channel: string, payload: unknown): void => {
  if (window && !window.isDestroyed()) window.webContents.send(channel, payload)
}

async function openProject(session: WindowSession, path: string | null): Promise<void> {
  if (!path) return
  const reply = await session.call('project.open', { path })
  if (!reply.ok) dialog.showErrorBox('The project could not be opened', reply.error.message)
}

/** `npm start -- PROJECT`: the launcher puts the absolute path into the environment, where Chromium does not meddle. */
function projectArgument(): string | null {
  return process.env.NOMINA_PROJECT || null
}

function giveUp(error: unknown): void {
  dialog.showErrorBox('Nomina could not start', messageOf(error))
  app.exit(1)
}
