/** The real program under attack: `nomina serve` in a process of its own, with its children's memory watched. */
import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Setting } from '../setting'
import { Shares } from './shares'

export const MOST_SECONDS = 60
/** However little of the machine it gets: fetch waits no longer for an answer. */
const LONGEST_WAIT = 280

export interface Answer {
  ok: boolean
  value?: unknown
  error?: { code: string; message: string }
}

export interface Server {
  url: string
  /** @throws where no answer came within a minute of its own, or the program died */
  call(name: string, input: unknown): Promise<Answer>
  /** As it is: for what is no call. @returns the status */
  send(path: string, options: RequestInit): Promise<number>
  isAlive(): boolean
  /** Begins to count seconds, less those in which other programs had the processor. */
  stopwatch(): () => number
  /** Most bytes that one of its processes has held, so far. */
  peak(): number
  stop(): void
}

export async function startServer({ settings, scratch }: Setting): Promise<Server> {
  const cli = join(settings.installation, 'out', 'main', 'cli.js')
  const child = spawn(
    process.execPath,
    [cli, 'serve', '--json', '--port', String(20_000 + Math.floor(Math.random() * 20_000))],
    {
      env: { ...process.env, NOMINA_HOME: join(scratch, 'fuzz-home') },
      stdio: ['ignore', 'pipe', 'ignore']
    }
  )
  const url = await firstUrl(child)
  const response = await fetch(url, { redirect: 'manual' })
  const cookie = response.headers.get('set-cookie')!.split(';')[0]!
  const origin = new URL(url).origin
  let peak = 0
  const shares = new Shares()
  const look = (): void => {
    const tree = treeOf(child.pid!)
    peak = Math.max(peak, ...tree.map(residentBytes))
    shares.look(tree)
  }
  const watch = setInterval(look, 100)
  const stopwatch = (): (() => number) => {
    look()
    const own = shares.stopwatch()
    return () => (look(), own())
  }
  const request = async (path: string, options: RequestInit): Promise<Response> => {
    const [taken, over] = [stopwatch(), new AbortController()]
    const from = performance.now()
    const patience = setInterval(() => {
      if (taken() > MOST_SECONDS || performance.now() - from > LONGEST_WAIT * 1000)
        over.abort(new Error(`no answer came, though it had ${taken().toFixed(0)} s of its own`))
    }, 1000)
    try {
      return await fetch(`${origin}${path}`, {
        ...options,
        headers: { cookie, 'content-type': 'application/json', ...options.headers },
        signal: over.signal
      })
    } finally {
      clearInterval(patience)
    }
  }
  return {
    url,
    call: async (name, input) =>
      (await (await request(`/api/${name}`, { method: 'POST', body: JSON.stringify(input) })).json()) as Answer,
    send: async (path, options) => {
      const answer = await request(path, options)
      await answer.arrayBuffer()
      return answer.status
    },
    isAlive: () => child.exitCode === null && child.signalCode === null,
    stopwatch,
    peak: () => peak,
    stop() {
      clearInterval(watch)
      for (const pid of treeOf(child.pid!)) kill(pid)
    }
  }
}

async function firstUrl(child: ChildProcess): Promise<string> {
  for await (const line of createInterface({ input: child.stdout! })) {
    const { url } = JSON.parse(line) as { url?: string }
    if (url) return url
    break
  }
  throw new Error('The server did not start.')
}

/** A process and all that it started; only itself where the system does not tell. */
function treeOf(root: number): number[] {
  if (!existsSync('/proc/self/stat')) return [root]
  const parents = new Map<number, number>()
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8')
      parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]))
    } catch {
      // It has ended meanwhile.
    }
  }
  const tree = [root]
  for (const pid of tree) tree.push(...[...parents].filter(([, parent]) => parent === pid).map(([own]) => own))
  return tree
}

function residentBytes(pid: number): number {
  try {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024
  } catch {
    return 0
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It has ended already.
  }
}
