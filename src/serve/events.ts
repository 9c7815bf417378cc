import type { ServerResponse } from 'node:http'
import type { Core } from '../core/app'
import { securityHeaders } from '../core/page'
import { events, type EventName } from '../shared/contract'

const HEARTBEAT_MS = 15_000
/** A page that reads this many bytes behind has stalled: it is dropped, and connects and asks anew. */
const MOST_UNREAD_BYTES = 4 * 1024 * 1024

export interface EventStreams {
  open(response: ServerResponse): void
  close(): void
}

/** Server-sent events: every event of the core to every connected page. */
export function createEventStreams(core: Pick<Core, 'on'>): EventStreams {
  const streams = new Set<ServerResponse>()
  const write = (text: string): void => {
    for (const stream of streams) {
      if (stream.writableLength > MOST_UNREAD_BYTES) stream.destroy()
      else stream.write(text)
    }
  }
  const stops = (Object.keys(events) as EventName[]).map((name) =>
    core.on(name, (payload) => write(`event: ${name}\ndata: ${JSON.stringify(payload)}\n\n`))
  )
  const heartbeat = setInterval(() => write(': still here\n\n'), HEARTBEAT_MS)
  heartbeat.unref()
  return {
    open(response) {
      response.writeHead(200, {
        ...securityHeaders,
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store'
      })
      response.write(': connected\n\n')
      streams.add(response)
      response.on('close', () => streams.delete(response))
      response.on('error', () => streams.delete(response))
    },
    close() {
      clearInterval(heartbeat)
      for (const stop of stops) stop()
      for (const stream of streams) stream.end()
    }
  }
}
