/** A served project and a person who decides in it over HTTP, and remembers what was acknowledged. */
import type { ChildProcess } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { createInterface } from 'node:readline'
import type { Database } from '../../src/core/store'
import { command, type Faults, type Ground } from './ground'

export interface Server {
  child: ChildProcess
  call(name: string, input: unknown): Promise<Reply>
}

export interface Reply {
  ok: boolean
  value?: Record<string, unknown>
  error?: { code: string; message: string }
}

/** Two shells on one project: the second has a port of its own. */
export async function serveTwice(ground: Ground): Promise<[Server, Server]> {
  return [await serve(ground), await serve(ground, await freePort())]
}

/** @param port absent: the project's own */
export async function serve(ground: Ground, port?: number): Promise<Server> {
  const child = command(ground, ['serve', ground.project, '--json', ...(port ? ['--port', String(port)] : [])])
  for await (const line of createInterface({ input: child.stdout! })) {
    const { url } = JSON.parse(line) as { url?: string }
    if (url === undefined) throw new Error(`The server did not start: ${line}`)
    child.stdout!.resume()
    const cookie = (await fetch(url, { redirect: 'manual' })).headers.get('set-cookie')!.split(';')[0]!
    const { origin } = new URL(url)
    return {
      child,
      async call(name, input) {
        const headers = { cookie, origin, 'content-type': 'application/json' }
        const response = await fetch(`${origin}/api/${name}`, { method: 'POST', headers, body: JSON.stringify(input) })
        return (await response.json()) as Reply
      }
    }
  }
  throw new Error('The server did not start.')
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

/** A decision that was sent; `told`: its reply came. */
export interface Sent {
  request: string
  id: number
  text: string
  told: boolean
}

/** Decides on one field after the other until the server is gone. */
export async function decideAll({ call }: Server, ids: number[], name: string, log: Sent[]): Promise<void> {
  for (const id of ids) {
    const sent: Sent = { request: randomUUID(), id, text: `${name} ${id}`, told: false }
    log.push(sent)
    try {
      const { request, text } = sent
      const reply = await call('review.decide', { ids: [id], kind: 'corrected', text, seen: null, request })
      if (reply.ok) sent.told = true
      else if (reply.error?.code === 'conflict') log.pop()
      else throw new Error(`review.decide: ${JSON.stringify(reply.error)}`)
    } catch (error) {
      if (error instanceof TypeError) return // the connection is gone
      throw error
    }
  }
}

/** Acknowledged decisions that are not there, are there twice, or that do not count though nothing newer was sent. */
export function wrongDecisions(db: Database, log: Sent[]): Faults {
  const stored = db.prepare<[string], { id: number; times: number }>(
    'SELECT d.field_id AS id, count(*) AS times FROM actions a JOIN decisions d ON d.action_id = a.id WHERE a.request = ?'
  )
  const shown = db.prepare<[number], string>('SELECT text FROM fields WHERE id = ?').pluck()
  return log.flatMap(({ request, id, text, told }) => {
    const { times } = stored.get(request)!
    if (told && times === 0) return [`the acknowledged decision on field ${id} is lost`]
    if (times > 1) return [`the decision on field ${id} is there ${times} times`]
    return times === 1 && shown.get(id) !== text ? [`the decision on field ${id} was overwritten by an older one`] : []
  })
}
