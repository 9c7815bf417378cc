/** The Electron shell: one window over one core. */
import { app, dialog, ipcMain } from 'electron'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { createCore } from '../core'
import type { Settings } from '../core/app/installation'
import { createPage } from '../core/page'
import { hasStore } from '../core/store'
import { channels } from '../shared/wire'
import { Guests, offerSharing } from '../serve'
import { createNativeHost } from './dialogs'
import { spawnReading } from './engine'
import { forwardEvents, serveCalls } from './ipc'
import { MainWindow } from './mainWindow'
import { setMenu } from './menu'
import { servePage } from './protocol'
import { power } from './power'
import { askBeforeQuitting, quitGracefully } from './quit'
import { showRecent } from './recent'
import { createUpdater, howInstalled } from './updates'
import { lockDown } from './security'
import type { Start } from './starts'
import { openWindow } from './window'
import { LongWork } from './work'
import { wordsOf } from './words'

interface Shell {
  /** It was started again, perhaps with something to open. */
  again(start: Start): void
}

export async function start(settings: Settings, given: Start): Promise<Shell> {
  const developmentUrl = app.isPackaged ? null : (process.env.ELECTRON_RENDERER_URL ?? null)
  const core = await createCore({
    dataDir: settings.dataDir,
    modelsDirs: [settings.shippedModels],
    samplesDir: settings.samplesDir,
    enginePath: settings.enginePath,
    pagesPath: settings.pagesPath,
    spawnEngine: spawnReading(settings.enginePath, 'Nomina engine'),
    spawnPages: spawnReading(settings.pagesPath, 'Nomina pages'),
    shell: 'electron',
    version: settings.version,
    power
  })
  const quit = quitGracefully(core)
  const guests = new Guests(core, join(settings.dataDir, 'share-links.json'))
  offerSharing(core, { rendererDir: settings.rendererDir, folder: settings.dataDir, guests })
  core.app.updates.updater = createUpdater(howInstalled(), {
    folder: settings.dataDir,
    quit: (install) => quit.toInstall(install)
  })
  lockDown()
  const session = core.window()
  let shown: string | undefined
  const words = () => wordsOf(core.app.preferences.values.language, app.getLocale())
  const window = new MainWindow(() => {
    const opened = openWindow({
      preload: join(settings.installation, 'out', 'preload', 'index.cjs'),
      stateFolder: settings.dataDir,
      words
    })
    opened.once('show', () => console.log('Nomina is open in its own window.')) // the launcher waits for this line
    // The page is loaded again where another language was chosen.
    opened.webContents.on('did-finish-load', menu)
    return opened
  })
  const menu = (): void =>
    setMenu(words(), (command) => window.tell(channels.command, command), developmentUrl !== null)
  servePage(createPage(settings.rendererDir), session, developmentUrl)
  serveCalls(
    ipcMain,
    session,
    createNativeHost(() => window.current)
  )
  forwardEvents(session, (channel, payload) => window.send(channel, payload))
  menu()
  const work = new LongWork(() => window.current, words)
  session.on('run.progress', (progress) => work.progressed(progress))
  session.on('runs.quick', ({ jobs }) => work.quickChanged(jobs))
  session.on('project.changed', ({ project }) => {
    if (project?.path === shown) return
    shown = project?.path
    work.forget()
    if (project) showRecent(core.app.preferences.recent(), words())
  })
  askBeforeQuitting(work, words, () => quit.stay())

  /** A project is opened; anything else is the page's to take in. */
  async function open({ paths: [path] }: Start): Promise<void> {
    if (!path) return
    if (existsSync(path) && !hasStore(path)) return window.tell(channels.given, path)
    const reply = await session.call('project.open', { path })
    if (reply.ok) return
    const { couldNotOpen } = words()
    void dialog.showMessageBox({ type: 'error', message: couldNotOpen, detail: reply.error.message })
  }
  await open(given)
  window.show()
  return {
    again(second) {
      if (quit.isQuitting()) return quit.startAgain()
      window.show()
      void open(second)
    }
  }
}
