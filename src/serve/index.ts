/** The loopback shell: the same app in a browser, on this machine only, for whoever has the link. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Core } from '../core/app'
import { NominaError } from '../core/failure'
import { createPage } from '../core/page'
import { createAccess } from './access'
import { createEventStreams } from './events'
import { createRouter } from './router'

const HOST = '127.0.0.1'
/** How long calls under way may take to be answered when the server stops. */
const PATIENCE_MS = 3000

export interface ServeOptions {
  /** 0 or absent: any free port. */
  port?: number | undefined
  /** The built page. */
  rendererDir: string
  /** A project to open first. */
  openProject?: string | undefined
}

export interface RunningServer {
  /** The link that lets a browser in; it holds the token. */
  url: string
  port: number
  /** Ends streams, answers what is under way, closes the core. Closing twice is the same as once. */
  close(): Promise<void>
}

/** @throws NominaError('busy' | 'refused') where the port cannot be had, and whatever opening the project throws */
export async function startServer(core: Core, options: ServeOptions): Promise<RunningServer> {
  if (options.openProject !== undefined) await openProject(core, options.openProject)
  const server = createServer({ keepAliveTimeout: 60_000 })
  const port = await listen(server, options.port ?? 0)
  const access = createAccess(port)
  const streams = createEventStreams(core)
  const route = createRouter({ core, access, streams, page: createPage(core, options.rendererDir) })
  server.on('request', (request: IncomingMessage, response: ServerResponse) => void route(request, response))
  let closing: Promise<void> | null = null
  return {
    url: `http://${HOST}:${port}/?token=${access.token}`,
    port,
    close() {
      closing ??= stop(server, streams).finally(() => core.close())
      return closing
    }
  }
}

async function openProject(core: Core, path: string): Promise<void> {
  const reply = await core.call('project.open', { path })
  if (!reply.ok) throw new NominaError(reply.error.code, reply.error.message)
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(portError(error, port)))
    server.listen({ host: HOST, port, exclusive: true }, () => resolve((server.address() as AddressInfo).port))
  })
}

function portError(error: NodeJS.ErrnoException, port: number): Error {
  if (error.code === 'EADDRINUSE')
    return new NominaError(
      'busy',
      `Port ${port} is in use by another program. Give another --port, or none for any free one.`
    )
  if (error.code === 'EACCES')
    return new NominaError('refused', `Port ${port} may not be used by this user. Give a --port above 1023.`)
  return error
}

async function stop(server: Server, streams: { close(): void }): Promise<void> {
  streams.close()
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  // A connection is idle as soon as its last answer is out, which `close` alone would not notice.
  const idle = setInterval(() => server.closeIdleConnections(), 20)
  const impatient = setTimeout(() => server.closeAllConnections(), PATIENCE_MS)
  await closed
  clearInterval(idle)
  clearTimeout(impatient)
}
