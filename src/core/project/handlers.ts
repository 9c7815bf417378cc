import type * as v from 'valibot'
import type { AppEndpoint, endpoints, EndpointName, Output, ProjectEndpoint } from '../../shared/contract'
import type { App, Caller } from '../app'
import type { Project } from './project'
import type { Session } from './session'

export type Parsed<N extends EndpointName> = v.InferOutput<(typeof endpoints)[N]['input']>
type Answer<N extends EndpointName> = Output<N> | Promise<Output<N>>

/** A function for each of these endpoints of a project, which is handed in: exhaustive at compile time. */
export type ProjectHandlers<N extends ProjectEndpoint> = {
  [E in N]: (project: Project, input: Parsed<E>, caller: Caller) => Answer<E>
}

/** A function for each of these endpoints of the app: exhaustive at compile time. */
export type AppHandlers<N extends AppEndpoint> = {
  [E in N]: (app: App, input: Parsed<E>, session: Session) => Answer<E>
}

/** The answer of what only does something. */
export const done = {}
