/** A server at a port, and its orderly end. */
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { NominaError } from '../shared/failure'

/** How long calls under way may take to be answered when the server stops. */
const PATIENCE_MS = 3000

export function listen(server: Server, port: number, host: string): Promise<number> {
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

export async function stop(server: Server, streams: { close(): void }): Promise<void> {
  streams.close()
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  // A connection is idle as soon as its last answer is out, which `close` alone would not notice.
  const idle = setInterval(() => server.closeIdleConnections(), 20)
  const impatient = setTimeout(() => server.closeAllConnections(), PATIENCE_MS)
  await closed
  clearInterval(idle)
  clearTimeout(impatient)
}
