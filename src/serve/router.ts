import type { IncomingMessage, ServerResponse } from 'node:http'
import type { WindowSession } from '../core'
import { messageOf } from '../shared/failure'
import type { Page } from '../core/page'
import type { Access } from './access'
import type { Dropped } from './dropped'
import { respondCall } from './api'
import type { EventStreams } from './events'
import { send, sendFailure, sendNotice } from './send'

interface Parts {
  access: Access
  streams: EventStreams
  page: Page
  /** Absent: nothing can be dropped here. */
  dropped?: Dropped
}

const apiPrefix = '/api/'

/** Who asks is checked before what is asked: Host, then Origin, then the token. */
export function createRouter({ access, streams, page, dropped }: Parts) {
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(`http://nomina${originForm(request.url)}`)
    const { pathname: path, searchParams: query } = url
    if (!access.hostAllowed(request)) return deny(request, response, 'This address is not Nomina’s own.')
    if (!access.originAllowed(request)) return deny(request, response, 'Only Nomina’s own page is answered.')
    const session = access.sessionOf(request)
    const token = query.get('token')
    if (path === '/' && token !== null && access.holderOf(request, token))
      return letIn(response, access.cookieOf(token))
    if (path === '/' && token !== null && session) return letIn(response, null)
    if (!session) return turnAway(request, response, path)
    if (path === '/api/events') return openStream(request, response, streams, session)
    if (path.startsWith(apiPrefix)) return respondCall(session, path.slice(apiPrefix.length), request, response)
    if (dropped && /^\/dropped(\/|$)/.test(path) && session.caller.role === 'owner')
      return dropped(path.slice('/dropped'.length), query, request, response)
    if (request.method !== 'GET' && request.method !== 'HEAD')
      return sendFailure(request, response, 405, 'refused', 'Only GET is answered here.', { allow: 'GET, HEAD' })
    const ifNoneMatch = request.headers['if-none-match'] ?? null
    const signal = left(response)
    send(request, response, await page({ method: request.method, path, query, ifNoneMatch, signal }, session))
  }

  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    try {
      await answer(request, response)
    } catch (error) {
      console.error(error)
      if (response.headersSent) response.destroy()
      else sendFailure(request, response, 500, 'internal', messageOf(error))
    }
  }
}

/** Given when the window has its answer, or waits for none any more: as a picture that was scrolled past. */
function left(response: ServerResponse): AbortSignal {
  const leaving = new AbortController()
  response.once('close', () => leaving.abort())
  return leaving.signal
}

/** Only a path that starts with one slash: `//other.host/` and absolute forms name other servers. */
function originForm(target: string | undefined): string {
  return target?.startsWith('/') && !target.startsWith('//') ? target : '/.nothing'
}

/** The token moves from the address, where it would stay in the history, to a cookie. */
function letIn(response: ServerResponse, cookie: string | null): void {
  response.writeHead(303, {
    location: '/',
    ...(cookie === null ? {} : { 'set-cookie': cookie }),
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer'
  })
  response.end()
}

function openStream(
  request: IncomingMessage,
  response: ServerResponse,
  streams: EventStreams,
  session: WindowSession
): void {
  if (request.method === 'GET') {
    response.on('close', session.arrive())
    return streams.open(session, response)
  }
  sendFailure(request, response, 405, 'refused', 'Events are read with GET.', { allow: 'GET' })
}

const deny = (request: IncomingMessage, response: ServerResponse, message: string): void =>
  sendFailure(request, response, 403, 'refused', message)

function turnAway(request: IncomingMessage, response: ServerResponse, path: string): void {
  const reason = 'This link is stale. Look at where Nomina runs and use the link that it prints.'
  if (path.startsWith(apiPrefix)) return sendFailure(request, response, 401, 'stale-link', reason)
  sendNotice(request, response, 401, 'This link to Nomina is stale', [
    'Links to Nomina hold a secret, so that no other page or program on this machine can read your names. This one holds another.',
    'Look at where Nomina runs, or start it again, and open the link that it prints.',
    'If you have just come here from another page, <a href="/">go on</a>.'
  ])
}
