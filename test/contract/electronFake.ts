import { EventEmitter } from 'node:events'

interface Box {
  message: string
  detail?: string
  buttons?: string[]
}
interface MenuItem {
  label?: string
  role?: string
  submenu?: MenuItem[]
  click?: () => void
}

/** As much of Electron as the main process uses, without windows: what it is told is kept to be looked at. */
export function createFakeElectron({ firstInstance, packaged = true, locale = 'en-GB' }: FakeOptions) {
  const app = Object.assign(new EventEmitter(), {
    isPackaged: packaged,
    ended: null as number | null,
    quitAsked: false,
    relaunched: 0,
    setName: () => {},
    setPath: () => {},
    getLocale: () => locale,
    requestSingleInstanceLock: () => firstInstance,
    isReady: () => true,
    whenReady: async () => {},
    relaunch: () => void app.relaunched++,
    quit() {
      app.quitAsked = true
    },
    exit(code: number) {
      app.ended = code
    }
  })
  const windows: FakeWindow[] = []
  class FakePage extends EventEmitter {
    crashed = false
    reloaded = 0
    constructor(readonly sent: { channel: string; payload: unknown }[]) {
      super()
    }
    send = (channel: string, payload: unknown): void => void this.sent.push({ channel, payload })
    isCrashed = (): boolean => this.crashed
    reload = (): void => void this.reloaded++
  }
  class FakeWindow extends EventEmitter {
    url = ''
    progress = -1
    restored = false
    sent: { channel: string; payload: unknown }[] = []
    webContents = new FakePage(this.sent)
    constructor(readonly options: { webPreferences: Record<string, unknown> }) {
      super()
      windows.push(this)
    }
    loadURL = async (url: string): Promise<void> => void (this.url = url)
    show = (): void => void this.emit('show')
    focus = (): void => {}
    restore = (): void => void (this.restored = true)
    close = (): void => void this.emit('close')
    isFocused = (): boolean => false
    setProgressBar = (share: number): void => void (this.progress = share)
    isMinimized = (): boolean => true
    isMaximized = (): boolean => false
    isDestroyed = (): boolean => false
    getNormalBounds = () => ({ x: 5, y: 6, width: 900, height: 700 })
  }
  const permissions = {
    request: null as null | ((...parameters: unknown[]) => void),
    check: null as null | ((contents: unknown, permission: string) => boolean)
  }
  const menus: MenuItem[][] = []
  const handlers = new Map<string, unknown>()
  /** Boxes that were shown, and how the next ones are answered: with the number of a button. */
  const boxes: Box[] = []
  const answers: number[] = []
  const showMessageBox = async (...parameters: unknown[]) => {
    boxes.push(parameters.at(-1) as Box)
    return { response: answers.shift() ?? 0 }
  }
  const schemesGiven: unknown[] = []
  const power = { awake: false }
  const notices: { title: string; body: string }[] = []
  class FakeNotification extends EventEmitter {
    static isSupported = (): boolean => true
    constructor(readonly options: { title: string; body: string }) {
      super()
    }
    show = (): void => void notices.push(this.options)
  }
  const module: Record<string, unknown> = {
    app,
    BrowserWindow: FakeWindow,
    Menu: {
      buildFromTemplate: (template: (typeof menus)[number]) => template,
      setApplicationMenu: (menu: (typeof menus)[number]) => menus.push(menu)
    },
    // No box that blocks the process is among them: whoever shows one fails here.
    dialog: { showMessageBox },
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
    powerMonitor: new EventEmitter(),
    Notification: FakeNotification,
    powerSaveBlocker: {
      start() {
        power.awake = true
        return 7
      },
      stop: () => void (power.awake = false)
    },
    utilityProcess: {}
  }
  return { module, app, windows, permissions, menus, handlers, boxes, answers, schemesGiven, power, notices }
}

export interface FakeOptions {
  firstInstance: boolean
  packaged?: boolean
  locale?: string
}
export type FakeElectron = ReturnType<typeof createFakeElectron>
