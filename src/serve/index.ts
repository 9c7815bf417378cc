/** The browser shell: the same app for whoever has a link; on this machine only, unless it is shared on purpose. */
import { join } from 'node:path'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { Core, WindowSession } from '../core'
import { NominaError } from '../shared/failure'
import { createPage } from '../core/page'
import { createAccess } from './access'
import { keepAddress, readAddress } from './address'
import { takeDropped } from './dropped'
import { createEventStreams } from './events'
import { createRouter } from './router'
import { Guests } from './guests'
import { listen, stop } from './listen'
import { prepareShare, type ShareOptions } from './share'
import { offerSharing } from './sharing'

export { Guests } from './guests'
export type { ShareOptions } from './share'
export { offerSharing } from './sharing'

const LOOPBACK = '127.0.0.1'

export interface ServeOptions {
  /** 0 or absent: any free port. */
  port?: number | undefined
  /** The built page. */
  rendererDir: string
  /** A project to open first. */
  openProject?: string | undefined
  /**
   * Where port and secret are kept from one start to the next: the project's folder, or the user's own where none is opened
   * first. With `must`, another port than the kept one is taken only if it is asked for.
   */
  kept?: { folder: string; must: boolean } | undefined
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

/** @throws NominaError('port-taken' | 'busy' | 'refused') where the port cannot be had, and whatever opening the project throws */
export async function startServer(core: Core, options: ServeOptions): Promise<RunningServer> {
  const shared = options.share ? prepareShare(options.share) : null
  const owner = core.window()
  if (options.openProject !== undefined) await openProject(owner, options.openProject)
  const settings = { keepAliveTimeout: 60_000 }
  const server = shared?.tls ? createSecureServer({ ...settings, ...shared.tls }) : createServer(settings)
  const kept = options.kept ? readAddress(options.kept.folder) : null
  const host = shared?.host ?? LOOPBACK
  const port = await listenAgain(server, options, kept?.port ?? 0, host)
  const secure = Boolean(shared?.tls)
  const { dataDir } = core.app.options
  const guests = new Guests(core, options.share?.linksFile ?? join(dataDir, 'share-links.json'))
  const links: { name: string; url: string }[] = []
  if (shared && options.share) {
    const project = await core.open(options.share.project, { goOn: true })
    for (const name of shared.names) links.push({ name, url: shared.link(port, await guests.admit(project, name)) })
  }
  const door = shared ? { link: (token: string) => shared.link(port, token) } : undefined
  const closeDoor = offerSharing(core, { rendererDir: options.rendererDir, folder: dataDir, guests, door })
  const access = createAccess({ port, secure, token: kept?.token, hostNames: shared?.hostNames, owner, guests })
  const streams = createEventStreams()
  const route = createRouter({ access, streams, page: createPage(options.rendererDir), dropped: takeDropped(dataDir) })
  server.on('request', (request: IncomingMessage, response: ServerResponse) => void route(request, response))
  // A second server of the same folder is for a while: the first one is where pages look.
  if (options.kept && (options.kept.must || !kept || kept.port === port))
    keepAddress(options.kept.folder, { port, token: access.token })
  let closing: Promise<void> | null = null
  return {
    url: `${secure ? 'https' : 'http'}://${LOOPBACK}:${port}/?token=${access.token}`,
    port,
    links,
    close() {
      closing ??= Promise.all([stop(server, streams), closeDoor()])
        .then(() => undefined)
        .finally(() => core.close())
      return closing
    }
  }
}

async function openProject(owner: WindowSession, path: string): Promise<void> {
  const reply = await owner.call('project.open', { path })
  if (!reply.ok) throw new NominaError(reply.error.code, reply.error.message)
}

/** At the port that was asked for, else where it was before, where pages left open look for it. */
async function listenAgain(
  server: Server,
  { port, kept }: ServeOptions,
  before: number,
  host: string
): Promise<number> {
  if (port !== undefined || before === 0) return listen(server, port ?? 0, host)
  try {
    return await listen(server, before, host)
  } catch (error) {
    if (!(error instanceof NominaError && error.code === 'busy')) throw error
    if (!kept?.must) return listen(server, 0, host)
    throw new NominaError(
      'port-taken',
      `Port ${before}, where this project was served before, is in use by another program. A page that was left open ` +
        'there keeps what was not stored yet. Stop that program and start again, and the page stores it. With another --port ' +
        'the page goes on waiting until the project is served at its old port again.'
    )
  }
}
