/** Requests that nobody means, each a right one with hostile parts, drawn by fast-check; and some that are none at all. */
import fc from 'fast-check'
import { endpoints, type EndpointName } from '../../src/shared/contract'
import { hostileJson, placesOf, withAt } from '../../test/fixtures/hostile'
import type { Server } from './server'

/** What these do to a project as they are is no fault: they end it, or write where they are told to. */
const left = new Set<string>(['project.close', 'project.openSample', 'project.create', 'app.setReviewer'])
const names = (Object.keys(endpoints) as EndpointName[]).filter((name) => !left.has(name))

const request = fc.constantFrom(...names).chain((name) =>
  fc.record({
    name: fc.constant(name),
    parts: fc.array(
      fc.tuple(
        fc.constantFrom(...placesOf(endpoints[name].input as never)),
        fc.oneof(
          fc.constantFrom(...Object.values(hostileJson)).map((make) => make()),
          fc.jsonValue(),
          fc.integer({ min: 1, max: 20 }),
          fc.constant([1, 2, 3])
        )
      ),
      { minLength: 1, maxLength: 4 }
    )
  })
)

/** @returns what is wrong with the answers, a line each */
export async function sendRequests(
  server: Server,
  count: number,
  seed: number
): Promise<{ faults: string[]; slowest: number }> {
  const faults: string[] = []
  let slowest = 0
  for (const [index, { name, parts }] of fc.sample(request, { numRuns: count, seed }).entries()) {
    const input = parts.reduce<unknown>((whole, [place, value]) => withAt(whole, place, value), {})
    const taken = server.stopwatch()
    try {
      const { ok, error } = await server.call(name, input)
      if (!ok && (error?.code === 'internal' || !/\w/.test(error?.message ?? '')))
        faults.push(`request ${index}, ${name}: ${error?.code}: ${error?.message}`)
    } catch (error) {
      faults.push(`request ${index}, ${name}: ${String(error)}`)
      if (!server.isAlive()) break
    }
    slowest = Math.max(slowest, taken())
  }
  return { faults, slowest }
}

const broken: [string, RequestInit][] = [
  ['/api/fields.ids', { method: 'POST', body: '{"filter":' }],
  ['/api/fields.ids', { method: 'POST', body: Buffer.from([0xff, 0xfe, 0x00]) }],
  ['/api/fields.ids', { method: 'POST', body: '['.repeat(1_000_000) }],
  ['/api/fields.ids', { method: 'PUT', body: '{}' }],
  ['/api/fields.ids', { method: 'POST', body: '{}', headers: { 'content-type': 'text/plain' } }],
  ['/api/__proto__', { method: 'POST', body: '{}' }],
  ['/crop/99999999999999999999/full', {}],
  [`/${'a'.repeat(8000)}`, {}],
  ['/crop/%00/full', {}],
  ['/%E0%A4%A', {}]
]

/** What is no call of ours: an answer below 500 is right. */
export async function sendBroken(server: Server): Promise<string[]> {
  const faults: string[] = []
  for (const [path, options] of broken) {
    const status = await server.send(path, options).catch((error: unknown) => String(error))
    if (typeof status === 'string' || status >= 500) faults.push(`${path.slice(0, 40)}: ${status}`)
  }
  return faults
}
