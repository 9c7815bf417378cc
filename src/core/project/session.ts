import type { Caller } from '../app'
import type { Project } from './project'

/** A window, or a reviewer's link: who asks, and which project is shown. */
export interface Session {
  readonly caller: Caller
  readonly project: Project | null
  /** Shows another project, opened where it is not; the one before is closed where nobody else has it. */
  open(path: string, how?: OpenOptions): Promise<Project>
  /** Runs while nobody of this app has the project open. @throws NominaError('busy') another window or link has it */
  whileClosed<T>(path: string, work: () => Promise<T>): Promise<T>
  /** Shows none. */
  close(): Promise<void>
}

export interface OpenOptions {
  /** Makes it where there is none. */
  create?: boolean
  /** Starts again what was cut off. */
  goOn?: boolean
}
