import type { IncomingMessage, ServerResponse } from 'node:http'
import { securityHeaders, type PageResponse } from '../core/page'

type Headers = Record<string, string>

/** Answers; where the request's body was not read to its end, the connection cannot be used again and is closed after. */
export function send(
  request: IncomingMessage,
  response: ServerResponse,
  { status, headers, body }: PageResponse
): void {
  const unread = !request.complete
  const closing: Headers = unread ? { connection: 'close' } : {}
  const length: Headers = body === null ? {} : { 'content-length': String(Buffer.byteLength(body)) }
  response.writeHead(status, { ...headers, ...length, ...closing })
  response.end(request.method === 'HEAD' || body === null ? undefined : body)
  if (unread) request.resume() // let the client finish sending, so that it gets to read the answer
}

export const sendJson = (
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  value: unknown,
  more: Headers = {}
): void =>
  send(request, response, {
    status,
    headers: {
      ...securityHeaders,
      'content-type': 'application/json; charset=utf-8',
      'cache-control': 'no-store',
      ...more
    },
    body: JSON.stringify(value)
  })

export const sendFailure = (
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  code: string,
  message: string,
  more: Headers = {}
): void => sendJson(request, response, status, { ok: false, error: { code, message } }, more)

/** A page that needs nothing but itself: for whoever has no right to the app's own files. */
export const sendNotice = (
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  title: string,
  paragraphs: string[]
): void =>
  send(request, response, {
    status,
    headers: { ...securityHeaders, 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' },
    body: `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark"><title>${title}</title></head>
<body style="font: 16px/1.5 system-ui, sans-serif; max-width: 34em; margin: 15vh auto; padding: 0 1.5em">
<h1 style="font-size: 1.4em">${title}</h1>${paragraphs.map((text) => `<p>${text}</p>`).join('')}</body></html>`
  })
