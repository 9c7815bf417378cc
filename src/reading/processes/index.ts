/** A process of the core's own, on whatever shell: how one is started, and its end of the line. */
export { isAlive } from './alive'
export { clearHalfWritten } from './half-written'
export { endAtOnce, openPort } from './port'
export { builtScript, childEnvironment, outsideArchive, ownNode, spawnNode } from './spawn'
export type { Child, Spawn } from './types'
export { watchdogScript } from './watchdog'
