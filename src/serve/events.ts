import type { ServerResponse } from 'node:http'
import type { WindowSession } from '../core'
import { securityHeaders } from '../core/page'
import { events, type EventName } from '../shared/contract'

const HEARTBEAT_MS = 15_000
/** A page that reads this many bytes behind has stalled: it is dropped, and connects and asks anew. */
const MOST_UNREAD_BYTES = 4 * 1024 * 1024

export interface EventStreams {
  /** Every event of this session, until the page goes away. */
  open(session: Pick<WindowSession, 'on'>, response: ServerResponse): void
  close(): void
}

/** Server-sent events. */
export function createEventStreams(): EventStreams {
  const streams = new Set<ServerResponse>()
  const heartbeat = setInterval(() => {
    for (const stream of streams) write(stream, ': still here\n\n')
  }, HEARTBEAT_MS)
  heartbeat.unref()
  return {
    open(session, response) {
      response.writeHead(200, {
        ...securityHeaders,
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store'
      })
      response.write(': connected\n\n')
      streams.add(response)
      const stops = (Object.keys(events) as EventName[]).map((name) =>
        session.on(name, (payload) => write(response, `event: ${name}\ndata: ${JSON.stringify(payload)}\n\n`))
      )
      const gone = (): void => {
        streams.delete(response)
        for (const stop of stops.splice(0)) stop()
      }
      response.on('close', gone)
      response.on('error', gone)
    },
    close() {
      clearInterval(heartbeat)
      for (const stream of streams) stream.end()
    }
  }
}

function write(stream: ServerResponse, text: string): void {
  if (stream.writableLength > MOST_UNREAD_BYTES) stream.destroy()
  else stream.write(text)
}
