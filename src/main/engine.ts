import { utilityProcess } from 'electron'
import type { EngineReply, EngineRequest, SpawnEngine } from '../core/recognise/protocol'

/** Starts the engine as a process of Electron's own: `out/main/engine.js`, which listens on `process.parentPort`. */
export function spawnUtilityEngine(enginePath: string): SpawnEngine {
  return () => {
    const child = utilityProcess.fork(enginePath, [], {
      serviceName: 'Nomina engine',
      stdio: 'inherit',
      // As for Node's child: onnxruntime sends nothing to its maker.
      env: { ...process.env, ORT_DISABLE_TELEMETRY: '1' }
    })
    // Messages sent before the process has started would be lost.
    let waiting: EngineRequest[] | null = []
    child.once('spawn', () => {
      for (const message of waiting ?? []) child.postMessage(message)
      waiting = null
    })
    return {
      send: (message) => (waiting ? void waiting.push(message) : child.postMessage(message)),
      onMessage: (listener) => void child.on('message', (message: EngineReply) => listener(message)),
      onExit: (listener) => void child.once('exit', (code) => listener(`the engine process ended with code ${code}`)),
      // A process that hangs in a driver does not heed a polite request.
      kill: () => void (child.pid === undefined ? child.kill() : process.kill(child.pid, 'SIGKILL'))
    }
  }
}
