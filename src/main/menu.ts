import { Menu, type MenuItemConstructorOptions } from 'electron'
import type { MenuCommand } from '../shared/contract'
import type { Words } from './words'

type Item = MenuItemConstructorOptions
const separator: Item = { type: 'separator' }

/** The application menu: standard roles, and the commands that the page carries out. Electron names its roles in English only. */
export function setMenu(words: Words, send: (command: MenuCommand) => void, development: boolean): void {
  const mac = process.platform === 'darwin'
  const command = (label: string, accelerator: string, name: MenuCommand): Item => ({
    label,
    accelerator,
    click: () => send(name)
  })
  const role = (name: NonNullable<Item['role']>, label: string): Item => ({ role: name, label })
  const about = role('about', words.about)
  const newer: Item = { label: words.lookForNewer, click: () => send('updates') }
  const app: Item = {
    label: 'Nomina',
    submenu: [
      about,
      separator,
      role('services', words.services),
      separator,
      role('hide', words.hide),
      role('hideOthers', words.hideOthers),
      role('unhide', words.showAll),
      separator,
      role('quit', words.quit)
    ]
  }
  const file: Item = {
    label: words.file,
    submenu: [
      command(words.newFromFolder, 'CommandOrControl+N', 'new-from-folder'),
      command(words.open, 'CommandOrControl+O', 'open-project'),
      separator,
      command(words.export, 'CommandOrControl+E', 'export'),
      separator,
      mac ? role('close', words.closeWindow) : role('quit', words.quit)
    ]
  }
  const edit: Item = {
    label: words.edit,
    submenu: [
      // Of decisions as well, which Chromium knows nothing of. Elsewhere than on a Mac the page has the keys already.
      { ...command(words.undo, 'CommandOrControl+Z', 'undo'), registerAccelerator: false },
      { ...command(words.redo, 'Shift+CommandOrControl+Z', 'redo'), registerAccelerator: false },
      separator,
      role('cut', words.cut),
      role('copy', words.copy),
      role('paste', words.paste),
      role('selectAll', words.selectAll)
    ]
  }
  const view: Item = {
    label: words.view,
    submenu: [
      role('resetZoom', words.resetZoom),
      role('zoomIn', words.zoomIn),
      role('zoomOut', words.zoomOut),
      separator,
      role('togglefullscreen', words.fullScreen),
      // A reload in the middle of typing would lose the text: only for developers.
      ...(development ? [{ role: 'reload' as const }, { role: 'toggleDevTools' as const }] : [])
    ]
  }
  const window: Item = {
    label: words.window,
    role: 'window',
    submenu: [
      role('minimize', words.minimise),
      ...(mac
        ? [role('zoom', words.zoomWindow), separator, role('front', words.front)]
        : [role('close', words.closeWindow)])
    ]
  }
  const help: Item = { label: words.help, submenu: [newer, ...(mac ? [] : [about])] }
  const template = mac ? [app, file, edit, view, window] : [file, edit, view, window, help]
  Menu.setApplicationMenu(Menu.buildFromTemplate(template))
}
