import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { WindowSession } from '../core'

/** Who may speak to the server: whoever holds a token, from a page of its own origin. */
export interface Access {
  /** The owner's. */
  token: string
  /** Host is a name of this server: a foreign name that resolves to it (DNS rebinding) is refused. */
  hostAllowed(request: IncomingMessage): boolean
  /** Sent by a page of this server, or by no page at all (an address typed, a command-line client). */
  originAllowed(request: IncomingMessage): boolean
  /** Whose cookie the request carries, or null: their session leads to their project. */
  sessionOf(request: IncomingMessage): WindowSession | null
  /** Whose link the token is of, as seen from where the request comes, or null. */
  holderOf(request: IncomingMessage, token: string | null): WindowSession | null
  /** Value of Set-Cookie: for this browser session, out of reach of scripts and of other sites. */
  cookieOf(token: string): string
}

export interface AccessOptions {
  port: number
  /** The owner's, kept from an earlier start; absent: a new one. */
  token?: string | undefined
  /** Names and addresses beside the loopback's that this server is reached by, without a port. */
  hostNames?: readonly string[]
  secure?: boolean
  owner: WindowSession
  /** Reviewers' sessions by their tokens. */
  guests?: { sessions(): Iterable<[string, WindowSession]> } | undefined
}

export const newToken = (): string => randomBytes(32).toString('base64url')

const loopback = new Set(['127.0.0.1', '::1', '::ffff:127.0.0.1'])

export function createAccess({
  port,
  token = newToken(),
  hostNames = [],
  secure = false,
  owner,
  guests
}: AccessOptions): Access {
  const hosts = new Set(['127.0.0.1', 'localhost', ...hostNames].map((name) => `${name.toLowerCase()}:${port}`))
  // Cookies are shared by all ports of a host: the name keeps two Nominas apart.
  const name = `nomina_${port}`

  /** The owner's link works on this machine only. */
  function holderOf(request: IncomingMessage, candidate: string | null): WindowSession | null {
    if (candidate === null) return null
    const said = digest(candidate)
    if (isOf(said, token)) return loopback.has(request.socket.remoteAddress ?? '') ? owner : null
    for (const [secret, guest] of guests?.sessions() ?? []) if (isOf(said, secret)) return guest
    return null
  }
  return {
    token,
    holderOf,
    hostAllowed: ({ headers }) => hosts.has((headers.host ?? '').toLowerCase()),
    originAllowed({ headers }) {
      const own = `${secure ? 'https' : 'http'}://${headers.host}`
      if (headers.origin !== undefined && headers.origin !== own) return false
      const from = headers['sec-fetch-site']
      return from === undefined || from === 'same-origin' || from === 'none' || headers['sec-fetch-mode'] === 'navigate'
    },
    sessionOf: (request) => holderOf(request, cookieValue(request.headers.cookie, name)),
    cookieOf: (held) => `${name}=${held}; Path=/; HttpOnly; SameSite=Strict${secure ? '; Secure' : ''}`
  }
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest()

/** Of the secrets of links. */
const digests = new Map<string, Buffer>()

function digestOfSecret(secret: string): Buffer {
  const known = digests.get(secret) ?? digest(secret)
  digests.set(secret, known)
  return known
}

/** Takes as long for a nearly right secret as for a wrong one, whatever its length. */
const isOf = (candidate: Buffer, secret: string): boolean => timingSafeEqual(candidate, digestOfSecret(secret))

function cookieValue(header: string | undefined, name: string): string | null {
  const prefix = `${name}=`
  const found = header
    ?.split(';')
    .map((part) => part.trim())
    .find((part) => part.startsWith(prefix))
  return found?.slice(prefix.length) ?? null
}
