/** The contract over Electron's IPC. Knows Electron only by the shapes it needs, so that a stand-in can drive it. */
import * as v from 'valibot'
import { messageOf } from '../shared/failure'
import type { WindowSession } from '../core'
import { events, type EventName } from '../shared/contract'
import { channels, pageHost, pageScheme, type HostMethod } from '../shared/wire'

/** The frame that a message came from; null once it is gone. */
export interface Frame {
  url: string
  parent: unknown
}
export interface InvokeEvent {
  senderFrame: Frame | null
}
export interface IpcMainLike {
  handle(channel: string, listener: (event: InvokeEvent, ...parameters: unknown[]) => unknown): void
}

/** The native dialogs, as the shell implements them. */
export interface NativeHost {
  pickFolder(title: string): Promise<string | null>
  pickFile(title: string, extensions: string[]): Promise<string | null>
  saveFile(title: string, suggested: string): Promise<string | null>
  revealPath(path: string): Promise<void>
}

const text = v.pipe(v.string(), v.maxLength(4096))
const hostParameters = {
  pickFolder: v.tuple([text]),
  pickFile: v.tuple([text, v.pipe(v.array(v.pipe(v.string(), v.regex(/^[a-z0-9]{1,10}$/i))), v.maxLength(50))]),
  saveFile: v.tuple([text, text]),
  revealPath: v.tuple([text])
} satisfies Record<HostMethod, v.GenericSchema>

/** Only the main frame of our own page may speak: never a frame in it, never a page navigated to. */
export function isOurPage(frame: Frame | null): boolean {
  if (!frame || frame.parent !== null || !URL.canParse(frame.url)) return false
  const { protocol, host } = new URL(frame.url)
  return protocol === `${pageScheme}:` && host === pageHost
}

/** Answers the page's calls. The core validates their inputs and never throws. */
export function serveCalls(ipcMain: IpcMainLike, session: Pick<WindowSession, 'call'>, host: NativeHost): void {
  ipcMain.handle(channels.call, (event, name, input) => {
    requireOurPage(event)
    return session.call(String(name), input)
  })
  ipcMain.handle(channels.host, (event, method, ...parameters) => {
    requireOurPage(event)
    return callHost(host, method, parameters)
  })
}

/** Sends every event of the window's session to whoever `send` reaches; the answer stops it. */
export function forwardEvents(
  session: Pick<WindowSession, 'on'>,
  send: (channel: string, payload: unknown) => void
): () => void {
  const names = Object.keys(events) as EventName[]
  const stops = names.map((name) => session.on(name, (payload) => send(channels.event(name), payload)))
  return () => stops.forEach((stop) => stop())
}

function requireOurPage({ senderFrame }: InvokeEvent): void {
  if (!isOurPage(senderFrame)) throw new Error('Only the page of Nomina itself is answered.')
}

function callHost(host: NativeHost, method: unknown, parameters: unknown[]): Promise<unknown> {
  try {
    switch (method) {
      case 'pickFolder':
        return host.pickFolder(...v.parse(hostParameters.pickFolder, parameters))
      case 'pickFile':
        return host.pickFile(...v.parse(hostParameters.pickFile, parameters))
      case 'saveFile':
        return host.saveFile(...v.parse(hostParameters.saveFile, parameters))
      case 'revealPath':
        return host.revealPath(...v.parse(hostParameters.revealPath, parameters))
      default:
        throw new Error('there is no such dialog')
    }
  } catch (error) {
    throw new Error(`${String(method)}: ${messageOf(error)}`, { cause: error })
  }
}
