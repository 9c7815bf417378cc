import { join } from 'node:path'
import { startServer, type RunningServer } from '../../src/serve'
import { createTestCore, writePage } from './core'
import { loadHost, stubBrowser } from './page'
import type { Shell } from './shell'

/** A server on the loopback with a core of its own. */
export async function openServer(dataDir: string): Promise<RunningServer & { origin: string }> {
  const rendererDir = join(dataDir, 'page', 'renderer')
  await writePage(rendererDir)
  const core = await createTestCore(dataDir, 'browser')
  const server = await startServer(core, { rendererDir })
  return { ...server, origin: `http://127.0.0.1:${server.port}` }
}

/** Follows the link as a browser would: the cookie it is given, and where it is sent. */
export async function followLink(url: string): Promise<{ cookie: string; setCookie: string; location: string | null }> {
  const response = await fetch(url, { redirect: 'manual' })
  const setCookie = response.headers.get('set-cookie') ?? ''
  return { setCookie, cookie: setCookie.split(';')[0] ?? '', location: response.headers.get('location') }
}

export async function openBrowserShell(dataDir: string): Promise<Shell> {
  const server = await openServer(dataDir)
  const { cookie } = await followLink(server.url)
  const browser = stubBrowser(server.origin, cookie)
  const { transport, host } = await loadHost({})
  return {
    transport,
    host,
    async get(path) {
      const response = await fetch(path)
      return { status: response.status, headers: response.headers, bytes: new Uint8Array(await response.arrayBuffer()) }
    },
    async close() {
      browser.close()
      await server.close()
    }
  }
}
