/**
 * The one file that knows how a shell is reached: Electron's preload where it is there, else HTTP on the page's own
 * origin (`POST api/<endpoint>` with the input as JSON → Reply, events as server-sent events, crops as images).
 */
import type {
  Bridge,
  EndpointName,
  EventName,
  EventPayload,
  Host,
  ImageSize,
  Input,
  Reply,
  Transport
} from '../../shared/contract'
import type { PageImageSize } from '../../shared/contract/forms'
import { events } from '../../shared/contract'
import { t } from './i18n'

declare global {
  interface Window {
    nomina?: Bridge
  }
}

export type Connection = 'connected' | 'lost'
type ConnectionListener = (state: Connection) => void

const reconnectDelays = [500, 1000, 2000, 4000, 8000]
const listeners = new Set<ConnectionListener>()
let connection: Connection = 'connected'

function setConnection(next: Connection): void {
  // What happened before a stream was open nobody heard, at the first one too: all is asked for again.
  if (next === 'lost' && connection === 'lost') return
  connection = next
  for (const listener of listeners) listener(next)
}

/** Calls back whenever events begin to come and when they end; in Electron they come from the start. */
export function onConnection(listener: ConnectionListener): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** Thrown by a transport where no reply came: the call may be repeated once the connection is back. */
export class ConnectionLost extends Error {
  constructor(message = t('common:lost.reason')) {
    super(message)
    this.name = 'ConnectionLost'
  }
}

/** A server that was started anew doesn't know this page: what waits here is kept, and the person told why. */
async function turnedAway(response: Response): Promise<ConnectionLost> {
  setConnection('lost')
  const reply = (await response.json().catch(() => null)) as Reply<EndpointName> | null
  return new ConnectionLost(reply && !reply.ok ? reply.error.message : undefined)
}

function createHttpTransport(): Transport {
  const handlers = new Map<EventName, Set<(payload: never) => void>>()
  let stream: EventSource | null = null
  let attempt = 0
  let retry: ReturnType<typeof setTimeout> | null = null

  /** A call may fail while the stream still seems open: it is opened anew, for only that says that all is well again. */
  function lose(): void {
    stream?.close()
    setConnection('lost')
    retry ??= setTimeout(connect, reconnectDelays[Math.min(attempt++, reconnectDelays.length - 1)])
  }

  function connect(): void {
    retry = null
    stream = new EventSource('api/events')
    stream.onopen = () => {
      attempt = 0
      setConnection('connected')
    }
    stream.onerror = lose
    for (const name of Object.keys(events) as EventName[]) {
      stream.addEventListener(name, (message) => {
        const payload = JSON.parse((message as MessageEvent<string>).data) as never
        for (const handler of handlers.get(name) ?? []) hear(handler, payload)
      })
    }
  }
  connect()

  return {
    async call<N extends EndpointName>(name: N, input: Input<N>) {
      let response: Response
      try {
        response = await fetch(`api/${name}`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(input)
        })
      } catch {
        lose()
        throw new ConnectionLost()
      }
      if (response.status === 401 || response.status === 403) throw await turnedAway(response)
      return (await response.json()) as Reply<N>
    },
    on<N extends EventName>(name: N, listener: (payload: EventPayload<N>) => void) {
      const set = handlers.get(name) ?? new Set()
      handlers.set(name, set.add(listener as (payload: never) => void))
      return () => void set.delete(listener as (payload: never) => void)
    }
  }
}

/** A listener that throws must not keep others from hearing. */
function hear(listener: (payload: never) => void, payload: never): void {
  try {
    listener(payload)
  } catch (error) {
    console.error(error)
  }
}

const bridge = window.nomina

/** Svelte's `$state` proxies cannot be cloned into another process; every input is plain JSON, so a copy is the same. */
const createBridgeTransport = (from: Bridge): Transport => ({
  call: (name, input) => from.call(name, JSON.parse(JSON.stringify(input)) as typeof input),
  on: from.on
})

export const transport: Transport = bridge ? createBridgeTransport(bridge) : createHttpTransport()

export const host: Host = bridge ?? {
  shell: 'browser',
  pickFolder: null,
  pickFile: null,
  saveFile: null,
  revealPath: null,
  onCommand: null,
  onGiven: null,
  pathOf: null
}

/** Where a browser gets a file of an export; null in the window, whose file manager shows it. */
export const exportedUrl = (exportId: number, index: number): string | null =>
  host.shell === 'browser' ? `exported/${exportId}/${index}` : null

/** Asks for `dropped…` in the browser, by which files are copied to where the core can read them; null in the window. */
export const askDropped =
  host.shell === 'browser'
    ? async (path: string, method: 'POST' | 'PUT' | 'DELETE', body?: Blob): Promise<Reply<EndpointName>> => {
        const headers = { 'content-type': 'application/octet-stream' }
        const response = await fetch(`dropped${path}`, { method, headers, body: body ?? null }).catch(() => {
          throw new ConnectionLost()
        })
        if (response.status === 401 || response.status === 403) throw await turnedAway(response)
        return (await response.json()) as Reply<EndpointName>
      }
    : null

/** Where a field's picture is; the version changes with its pixels, so it may be cached for good. */
export const imageUrl = (field: { id: number; imageVersion: string }, size: ImageSize): string =>
  `crop/${field.id}/${size}?v=${encodeURIComponent(field.imageVersion)}`

/** Where a page's picture is: a thumbnail upright, the others as stored. */
export const pageUrl = (page: { id: number; imageVersion: string }, size: PageImageSize): string =>
  `page/${page.id}/${size}?v=${encodeURIComponent(page.imageVersion)}`

export const templateUrl = (template: { id: number; imageVersion: string }, size: 'screen' | 'full'): string =>
  `template/${template.id}/${size}?v=${encodeURIComponent(template.imageVersion)}`
