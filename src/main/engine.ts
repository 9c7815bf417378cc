import { utilityProcess } from 'electron'
import { childEnvironment, spawnNode, type Spawn } from '../reading/processes'

/** Starts a script of `out/main` on the Node that is named, else as a process of Electron's own. */
export const spawnReading = <Request extends object, Reply>(
  path: string,
  serviceName: string
): Spawn<Request, Reply> => (process.env.NOMINA_NODE ? spawnNode(path) : spawnUtility(path, serviceName))

/** It listens on `process.parentPort`. */
function spawnUtility<Request, Reply>(path: string, serviceName: string): Spawn<Request, Reply> {
  return () => {
    const child = utilityProcess.fork(path, [], {
      serviceName,
      stdio: 'inherit',
      env: childEnvironment()
    })
    let fatal = ''
    // Without a listener, what ends V8 in the child would be an uncaught error of this process.
    child.on('error', (type, location) => (fatal = `${type} at ${location}`))
    // Messages sent before the process has started would be lost.
    let waiting: Request[] | null = []
    child.once('spawn', () => {
      for (const message of waiting ?? []) child.postMessage(message)
      waiting = null
    })
    return {
      send: (message) => (waiting ? void waiting.push(message) : child.postMessage(message)),
      onMessage: (listener) => void child.on('message', (message: Reply) => listener(message)),
      onExit: (listener) =>
        void child.once('exit', (code) => listener(`it ended with code ${code}${fatal && ` (${fatal})`}`)),
      // A process that hangs in a driver does not heed a polite request.
      kill: () => void (child.pid === undefined ? child.kill() : process.kill(child.pid, 'SIGKILL'))
    }
  }
}
