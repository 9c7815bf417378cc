import type { IncomingMessage } from 'node:http'
import type { Caller } from '../core/app'
import { NominaError } from '../shared/failure'

/** Bytes of one request. The owner's may decide on a million fields at once; a reviewer's on some ten thousand. */
const mostBytes: Record<Caller['role'], number> = { owner: 64 * 1024 * 1024, reviewer: 2 * 1024 * 1024 }

/**
 * Reads a JSON body.
 * @throws NominaError('too-large' | 'invalid-input')
 */
export async function readJson(request: IncomingMessage, role: Caller['role']): Promise<unknown> {
  const limit = mostBytes[role]
  const tooLarge = new NominaError('too-large', `A request may have ${limit} bytes at most.`)
  if (Number(request.headers['content-length'] ?? 0) > limit) throw tooLarge
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > limit) throw tooLarge
    chunks.push(chunk)
  }
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks)))
  } catch {
    throw new NominaError('invalid-input', 'The body of the request is not JSON in UTF-8.')
  }
}
