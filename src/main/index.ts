/**
 * The way in of the desktop app: what has to be said before Electron is ready. The rest is loaded from here, so that a failure
 * to load it is said: Electron alone shows a box that blocks the process, and a launcher would wait for ever.
 */
import { app } from 'electron'
import { join } from 'node:path'
import { readSettings } from '../core/app/installation'
import { giveUp, surviveErrors } from './failure'
import { nameOwnNode } from './node'
import { registerScheme } from './scheme'
import { whatIsGiven, type Start } from './starts'

surviveErrors()
try {
  begin()
} catch (error) {
  void giveUp(error)
}

function begin(): void {
  const settings = readSettings()
  const given = whatIsGiven(app.isPackaged)
  nameOwnNode(settings.installation)
  app.setName('Nomina')
  app.setPath('userData', join(settings.dataDir, 'electron'))
  registerScheme()
  if (!app.requestSingleInstanceLock(given)) return app.quit() // the first one shows its window

  const standing = Promise.all([import('./desktop'), app.whenReady()]).then(([{ start }]) => start(settings, given))
  standing.catch(giveUp)
  // Heard from the beginning: a start that comes before the core stands is answered once it does.
  const later = (again: Start): void =>
    void standing.then(
      (shell) => shell.again(again),
      () => {}
    )
  app.on('activate', () => later({ paths: [] }))
  app.on('open-file', (event, path) => {
    event.preventDefault()
    later({ paths: [path] })
  })
  app.on('second-instance', (_event, _argv, _folder, second) => later(second as Start))
}
