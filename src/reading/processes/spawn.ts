import { fork } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import type { Socket } from 'node:net'
import { availableParallelism } from 'node:os'
import { dirname, join } from 'node:path'
import { NominaError } from '../../shared/failure'
import { packed, unpacked } from './packed'
import { goesFirst } from './port'
import type { Spawn } from './types'
import { watchdogOptions } from './watchdog'

/** Enough of what a dying process said to tell why. */
const KEPT_STDERR = 4096

/**
 * The Node that children run on. In the desktop app it is one of its own, named by `NOMINA_NODE`: Electron's binary on Linux
 * brings a GLib, and libvips another (see images/others.ts). null: there is none, and Electron must do.
 */
export const ownNode = (): string | null =>
  process.versions.electron ? process.env.NOMINA_NODE || null : process.execPath

/** Where Node finds a file of the installed app's archive, which only Electron can read. Other paths stay as they are. */
export const outsideArchive = (path: string): string => path.replace(/\.asar(?=[\\/])/, '.asar.unpacked')

/** A script of `out/main`, seen from a chunk of it or from `src`. */
export function builtScript(name: string): string {
  for (let folder = import.meta.dirname; ; folder = dirname(folder)) {
    const found = [join(folder, name), join(folder, 'out', 'main', name)].find((path) => existsSync(path))
    if (found) return found
    if (dirname(folder) === folder) return name
  }
}

/** What a child of Node's or Electron's is told, beside what this process was. */
export const childEnvironment = (): NodeJS.ProcessEnv => ({
  // sharp decodes in libuv's threads, of which there are four unless told otherwise.
  UV_THREADPOOL_SIZE: String(Math.max(4, availableParallelism())),
  ...process.env,
  // onnxruntime sends nothing to its maker.
  ORT_DISABLE_TELEMETRY: '1'
})

/**
 * Starts a built script (in out/main) as a child of Node. It ends with its parent.
 * @param first before other work on the machine, as the windows: a person waits for it
 * @throws NominaError `engine` (when called) where it was not built
 */
export const spawnNode =
  <Request extends object, Reply>(archived: string, first = false): Spawn<Request, Reply> =>
  () => {
    const path = outsideArchive(archived)
    if (!existsSync(path)) throw new NominaError('engine', `The engine is missing: ${path}. Build Nomina first.`)
    const child = fork(path, first ? [goesFirst] : [], {
      execPath: ownNode() ?? process.execPath,
      // What unfolds without end fails in the child, not on the machine. Pixels are bounded by themselves.
      execArgv: ['--max-old-space-size=1536', ...watchdogOptions(process.pid)],
      env: childEnvironment(),
      // Standard output belongs to the caller's own answers.
      stdio: ['ignore', 'ignore', 'pipe', 'ipc']
    })
    let said = ''
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-KEPT_STDERR)
    })
    return {
      send: (message) => {
        // A process that is gone says so by its exit.
        if (child.connected) child.send(packed(message), () => {})
      },
      onMessage: (listener) => void child.on('message', (message) => listener(unpacked<Reply>(message as string))),
      onExit: (listener) => {
        let over = false
        const once = (reason: string): void => {
          if (!over) listener(reason)
          over = true
        }
        child.on('error', (error) => once(`it could not be started (${error.message})`))
        child.on('exit', (code, signal) => once(reasonOf(code, signal, said)))
      },
      kill: () => void child.kill('SIGKILL'),
      worked: () => workedOf(child.pid),
      hold: (held) => {
        const all = [child, child.channel, child.stderr as Socket | null]
        for (const one of all)
          if (held) one?.ref()
          else one?.unref()
      }
    }
  }

/** By proc(5): after the name in parentheses, user and system time are the 12th and 13th, in hundredths of a second. */
function workedOf(pid: number | undefined): number | null {
  if (process.platform !== 'linux' || pid === undefined) return null
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    const [user, system] = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .slice(11, 13)
      .map(Number)
    return (user! + system!) / 100
  } catch {
    return null // it is gone
  }
}

function reasonOf(code: number | null, signal: NodeJS.Signals | null, said: string): string {
  const how = signal ? `it was ended by ${signal}` : `it ended with code ${code}`
  const lines = said.split('\n').filter((line) => line.trim())
  const why = lines.find((line) => /error|fatal|abort/i.test(line)) ?? lines.at(-1)
  return why ? `${how} (${why.trim().slice(0, 200)})` : how
}
