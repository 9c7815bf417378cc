import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

/** Who may speak to the loopback server: whoever holds the token, from a page of its own origin. */
export interface Access {
  token: string
  /** Host is a name of this server: a foreign name that resolves to 127.0.0.1 (DNS rebinding) is refused. */
  hostAllowed(request: IncomingMessage): boolean
  /** Sent by a page of this server, or by no page at all (an address typed, a command-line client). */
  originAllowed(request: IncomingMessage): boolean
  holdsCookie(request: IncomingMessage): boolean
  isToken(candidate: string | null): boolean
  /** Value of Set-Cookie: for this browser session, out of reach of scripts and of other sites. */
  cookie: string
}

export function createAccess(port: number): Access {
  const token = randomBytes(32).toString('base64url')
  const hosts = new Set([`127.0.0.1:${port}`, `localhost:${port}`])
  // Cookies are shared by all ports of a host: the name keeps two Nominas apart.
  const name = `nomina_${port}`
  const isToken = (candidate: string | null): boolean => candidate !== null && sameSecret(candidate, token)
  return {
    token,
    isToken,
    hostAllowed: ({ headers }) => hosts.has(headers.host ?? ''),
    originAllowed({ headers }) {
      if (headers.origin !== undefined && headers.origin !== `http://${headers.host}`) return false
      const from = headers['sec-fetch-site']
      return from === undefined || from === 'same-origin' || from === 'none' || headers['sec-fetch-mode'] === 'navigate'
    },
    holdsCookie: ({ headers }) => isToken(cookieValue(headers.cookie, name)),
    cookie: `${name}=${token}; Path=/; HttpOnly; SameSite=Strict`
  }
}

/** Takes as long for a nearly right secret as for a wrong one, whatever its length. */
function sameSecret(a: string, b: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(a), digest(b))
}

function cookieValue(header: string | undefined, name: string): string | null {
  const prefix = `${name}=`
  const found = header
    ?.split(';')
    .map((part) => part.trim())
    .find((part) => part.startsWith(prefix))
  return found?.slice(prefix.length) ?? null
}
