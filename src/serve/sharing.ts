/** Inviting from a window: the first invitation opens a door of its own to other machines, whatever the shell. */
import { createServer } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Core } from '../core'
import { createPage } from '../core/page'
import { createAccess } from './access'
import { keepAddress, readAddress } from './address'
import { createEventStreams } from './events'
import type { Guests } from './guests'
import { listen, stop } from './listen'
import { createRouter } from './router'
import { everywhere, ownNames, refuseName } from './share'

/** Where other machines find it. */
export interface Door {
  link(token: string): string
}

export interface SharingOptions {
  rendererDir: string
  /** In which the door's port is kept, so that links outlive a restart. */
  folder: string
  guests: Guests
  /** The one that a server that is shared already has. */
  door?: Door | undefined
}

/** Lets the core's windows invite people. @returns what closes the door */
export function offerSharing(core: Core, { rendererDir, folder, guests, door }: SharingOptions): () => Promise<void> {
  let opened: Promise<{ door: Door; close: () => Promise<void> }> | null = null
  const doorOf = async (): Promise<Door> => {
    if (door) return door
    opened ??= openDoor(core, rendererDir, folder, guests)
    opened.catch(() => (opened = null))
    return (await opened).door
  }
  let known: Door | null = door ?? null
  core.app.sharing = {
    async invite(project, given) {
      const name = refuseName(given)
      known = await doorOf()
      return known.link(await guests.admit(project, name))
    },
    revoke: (project, name) => guests.dismiss(project, name),
    links: (project) =>
      new Map(known ? [...guests.tokensOf(project)].map(([name, token]) => [name, known!.link(token)]) : [])
  }
  return async () => {
    if (opened) await (await opened).close()
  }
}

async function openDoor(core: Core, rendererDir: string, folder: string, guests: Guests) {
  const before = readAddress(folder, 'door')
  const server: Server = createServer({ keepAliveTimeout: 60_000 })
  const port = await listen(server, before?.port ?? 0, everywhere).catch(() => listen(server, 0, everywhere))
  const hostNames = ownNames()
  // Nobody comes in here as the owner: the token of that is told to no one.
  const access = createAccess({ port, hostNames, token: before?.token, owner: core.window(), guests })
  keepAddress(folder, { port, token: access.token }, 'door')
  const streams = createEventStreams()
  const route = createRouter({ access, streams, page: createPage(rendererDir) })
  server.on('request', (request: IncomingMessage, response: ServerResponse) => void route(request, response))
  const host = hostNames[0] ?? '127.0.0.1'
  return {
    door: { link: (token: string) => `http://${host}:${port}/?token=${token}` },
    close: () => stop(server, streams)
  }
}
