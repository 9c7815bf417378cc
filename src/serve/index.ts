/** The browser shell: the same app for whoever has a link; on this machine only, unless it is shared on purpose. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { Core } from '../core/app'
import { NominaError } from '../shared/failure'
import { createPage } from '../core/page'
import { Team } from '../core/reviewers'
import { createAccess } from './access'
import { createEventStreams } from './events'
import { createRouter } from './router'
import { prepareShare, type ShareOptions } from './share'

export type { ShareOptions } from './share'

const LOOPBACK = '127.0.0.1'
/** How long calls under way may take to be answered when the server stops. */
const PATIENCE_MS = 3000

export interface ServeOptions {
  /** 0 or absent: any free port. */
  port?: number | undefined
  /** The built page. */
  rendererDir: string
  /** A project to open first. */
  openProject?: string | undefined
  /** Lets other people in, each by a link of their own. */
  share?: ShareOptions | undefined
}

export interface RunningServer {
  /** The link that lets a browser in; it holds the token. */
  url: string
  port: number
  /** Each reviewer's own link. */
  links: { name: string; url: string }[]
  /** Ends streams, answers what is under way, closes the core. Closing twice is the same as once. */
  close(): Promise<void>
}

/** @throws NominaError('busy' | 'refused') where the port cannot be had, and whatever opening the project throws */
export async function startServer(core: Core, options: ServeOptions): Promise<RunningServer> {
  const shared = options.share ? prepareShare(options.share) : null
  if (options.openProject !== undefined) await openProject(core, options.openProject)
  const settings = { keepAliveTimeout: 60_000 }
  const server = shared?.tls ? createSecureServer({ ...settings, ...shared.tls }) : createServer(settings)
  const port = await listen(server, options.port ?? 0, shared?.host ?? LOOPBACK)
  const secure = Boolean(shared?.tls)
  const access = createAccess({ port, secure, hostNames: shared?.hostNames, people: shared?.people })
  if (shared) core.context.team = new Team([...shared.people.values()])
  const streams = createEventStreams(core)
  const route = createRouter({ core, access, streams, page: createPage(core, options.rendererDir) })
  server.on('request', (request: IncomingMessage, response: ServerResponse) => void route(request, response))
  let closing: Promise<void> | null = null
  return {
    url: `${secure ? 'https' : 'http'}://${LOOPBACK}:${port}/?token=${access.token}`,
    port,
    links: [...(shared?.people ?? [])].map(([token, name]) => ({ name, url: shared!.link(port, token) })),
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

function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(portError(error, port, host)))
    server.listen({ host, port, exclusive: true }, () => resolve((server.address() as AddressInfo).port))
  })
}

function portError(error: NodeJS.ErrnoException, port: number, host: string): Error {
  if (error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND')
    return new NominaError('invalid-input', `${host} is no address of this machine. Give one of its own as --host.`)
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
