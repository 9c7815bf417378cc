import { BrowserWindow } from 'electron'

interface Message {
  channel: string
  payload: unknown
}

/** The one window, whether it is open or not. */
export class MainWindow {
  private window: BrowserWindow | null = null
  private listening = false
  /** For a page that does not listen yet. */
  private waiting: Message[] = []

  /** @param open makes the window and loads the page into it */
  constructor(private readonly open: () => BrowserWindow) {}

  get current(): BrowserWindow | null {
    return this.window
  }

  /** Opens it, or brings it to the front. */
  show(): void {
    const window = (this.window ??= this.opened())
    if (window.isMinimized()) window.restore()
    window.focus()
  }

  /** An event. A page that is not there yet asks for everything when it comes: it misses nothing. */
  send(channel: string, payload: unknown): void {
    const { window } = this
    if (!window || window.isDestroyed() || window.webContents.isCrashed()) return
    window.webContents.send(channel, payload)
  }

  /** A command of a person's. It opens the window where there is none, and waits until the page listens. */
  tell(channel: string, payload: unknown): void {
    this.show()
    if (this.listening) this.send(channel, payload)
    else this.waiting.push({ channel, payload })
  }

  private opened(): BrowserWindow {
    const window = this.open()
    const { webContents: page } = window
    window.on('closed', () => {
      this.window = null
      this.listening = false
    })
    page.on('render-process-gone', () => (this.listening = false))
    page.on('did-start-loading', () => (this.listening = false))
    page.on('did-finish-load', () => {
      this.listening = true
      for (const { channel, payload } of this.waiting.splice(0)) this.send(channel, payload)
    })
    return window
  }
}
