import { constants, setPriority } from 'node:os'
import { packed, unpacked } from './packed'

/** A child's end of the line: Node's `fork` or Electron's utilityProcess. */
export interface Port<Request, Reply> {
  post(message: Reply): void
  onMessage(listener: (message: Request) => void): void
}

/**
 * Ends this process, whatever it does. `process.exit` ends the thread that looks after the parent, and then waits for what libuv's
 * threads have begun and what waits for them: images that are decoded, tensors that are computed.
 */
export const endAtOnce = (): void => void process.kill(process.pid, 'SIGKILL')

/** What Electron adds to `process` in a utility process. */
interface ParentPort {
  on(event: 'message', listener: (event: { data: unknown }) => void): void
  postMessage(message: unknown): void
}

/** Takes whatever the windows leave: a key pressed meanwhile must not wait for it. Threads started later inherit this on Linux. */
function giveWay(): void {
  if (process.argv.includes(goesFirst)) return
  try {
    setPriority(constants.priority.PRIORITY_BELOW_NORMAL)
  } catch {
    // Where a system does not allow it, it runs like everything else.
  }
}

/** A child that is told this takes the machine as the windows do: a person waits for what it makes. */
export const goesFirst = '--goes-first'

/** Priority is lowered as well, but for one that goes first. @throws Error where the process was started by hand */
export function openPort<Request, Reply>(): Port<Request, Reply> {
  const { parentPort } = process as unknown as { parentPort?: ParentPort }
  if (parentPort) {
    giveWay()
    return {
      post: (message) => parentPort.postMessage(message),
      onMessage: (listener) => parentPort.on('message', ({ data }) => listener(data as Request))
    }
  }
  if (!process.send) throw new Error('This process is started by Nomina, not by hand.')
  // Nobody is left to work for: heard at once while it waits, and seen by the thread of `watchdogOptions` while it computes.
  process.on('disconnect', endAtOnce)
  giveWay()
  return {
    // Whoever is gone does not hear it; 'disconnect' follows.
    post: (message) => void process.send!(packed(message as object), () => {}),
    onMessage: (listener) => void process.on('message', (message) => listener(unpacked<Request>(message as string)))
  }
}
