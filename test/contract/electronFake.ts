import { EventEmitter } from 'node:events'

/** As much of Electron as the main process uses, without windows: what it is told is kept to be looked at. */
export function createFakeElectron({ firstInstance }: { firstInstance: boolean }) {
  const app = Object.assign(new EventEmitter(), {
    isPackaged: true,
    ended: null as number | null,
    quitAsked: false,
    setName: () => {},
    setPath: () => {},
    requestSingleInstanceLock: () => firstInstance,
    whenReady: async () => {},
    quit() {
      app.quitAsked = true
    },
    exit(code: number) {
      app.ended = code
    }
  })
  const windows: FakeWindow[] = []
  class FakeWindow extends EventEmitter {
    url = ''
    restored = false
    sent: { channel: string; payload: unknown }[] = []
    webContents = { send: (channel: string, payload: unknown) => this.sent.push({ channel, payload }) }
    constructor(readonly options: { webPreferences: Record<string, unknown> }) {
      super()
      windows.push(this)
    }
    loadURL = async (url: string): Promise<void> => void (this.url = url)
    show = (): void => void this.emit('show')
    focus = (): void => {}
    restore = (): void => void (this.restored = true)
    isMinimized = (): boolean => true
    isMaximized = (): boolean => false
    isDestroyed = (): boolean => false
    getNormalBounds = () => ({ x: 5, y: 6, width: 900, height: 700 })
  }
  const permissions = {
    request: null as null | ((...parameters: unknown[]) => void),
    check: null as null | ((contents: unknown, permission: string) => boolean)
  }
  const menus: { label?: string; submenu?: { label?: string; click?: () => void }[] }[][] = []
  const handlers = new Map<string, unknown>()
  const module: Record<string, unknown> = {
    app,
    BrowserWindow: FakeWindow,
    Menu: {
      buildFromTemplate: (template: (typeof menus)[number]) => template,
      setApplicationMenu: (menu: (typeof menus)[number]) => menus.push(menu)
    },
    dialog: { showErrorBox: (title: string, text: string) => errors.push(`${title}: ${text}`) },
    ipcMain: { handle: (channel: string, handler: unknown) => handlers.set(channel, handler) },
    nativeTheme: { shouldUseDarkColors: false },
    net: {},
    protocol: {
      registerSchemesAsPrivileged: (schemes: unknown[]) => schemesGiven.push(...schemes),
      handle: (scheme: string, handler: unknown) => handlers.set(scheme, handler)
    },
    screen: { getAllDisplays: () => [{ workArea: { x: 0, y: 0, width: 1440, height: 900 } }] },
    session: {
      defaultSession: {
        setPermissionRequestHandler: (handler: NonNullable<typeof permissions.request>) =>
          (permissions.request = handler),
        setPermissionCheckHandler: (handler: NonNullable<typeof permissions.check>) => (permissions.check = handler),
        setDevicePermissionHandler: () => {}
      }
    },
    shell: {},
    utilityProcess: {}
  }
  const errors: string[] = []
  const schemesGiven: unknown[] = []
  return { module, app, windows, permissions, menus, handlers, errors, schemesGiven }
}
