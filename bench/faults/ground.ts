/** What a kind of kill stands on: a folder of its own, the command line as a process, and what is looked at after a kill. */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { isAlive } from '../../src/reading/processes'
import type { Setting } from '../setting'

export interface Ground {
  setting: Setting
  /** Empty at first. */
  folder: string
  project: string
}

/** What a round of a kind found wrong, in words; none is as it should be. */
export type Faults = string[]

/** One kind of kill. Later work adds its own to the list in `kinds.ts`. */
export interface Kind {
  name: string
  prepare(ground: Ground): Promise<void>
  /** Works until it is killed at a moment up to `longest` ms after it has begun. */
  longest: number
  begin(ground: Ground): Promise<Work>
  /** The next start: goes on to the end, then looks at what there is. */
  finish(ground: Ground, work: Work): Promise<Faults>
}

export interface Work {
  /** What is killed. */
  child: ChildProcess
  /** Kills another process, which `child` goes on without. */
  strike?(): Promise<void>
  /** Ends whatever else was started beside it. */
  stop?(): Promise<void>
}

export function command({ setting, folder }: Ground, parameters: string[]): ChildProcess {
  const cli = join(setting.settings.installation, 'out', 'main', 'cli.js')
  return spawn(process.execPath, [cli, ...parameters], {
    env: { ...process.env, NOMINA_HOME: join(folder, 'home') },
    stdio: ['ignore', 'pipe', 'ignore']
  })
}

/** Runs a command to its end. @throws Error where it fails */
export async function succeed(ground: Ground, parameters: string[]): Promise<void> {
  const child = command(ground, parameters)
  child.stdout!.resume()
  const [code] = (await once(child, 'close')) as [number | null]
  if (code !== 0) throw new Error(`nomina ${parameters.join(' ')} ended with ${code}.`)
}

/** All processes below this one. */
export function descendants(pid: number): number[] {
  const rows = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((row) => row.trim().split(/\s+/).map(Number))
  const below = (parent: number): number[] =>
    rows.filter(([, of]) => of === parent).flatMap(([child]) => [child!, ...below(child!)])
  return below(pid)
}

const patienceMs = 5000
const patienceOfSystemMs = 60_000

/**
 * Those of the processes that are still there after 5 s; they are ended then. What a process waits for a processor meanwhile is not
 * counted: on a machine with ten times the work that it can do, one that ends at once takes longer than that.
 */
export async function survivors(pids: number[]): Promise<number> {
  const from = performance.now()
  const waitedBefore = new Map(pids.map((pid) => [pid, waitedMs(pid)]))
  const since = (pid: number): number => performance.now() - from - (waitedMs(pid) - waitedBefore.get(pid)!)
  const patienceFor = (pid: number): number => (hasEnded(pid) ? patienceOfSystemMs : patienceMs)
  let left = pids
  while ((left = left.filter(isAlive)).some((pid) => since(pid) < patienceFor(pid))) await pause(100)
  left = left.filter((pid) => !hasEnded(pid))
  for (const pid of left) if (isAlive(pid)) process.kill(pid, 'SIGKILL')
  return left.length
}

/** ms that the first thread of a process has waited for a processor so far; 0 where the system does not say. */
function waitedMs(pid: number): number {
  try {
    return Number(readFileSync(`/proc/${pid}/schedstat`, 'latin1').split(' ')[1]) / 1e6
  } catch {
    return 0
  }
}

/** It is yet to be cleared away by the system, and the next start takes it for one that still writes. */
function hasEnded(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    return stat[stat.lastIndexOf(')') + 2] === 'Z'
  } catch {
    return !isAlive(pid)
  }
}

/** Files that are made and renamed, or that say that something is under way. */
const unfinished = /\.unfinished$|^\.nomina-export-|^\.exporting-|\.tmp$/

export const unfinishedFiles = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => unfinished.test(path.split('/').at(-1)!))
