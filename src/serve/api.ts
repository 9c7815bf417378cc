import type { IncomingMessage, ServerResponse } from 'node:http'
import type { WindowSession } from '../core'
import { NominaError } from '../shared/failure'
import { endpoints } from '../shared/contract'
import { readJson } from './body'
import { sendFailure, sendJson } from './send'

/** `POST /api/<endpoint>`: the input as JSON in, the reply as JSON out. What the core refuses is still a reply: 200. */
export async function respondCall(
  session: Pick<WindowSession, 'call' | 'caller'>,
  name: string,
  request: IncomingMessage,
  response: ServerResponse
): Promise<void> {
  if (!Object.hasOwn(endpoints, name)) return sendJson(request, response, 404, await session.call(name, null))
  if (request.method !== 'POST')
    return sendFailure(request, response, 405, 'refused', 'Endpoints are called with POST.', { allow: 'POST' })
  const type = request.headers['content-type']?.split(';')[0]?.trim().toLowerCase()
  if (type !== 'application/json')
    return sendFailure(request, response, 415, 'invalid-input', 'The body of the request must be application/json.')
  let input: unknown
  try {
    input = await readJson(request, session.caller.role)
  } catch (error) {
    if (!(error instanceof NominaError)) return void response.destroy() // the client went away while it was sending
    return sendFailure(request, response, error.code === 'too-large' ? 413 : 400, error.code, error.message)
  }
  sendJson(request, response, 200, await session.call(name, input))
}
