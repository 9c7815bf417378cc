/** The desktop app as a process: started, looked at, ended, and what it leaves behind. For Linux and macOS. */
import { execFileSync, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** A line of Chromium's own log; what it says at FATAL ends a process. */
const ofChromium = /^\[\d+:[\d/.]+:(INFO|WARNING|ERROR|VERBOSE\d):|DevTools listening/
/** Of a machine without buses and graphics, and of processes that the walk ends. */
const ofTheMachine =
  /ERROR:(bus|gpu|gl_|viz|vaapi|dri|gpu_memory|object_proxy|angle|command_buffer|ozone|shared_memory|network_service_instance)/

/** Starts the app with the same home again and again, and keeps all that it writes. */
export class Desktop {
  /** Of this start and the ones before: everything on standard output and error. */
  log = ''
  #children = new Set()

  /** @param app its binary, @param given its parameters, @param home a folder of its own */
  constructor(app, given, home) {
    Object.assign(this, { app, given, home, data: join(home, 'nomina') })
  }

  environment = () => ({ ...process.env, HOME: this.home, NOMINA_HOME: this.data })

  /** @param port where its window can be driven, @param project absolute path of a project to open */
  start(port, project = null) {
    const environment = this.environment()
    if (project) environment.NOMINA_PROJECT = project
    const child = spawn(this.app, [...this.given, `--remote-debugging-port=${port}`], { env: environment })
    this.#children.add(child)
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (this.log += String(chunk)))
    const start = { pid: child.pid, over: null, end: (signal = 'SIGTERM') => child.kill(signal) }
    // 'close' would wait for whoever still holds its output.
    start.ended = new Promise((resolve) => {
      child.once('exit', (code, signal) => resolve((start.over = signal ?? `code ${code}`)))
    })
    return start
  }

  /** @returns `own`: lines of the app's that say an error; `chromium`: what Chromium says at that level, but of the machine */
  faults() {
    const lines = this.log.split('\n')
    return {
      own: lines.filter((line) => /error|assertion|critical|fatal/i.test(line) && !ofChromium.test(line)),
      chromium: lines.filter((line) => ofChromium.test(line) && line.includes(':ERROR:') && !ofTheMachine.test(line))
    }
  }

  /** All of its processes, also those whose parent is gone: they are told its home, or come of one that is. */
  processes() {
    const lines = execFileSync('ps', ['-eo', 'pid=,ppid=,rss=,args='], { encoding: 'utf8' }).trim().split('\n')
    const all = lines
      .map((line) => /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(.*)$/.exec(line))
      .map(([, pid, parent, rss, args]) => ({ pid: +pid, parent: +parent, megabytes: Math.round(rss / 1024), args }))
      .filter(({ args }) => !args.includes('<defunct>'))
    const mine = new Set([...this.#children].map(({ pid }) => pid))
    for (const { pid, args } of all) if (pid !== process.pid && isTold(pid, args, this.home)) mine.add(pid)
    for (let size = 0; size !== mine.size;) {
      size = mine.size
      for (const one of all) if (mine.has(one.parent)) mine.add(one.pid)
    }
    return all.filter(({ pid }) => mine.has(pid))
  }

  /** Ends one process at once, as a driver or a system short of memory does. @returns whether there was one */
  kill(pattern) {
    const found = this.processes().find(({ args }) => pattern.test(args))
    if (found) process.kill(found.pid, 'SIGKILL')
    return Boolean(found)
  }

  /** @throws Error where something of the app runs 5 s after it has ended */
  async nothingLeft() {
    await sleep(5000)
    const left = this.processes()
    if (left.length > 0) throw new Error(`Left running: ${left.map(({ pid, args }) => `${pid} ${args}`).join('; ')}`)
  }

  endAll() {
    for (const { pid } of this.processes()) {
      try {
        process.kill(pid, 'SIGKILL')
      } catch {
        // It has just ended.
      }
    }
  }
}

/** Whether a process was given this folder, in its parameters or, where Linux says it, its environment. */
function isTold(pid, args, folder) {
  if (args.includes(folder)) return true
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1').includes(`=${folder}`)
  } catch {
    return false
  }
}

/** @param over whether waiting is of no use any more: then what `look` throws is thrown */
export async function until(what, look, seconds = 120, over = () => false) {
  let why = ''
  for (const end = Date.now() + seconds * 1000; ;) {
    try {
      const found = await look()
      if (found) return found
    } catch (error) {
      if (over()) throw error
      why = ` (${error.message})`
    }
    if (Date.now() > end) throw new Error(`${what}: not within ${seconds} s${why}`)
    await sleep(300)
  }
}
