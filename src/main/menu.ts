import { Menu, type MenuItemConstructorOptions } from 'electron'
import type { MenuCommand } from '../shared/contract'

/** The application menu: standard roles, and the commands that the page carries out. */
export function setMenu(send: (command: MenuCommand) => void, development: boolean): void {
  const mac = process.platform === 'darwin'
  const item = (label: string, accelerator: string, command: MenuCommand): MenuItemConstructorOptions => ({
    label,
    accelerator,
    click: () => send(command)
  })
  const template: MenuItemConstructorOptions[] = [
    ...(mac ? [{ role: 'appMenu' as const }] : []),
    {
      label: '&File',
      submenu: [
        item('New from folder…', 'CommandOrControl+N', 'new-from-folder'),
        item('Open…', 'CommandOrControl+O', 'open-project'),
        { type: 'separator' },
        item('Export…', 'CommandOrControl+E', 'export'),
        { type: 'separator' },
        { role: mac ? 'close' : 'quit' }
      ]
    },
    { role: 'editMenu' },
    {
      label: '&View',
      submenu: [
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        { type: 'separator' },
        { role: 'togglefullscreen' },
        // A reload in the middle of typing would lose the text: only for developers.
        ...(development ? [{ role: 'reload' as const }, { role: 'toggleDevTools' as const }] : [])
      ]
    },
    { role: 'windowMenu' },
    ...(mac ? [] : [{ label: '&Help', submenu: [{ role: 'about' as const }] }])
  ]
  Menu.setApplicationMenu(Menu.buildFromTemplate(template))
}
