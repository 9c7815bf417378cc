import { vi } from 'vitest'

/** Loads the renderer's `host.ts` as in a fresh page whose `window` holds these. */
export async function loadHost(window: object): Promise<typeof import('../../src/renderer/src/host')> {
  vi.resetModules()
  vi.stubGlobal('window', window)
  return import('../../src/renderer/src/host')
}

/** What a browser does for a page of this origin: resolves relative addresses and sends its cookie and Origin. */
export function stubBrowser(origin: string, cookie: string): { close(): void } {
  const realFetch = globalThis.fetch
  const closing = new AbortController()
  const own = (path: string, init: RequestInit = {}): Promise<Response> =>
    realFetch(new URL(path, origin), {
      ...init,
      headers: { ...(init.headers as Record<string, string>), cookie, origin },
      signal: closing.signal
    })

  class EventSourceOverFetch {
    onopen: (() => void) | null = null
    onerror: (() => void) | null = null
    private readonly listeners = new Map<string, (message: { data: string }) => void>()
    private closed = false

    constructor(path: string) {
      void this.read(path).catch(() => this.closed || closing.signal.aborted || this.onerror?.())
    }

    addEventListener(name: string, listener: (message: { data: string }) => void): void {
      this.listeners.set(name, listener)
    }

    close(): void {
      this.closed = true
    }

    private async read(path: string): Promise<void> {
      const response = await own(path)
      if (!response.ok || !response.body) throw new Error(`events: ${response.status}`)
      this.onopen?.()
      let text = ''
      for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
        const messages = (text + chunk).split('\n\n')
        text = messages.pop() ?? ''
        for (const message of messages) this.dispatch(message)
      }
      throw new Error('the stream has ended')
    }

    private dispatch(message: string): void {
      const name = /^event: (.*)$/m.exec(message)?.[1]
      const data = /^data: (.*)$/m.exec(message)?.[1]
      if (name && data) this.listeners.get(name)?.({ data })
    }
  }

  vi.stubGlobal('fetch', own)
  vi.stubGlobal('EventSource', EventSourceOverFetch)
  return {
    close() {
      closing.abort()
      vi.unstubAllGlobals()
    }
  }
}
