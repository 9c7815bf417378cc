/** A Firefox as a person has it (Debian's firefox-esr), driven over WebDriver BiDi: Playwright's own is another build. */
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { delimiter, join } from 'node:path'

export interface Firefox {
  go(url: string): Promise<void>
  /** What an expression gives in the page; a promise is waited for. */
  see<T>(expression: string): Promise<T>
  /** Presses keys as on a keyboard, one after the other: `a`, `Enter`, `Alt+Shift+E`. */
  press(...keys: string[]): Promise<void>
  /** What the page complained of. */
  readonly complaints: readonly string[]
  close(): Promise<void>
}

export function findFirefox(): string | null {
  const folders = ['/usr/bin', ...(process.env.PATH ?? '').split(delimiter)]
  const named = process.env.NOMINA_FIREFOX
  const found = folders.flatMap((folder) => ['firefox-esr', 'firefox'].map((name) => join(folder, name)))
  return [...(named ? [named] : []), ...found].find((path) => existsSync(path)) ?? null
}

const codes: Record<string, string> = {
  Enter: '\uE007',
  Tab: '\uE004',
  Escape: '\uE00C',
  ArrowDown: '\uE015',
  Alt: '\uE00A',
  Shift: '\uE008',
  Control: '\uE009'
}

/** @param folder in which it may write */
export async function openFirefox(path: string, folder: string): Promise<Firefox> {
  const profile = join(folder, 'firefox')
  mkdirSync(profile, { recursive: true })
  const child = spawn(path, ['--headless', '--no-remote', '--profile', profile, '--remote-debugging-port', '0'], {
    env: { ...process.env, HOME: folder, MOZ_DISABLE_AUTO_SAFE_MODE: '1' }
  })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const address = await new Promise<string>((found, failed) => {
    let said = ''
    child.stderr.on('data', (chunk: Buffer) => {
      said += chunk.toString()
      const url = /WebDriver BiDi listening on (ws:\/\/\S+)/.exec(said)?.[1]
      if (url) found(url)
    })
    child.once('exit', (code) => failed(new Error(`Firefox ended with ${code}: ${said.slice(-500)}`)))
  })
  const socket = new WebSocket(`${address}/session`)
  await new Promise((opened, failed) => {
    socket.onopen = opened
    socket.onerror = failed
  })
  const complaints: string[] = []
  const waiting = new Map<number, { found(value: never): void; failed(error: Error): void }>()
  socket.onmessage = ({ data }) => {
    const { id, type, method, params, result, error, message } = JSON.parse(String(data)) as {
      id: number
      type: string
      method?: string
      params?: { level: string; text: string }
      result: never
      error?: string
      message?: string
    }
    if (method === 'log.entryAdded' && params?.level === 'error') complaints.push(params.text)
    const asked = waiting.get(id)
    waiting.delete(id)
    if (type === 'error') asked?.failed(new Error(`${error}: ${message}`))
    else asked?.found(result)
  }
  let last = 0
  const send = <T>(method: string, parameters: object): Promise<T> =>
    new Promise<T>((found, failed) => {
      waiting.set(++last, { found, failed })
      socket.send(JSON.stringify({ id: last, method, params: parameters }))
    })
  await send('session.new', { capabilities: {} })
  // The tab that it opens with leaves the focus to the address bar; one of our own has it, seen or not.
  const { context } = await send<{ context: string }>('browsingContext.create', { type: 'tab' })
  await send('browsingContext.activate', { context })
  await send('session.subscribe', { events: ['log.entryAdded'] })
  await send('browsingContext.setViewport', { context, viewport: { width: 1280, height: 800 } })

  return {
    go: async (url) => void (await send('browsingContext.navigate', { context, url, wait: 'complete' })),
    async see<T>(expression: string) {
      const given = {
        expression: `(async () => JSON.stringify(await (${expression})) ?? 'null')()`,
        awaitPromise: true
      }
      const { result, exceptionDetails } = await send<{
        result?: { value: string }
        exceptionDetails?: { text: string }
      }>('script.evaluate', { ...given, target: { context } })
      if (!result) throw new Error(exceptionDetails?.text)
      return JSON.parse(result.value) as T
    },
    async press(...keys) {
      const actions = keys.flatMap((key) => {
        const parts = key.split('+').map((part) => codes[part] ?? part)
        const down = parts.map((value) => ({ type: 'keyDown', value }))
        return [...down, ...parts.reverse().map((value) => ({ type: 'keyUp', value }))]
      })
      await send('input.performActions', { context, actions: [{ type: 'key', id: 'keyboard', actions }] })
    },
    complaints,
    async close() {
      socket.close()
      child.kill('SIGKILL')
      await ended
    }
  }
}
