import { endWith } from './watchdog'

/** Says to a child who started it: by the time that it looks for itself, that one may be gone. */
export const parentVariable = 'NOMINA_PARENT'

/** A child's end of the line: Node's `fork` or Electron's utilityProcess. */
export interface Port<Request, Reply> {
  post(message: Reply): void
  onMessage(listener: (message: Request) => void): void
}

/** What Electron adds to `process` in a utility process. */
interface ParentPort {
  on(event: 'message', listener: (event: { data: unknown }) => void): void
  postMessage(message: unknown): void
}

/** @throws Error where the process was started by hand */
export function openPort<Request, Reply>(): Port<Request, Reply> {
  const { parentPort } = process as unknown as { parentPort?: ParentPort }
  if (parentPort) {
    return {
      post: (message) => parentPort.postMessage(message),
      onMessage: (listener) => parentPort.on('message', ({ data }) => listener(data as Request))
    }
  }
  if (!process.send) throw new Error('This process is started by Nomina, not by hand.')
  // Nobody is left to work for: heard at once while it waits, and seen by a thread while it computes.
  process.on('disconnect', () => process.exit(0))
  endWith(Number(process.env[parentVariable] ?? process.ppid))
  return {
    // Whoever is gone does not hear it; 'disconnect' follows.
    post: (message) => void process.send!(message, () => {}),
    onMessage: (listener) => void process.on('message', (message) => listener(message as Request))
  }
}
