/** The learner as the core sees it: one process for the app, kept warm between rounds, one round at a time. */
import { spawn, type ChildProcessByStdio } from 'node:child_process'
import { constants, platform, setPriority } from 'node:os'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import * as v from 'valibot'
import { NominaError, say, type Said } from '../../shared/failure'
import { answer, type Answer, type RoundProgress, type RoundRequest, type RoundResult } from './protocol'

/** What is started: the program and its arguments. */
export type LearnerCommand = readonly [string, ...string[]]

export interface Learner {
  /**
   * Runs one round, after those that were asked for before.
   * @throws NominaError `learner` (it ended, or said why it can't), the signal's reason
   */
  round(
    command: LearnerCommand,
    request: RoundRequest,
    how: { signal: AbortSignal; onProgress(progress: RoundProgress): void }
  ): Promise<RoundResult>
  stop(): Promise<void>
}

/** ms that a round may take to end when it is cancelled; then the process is ended. */
const CANCEL_MS = 10_000
/** ms after which a process that has nothing to do is ended: it holds some hundred megabytes. */
const IDLE_MS = 10 * 60_000
const KEPT_STDERR = 4096

type Child = ChildProcessByStdio<Writable, Readable, Readable>

interface Running {
  command: string
  child: Child
  said: string
  hear: (message: Answer) => void
  /** Why it is gone; null while it is there. */
  gone: string | null
  onGone: (reason: string) => void
}

export function createLearner({ idleMs = IDLE_MS, cancelMs = CANCEL_MS } = {}): Learner {
  let running: Running | null = null
  let last: Promise<unknown> = Promise.resolve()
  let rounds = 0
  let idle: NodeJS.Timeout | null = null

  const processFor = (command: LearnerCommand): Running => {
    if (idle) clearTimeout(idle)
    if (running?.gone === null && running.command === command.join('\n')) return running
    end(running)
    running = start(command)
    return running
  }

  const once = async (...[command, request, { signal, onProgress }]: Parameters<Learner['round']>) => {
    signal.throwIfAborted()
    const process = processFor(command)
    const id = `r${++rounds}`
    let giveUp: NodeJS.Timeout | undefined
    const cancel = (): void => {
      send(process, { type: 'cancel', id })
      giveUp = setTimeout(() => end(process), cancelMs).unref()
    }
    try {
      return await new Promise<RoundResult>((resolve, reject) => {
        process.onGone = (reason) => reject(new NominaError('learner', say('learnerEnded', { how: reason })))
        process.hear = (message) => {
          if (!('id' in message) || message.id !== id) return
          if (message.type === 'progress') onProgress(message)
          else if (message.type === 'done') resolve(message)
          else if (message.type === 'cancelled') reject(new NominaError('cancelled', say('stopped')))
          else reject(new NominaError('learner', whyNot(message)))
        }
        if (process.gone !== null) return process.onGone(process.gone)
        signal.addEventListener('abort', cancel, { once: true })
        send(process, { type: 'round', id, ...request })
      })
    } catch (error) {
      signal.throwIfAborted()
      throw error
    } finally {
      clearTimeout(giveUp)
      signal.removeEventListener('abort', cancel)
      idle = setTimeout(() => {
        end(process)
        running = null
      }, idleMs).unref()
    }
  }

  return {
    round(...given) {
      const result = last.then(() => once(...given))
      last = result.catch(() => undefined)
      return result
    },
    async stop() {
      end(running)
      running = null
      await last
    }
  }
}

/** Ends by itself when its standard input is closed, which a parent that is killed does as well. */
function start([program, ...given]: LearnerCommand): Running {
  const child = spawn(program, given, { stdio: ['pipe', 'pipe', 'pipe'], windowsHide: true })
  const process: Running = {
    command: [program, ...given].join('\n'),
    child,
    said: '',
    gone: null,
    hear: () => {},
    onGone: () => {}
  }
  const gone = (reason: string): void => {
    process.gone ??= reason
    process.onGone(process.gone)
  }
  child.on('error', (error) => gone(`it could not be started (${error.message})`))
  child.on('close', (code, signal) => gone(describeEnd(code, signal, process.said)))
  child.stdin.on('error', () => {}) // its end is heard of by 'close'
  child.stderr
    .setEncoding('utf8')
    .on('data', (text: string) => (process.said = (process.said + text).slice(-KEPT_STDERR)))
  createInterface({ input: child.stdout }).on('line', (line) => {
    const message = read(line)
    if (message) process.hear(message)
  })
  lowerPriority(child.pid)
  return process
}

/** Windows, reading and typing go before it. Elsewhere it sees to that itself, and twice would be too much. */
function lowerPriority(pid: number | undefined): void {
  try {
    if (pid !== undefined && platform() === 'win32') setPriority(pid, constants.priority.PRIORITY_BELOW_NORMAL)
  } catch {
    // It is gone already, or the system does not let us: it learns all the same.
  }
}

function send({ child, gone }: Running, message: object): void {
  if (gone === null) child.stdin.write(`${JSON.stringify(message)}\n`)
}

function whyNot(failed: Readonly<Record<string, unknown>>): Said {
  const key = String(failed.key)
  const message = String(failed.message)
  if (key === 'no-memory') return say('learnerNoMemory', { key, message })
  if (key === 'no-space') return say('learnerNoSpace', { key, message })
  if (key === 'not-trainable') return say('learnerNotTrainable', { key, message })
  return say('learnerCannot', { key, message })
}

const end = (process: Running | null): void => void process?.child.kill('SIGKILL')

/** null for what is no answer, such as a library's own word on standard output. */
function read(line: string): Answer | null {
  try {
    const checked = v.safeParse(answer, JSON.parse(line))
    return checked.success ? checked.output : null
  } catch {
    return null
  }
}

function describeEnd(code: number | null, signal: NodeJS.Signals | null, said: string): string {
  const how = signal ? `by ${signal}` : `with code ${code}`
  const lines = said.split('\n').filter((line) => line.trim())
  return lines.length ? `${how} (${lines.at(-1)!.trim().slice(0, 300)})` : how
}
