/** The real Electron, where its binary and a display are: the built app, driven through its window's own bridge. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { _electron } from 'playwright'
import { installedElectron, whyNoWindow } from '../../scripts/lib/electron.mjs'
import { events, type Bridge, type EventName } from '../../src/shared/contract'
import { settings } from './core'
import type { Shell } from './shell'

declare const window: { nomina: Bridge; tell: (name: string, payload: unknown) => void }

/** Why the real Electron can't be tried here, or null. */
export function whyNoElectron(): string | null {
  const noWindow = whyNoWindow()
  if (noWindow) return noWindow
  if (!installedElectron()) return 'its binary is not installed'
  return existsSync(join(settings.installation, 'out', 'main', 'index.js')) ? null : 'Nomina is not built'
}

export async function openElectron(dataDir: string): Promise<Shell> {
  const environment = { ...process.env, NOMINA_HOME: dataDir } as Record<string, string>
  delete environment.ELECTRON_RUN_AS_NODE
  const app = await _electron.launch({
    executablePath: installedElectron()!,
    args: [settings.installation],
    env: environment
  })
  const page = await app.firstWindow()
  const listeners = new Map<string, Set<(payload: never) => void>>()
  await page.exposeFunction('tell', (name: string, payload: never) => {
    for (const listener of listeners.get(name) ?? []) listener(payload)
  })
  await page.evaluate(
    (names) => {
      for (const name of names) window.nomina.on(name, (payload) => window.tell(name, payload))
    },
    Object.keys(events) as EventName[]
  )
  return {
    transport: {
      call: (name, input) =>
        page.evaluate(([name, input]) => window.nomina.call(name as never, JSON.parse(input) as never), [
          name,
          JSON.stringify(input)
        ] as const),
      on(name, listener) {
        const set = listeners.get(name) ?? new Set()
        listeners.set(name, set.add(listener))
        return () => void set.delete(listener)
      }
    },
    host: { shell: await page.evaluate(() => window.nomina.shell) } as Shell['host'],
    async get(path) {
      const got = await page.evaluate(async (path) => {
        const response = await fetch(path)
        const bytes = [...new Uint8Array(await response.arrayBuffer())]
        return { status: response.status, headers: [...response.headers], bytes }
      }, path)
      return {
        status: got.status,
        headers: new Headers(got.headers as [string, string][]),
        bytes: Uint8Array.from(got.bytes)
      }
    },
    close: () => app.close()
  }
}
