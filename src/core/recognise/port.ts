/** The engine process's end of the line: Node's `fork` or Electron's utilityProcess. */
import type { EngineReply, EngineRequest } from './protocol'

export interface Port {
  post(message: EngineReply): void
  onMessage(listener: (message: EngineRequest) => void): void
}

/** What Electron adds to `process` in a utility process. */
interface ParentPort {
  on(event: 'message', listener: (event: { data: EngineRequest }) => void): void
  postMessage(message: EngineReply): void
}

/** @throws Error where the process was started by hand */
export function openPort(): Port {
  const { parentPort } = process as unknown as { parentPort?: ParentPort }
  if (parentPort) {
    return {
      post: (message) => parentPort.postMessage(message),
      onMessage: (listener) => parentPort.on('message', ({ data }) => listener(data))
    }
  }
  if (!process.send) throw new Error('The engine is started by Nomina, not by hand.')
  // Nobody is left to read for.
  process.on('disconnect', () => process.exit(0))
  return {
    // Whoever is gone does not hear it; 'disconnect' follows.
    post: (message) => void process.send!(message, () => {}),
    onMessage: (listener) => void process.on('message', (message) => listener(message as EngineRequest))
  }
}
