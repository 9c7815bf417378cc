import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { createRouter } from '../../src/serve/router'

test('a window that waits no more for a picture is told to whoever makes it', async () => {
  const parts = {
    access: { hostAllowed: () => true, originAllowed: () => true, sessionOf: () => ({ caller: { role: 'owner' } }) },
    page: (asked: { signal: AbortSignal }) => {
      leave.abort()
      return new Promise((resolve) =>
        asked.signal.addEventListener('abort', () => {
          resolve({ status: 422, headers: {}, body: '' })
          left()
        })
      )
    }
  }
  const leave = new AbortController()
  let left = (): void => {}
  const told = new Promise<void>((resolve) => (left = resolve))
  const router = createRouter(parts as unknown as Parameters<typeof createRouter>[0])
  const server = createServer((request, response) => void router(request, response)).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as AddressInfo
  await expect(fetch(`http://127.0.0.1:${port}/crop/1/thumbnail`, { signal: leave.signal })).rejects.toThrow(/abort/)
  await told
  server.close()
})
