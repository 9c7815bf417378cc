/**
 * The one contract between the renderer and the core. Each endpoint and event is a schema of its input and output;
 * types are inferred. Both shells serve exactly this table; the core validates inputs once, for every shell.
 * An endpoint is the app's or a project's: then it is answered with the project of the window or link that asks.
 */
import type { Said } from '../failure'
import * as v from 'valibot'
import { projectInfo } from '../domain'
import { appEndpoints, projectEndpoints } from './app'
import { datasetEndpoints } from './dataset'
import { exportEndpoints } from './export'
import { formsEndpoints, formsEvents } from './forms'
import { ingestAppEndpoints, ingestEndpoints } from './ingest'
import { jobsEndpoints, jobsEvents } from './jobs'
import { learningAppEndpoints, learningAppEvents, learningEndpoints, learningEvents } from './learning'
import { lexiconEndpoints } from './lexicon'
import { modelsAppEndpoints, modelsAppEvents, modelsEndpoints, modelsEvents } from './models'
import { namesEndpoints } from './names'
import { removalEndpoints } from './removal'
import { qualityEndpoints, qualityEvents } from './quality'
import { reviewEndpoints, reviewEvents } from './review'
import { reviewersEndpoints } from './reviewers'
import { updatesEndpoints, updatesEvents } from './updates'

export const endpoints = {
  ...appEndpoints,
  ...projectEndpoints,
  ...updatesEndpoints,
  ...ingestAppEndpoints,
  ...ingestEndpoints,
  ...removalEndpoints,
  ...jobsEndpoints,
  ...modelsAppEndpoints,
  ...learningAppEndpoints,
  ...modelsEndpoints,
  ...learningEndpoints,
  ...reviewEndpoints,
  ...exportEndpoints,
  ...datasetEndpoints,
  ...formsEndpoints,
  ...lexiconEndpoints,
  ...namesEndpoints,
  ...qualityEndpoints,
  ...reviewersEndpoints
} as const

export const appEvents = {
  /** Told to the window that opens a project of an earlier Nomina: how large its database is, and then how many parts of the update are done. */
  'project.updating': v.object({
    bytes: v.number(),
    step: v.optional(v.object({ done: v.number(), of: v.number() }))
  }),
  ...modelsAppEvents,
  ...learningAppEvents,
  ...updatesEvents
} as const

/** Told to the windows and links of one project. */
export const projectEvents = {
  'project.changed': v.object({ project: v.nullable(projectInfo) }),
  ...jobsEvents,
  ...modelsEvents,
  ...learningEvents,
  ...reviewEvents,
  ...formsEvents,
  ...qualityEvents
} as const

export const events = { ...appEvents, ...projectEvents } as const

export type AppEndpoint = { [N in EndpointName]: (typeof endpoints)[N]['of'] extends 'app' ? N : never }[EndpointName]
export type ProjectEndpoint = Exclude<EndpointName, AppEndpoint>
export type EndpointName = keyof typeof endpoints
export type AppEvent = keyof typeof appEvents
export type ProjectEvent = keyof typeof projectEvents
export type EventName = keyof typeof events
export type Input<N extends EndpointName> = v.InferInput<(typeof endpoints)[N]['input']>
export type Output<N extends EndpointName> = v.InferOutput<(typeof endpoints)[N]['output']>
export type EventPayload<N extends EventName> = v.InferOutput<(typeof events)[N]>

/** What crosses the boundary where a call fails: always said, never a stack. */
export interface Failure {
  /** Machine-readable: `invalid-input`, `no-project`, `not-found`, `exists`, `refused`, `busy`, `conflict`, `other-ink` (the field shows something else now), `gone` (the project's folder), `internal`. */
  code: string
  message: string
  /** By which the window says it in its person's language; absent: it is known in English only. */
  said?: Said
}
export type Reply<N extends EndpointName> = { ok: true; value: Output<N> } | { ok: false; error: Failure }

/** How the renderer reaches a shell. The Electron preload exposes it as `window.nomina`; the browser shell is reached by fetch. */
export interface Transport {
  call<N extends EndpointName>(name: N, input: Input<N>): Promise<Reply<N>>
  on<N extends EventName>(name: N, listener: (payload: EventPayload<N>) => void): () => void
}

/** What only one shell can do; an unsupported thing is `null`. */
export interface Host {
  shell: 'electron' | 'browser'
  /** Native pickers; null in the browser shell, which lists the server's folders instead. */
  pickFolder: ((title: string) => Promise<string | null>) | null
  pickFile: ((title: string, extensions: string[]) => Promise<string | null>) | null
  saveFile: ((title: string, suggested: string) => Promise<string | null>) | null
  revealPath: ((path: string) => Promise<void>) | null
  /** The native menu's own commands; the browser has no menu. */
  onCommand: ((listener: (command: MenuCommand) => void) => () => void) | null
  /** A folder or file that was dropped on the app's icon, or that a second start was given. */
  onGiven: ((listener: (path: string) => void) => () => void) | null
  /** Absolute path of a file that was dropped on the page; a browser does not tell it. */
  pathOf: ((file: File) => string) | null
}

export type MenuCommand = 'new-from-folder' | 'open-project' | 'export' | 'updates' | 'undo' | 'redo'

/** What Electron's preload exposes as `window.nomina`. Inputs must be plain JSON: proxies cannot be cloned. */
export type Bridge = Transport & { [K in keyof Host]: NonNullable<Host[K]> }

/** The image of a field: `thumbnail` at most 64 px high, `full` as stored but upright. `version` is the row's `imageVersion`. */
export type ImageSize = 'thumbnail' | 'full'
