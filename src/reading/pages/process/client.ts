/** The core's side of the pages processes: started when they are needed, again when they are gone, ended when they idle. */
import { createHash } from 'node:crypto'
import { availableParallelism } from 'node:os'
import { NominaError, say } from '../../../shared/failure'
import type { PagesCall, PagesCalls, PagesProcess, PagesReply, ProcessTemplate, SpawnPages } from './protocol'

export interface PagesClient {
  /**
   * A request that was open when the process ended is tried again by itself. One that ends it twice while it is the only one,
   * or that it hangs on, fails; the others go on.
   * @throws NominaError `unreadable` and others with a reason for people; `engine` where no process can be started
   */
  call<N extends PagesCall>(name: N, input: PagesCalls[N]['input']): Promise<PagesCalls[N]['output']>
  /** What pages are laid on from now on, also after the process was started again. */
  setTemplates(templates: ProcessTemplate[]): Promise<void>
  stop(): Promise<void>
}

/** Whose process can be there before it is asked. */
export interface PagesAhead extends PagesClient {
  /** Starts a process, if there is none: what is asked for soon does not wait for it. @throws NominaError `engine` */
  warmUp(): void
}

export interface PagesOptions {
  /** ms that a request may take before the process is taken to hang; longer where others leave it little of the machine. */
  patienceMs?: number
  /** ms without a request after which the process is ended. */
  idleMs?: number
  /** As many side by side. */
  processes?: number
}

class Gone extends Error {
  constructor(
    reason: string,
    /** 1 where the process had nothing else to do, or took too long over this; less where it was ended from outside. */
    readonly fault: number
  ) {
    super(reason)
  }
}

/**
 * A process that others leave little of the machine is slow and does not hang: it has worked in its time, though less than half of
 * it. It is given that time again so often.
 */
const mostPatience = 10
/** Of its time; an idle process has a thread that looks after its parent. */
const leastWorked = 0.003

/** How often a request that is never the only one is tried. */
const patientAttempts = 6
/** Mostly not the page's doing, but for a system that is short of memory. */
const fromOutside = /SIG(KILL|TERM|INT|HUP)/
const faultOfKill = 0.5

interface Open {
  name: PagesCall
  resolve(reply: PagesReply): void
  reject(error: Gone): void
  timer: NodeJS.Timeout
}

/** Processes at most: each takes about 350 MB while pages are registered, and keeps a core busy. */
const mostProcesses = 2

export function createPagesClient(spawn: SpawnPages, options: PagesOptions = {}): PagesAhead {
  const { patienceMs = 180_000, idleMs = 60_000, processes = Math.min(mostProcesses, availableParallelism()) } = options
  const clients = Array.from({ length: processes }, () => new Client(spawn, patienceMs, idleMs))
  return {
    // The first that has least to do: one process is enough as long as it is.
    call: (name, input) => clients.reduce((best, one) => (one.waiting < best.waiting ? one : best)).call(name, input),
    warmUp: () => clients[0]!.warmUp(),
    async setTemplates(templates) {
      await Promise.all(clients.map((client) => client.setTemplates(templates)))
    },
    async stop() {
      await Promise.all(clients.map((client) => client.stop()))
    }
  }
}

class Client implements PagesAhead {
  /** Requests that are not answered yet. */
  waiting = 0
  private process: PagesProcess | null = null
  private readonly open = new Map<number, Open>()
  private templates: ProcessTemplate[] = []
  private templatesKey = '[]'
  /** Requests that are tried again go one after another, and the others wait for them. */
  private again: Promise<unknown> = Promise.resolve()
  private nextId = 1
  private idle: NodeJS.Timeout | null = null
  private stopped = false

  constructor(
    private readonly spawn: SpawnPages,
    private readonly patienceMs: number,
    private readonly idleMs: number
  ) {}

  async call<N extends PagesCall>(name: N, input: PagesCalls[N]['input']): Promise<PagesCalls[N]['output']> {
    this.waiting++
    try {
      await this.again
      return await this.ask(name, input)
    } catch (error) {
      if (!(error instanceof Gone)) throw error
      const retry = this.again.then(() => this.tryAlone(name, input, error.fault))
      this.again = retry.catch(() => {})
      return await retry
    } finally {
      this.waiting--
    }
  }

  warmUp(): void {
    if (this.process || this.stopped) return
    this.start()
    this.restIfIdle()
  }

  async setTemplates(templates: ProcessTemplate[]): Promise<void> {
    if (templates === this.templates) return
    const key = JSON.stringify(templates.map(({ image, ...template }) => [template, sha256Of(image)]))
    if (key === this.templatesKey) return
    this.templatesKey = key
    this.templates = templates
    if (this.process) await this.call('templates', { templates })
  }

  async stop(): Promise<void> {
    this.stopped = true
    this.end('it was stopped')
    await Promise.resolve()
  }

  /** @param faults how much of the ends of the process so far was its doing */
  private async tryAlone<N extends PagesCall>(
    name: N,
    input: PagesCalls[N]['input'],
    faults: number
  ): Promise<PagesCalls[N]['output']> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.ask(name, input)
      } catch (error) {
        if (!(error instanceof Gone)) throw error
        faults += error.fault
        if (faults >= 2 || attempt === patientAttempts)
          throw new NominaError('unreadable', `It can’t be worked on: ${error.message}, twice.`, { cause: error })
      }
    }
  }

  private async ask<N extends PagesCall>(name: N, input: PagesCalls[N]['input']): Promise<PagesCalls[N]['output']> {
    if (this.stopped) throw new NominaError('cancelled', say('closedMeanwhile'))
    if (!this.process) this.start(name !== 'templates')
    const reply = await this.send(name, input)
    if (reply.ok) return reply.value as PagesCalls[N]['output']
    throw new NominaError(reply.code, reply.reason)
  }

  private send<N extends PagesCall>(name: N, input: PagesCalls[N]['input']): Promise<PagesReply> {
    const id = this.nextId++
    if (this.idle) clearTimeout(this.idle)
    return new Promise<PagesReply>((resolve, reject) => {
      this.open.set(id, { name, resolve, reject, timer: this.waitFor(id, this.process!) })
      this.process!.hold?.(true)
      this.process!.send({ id, name, input } as never)
    }).finally(() => this.restIfIdle())
  }

  private waitFor(id: number, child: PagesProcess, times = 1, before = child.worked?.() ?? null): NodeJS.Timeout {
    const from = performance.now()
    const over = (): void => {
      const now = child.worked?.() ?? null
      const share = now === null || before === null ? 1 : ((now - before) * 1000) / (performance.now() - from)
      const open = this.open.get(id)
      if (open && times < mostPatience && share > leastWorked && share < 0.5)
        open.timer = this.waitFor(id, child, times + 1, now)
      else this.end(`it took longer than ${Math.round((times * this.patienceMs) / 1000)} seconds`, id)
    }
    return setTimeout(over, this.patienceMs).unref()
  }

  private start(withTemplates = true): void {
    const child = this.spawn()
    this.process = child
    child.onMessage((reply) => {
      const asked = this.open.get(reply.id)
      this.open.delete(reply.id)
      if (asked) clearTimeout(asked.timer)
      asked?.resolve(reply)
    })
    child.onExit((reason) => {
      if (this.process === child) this.end(`the pages process ended (${reason})`)
    })
    if (withTemplates && this.templates.length)
      void this.send('templates', { templates: this.templates }).catch(() => {})
  }

  private restIfIdle(): void {
    if (this.open.size || !this.process) return
    this.process.hold?.(false)
    // Several that were answered at once all come here: a timer that is forgotten would end the process at work, a minute later.
    if (this.idle) clearTimeout(this.idle)
    this.idle = setTimeout(() => {
      if (!this.open.size) this.end('it was idle')
    }, this.idleMs).unref()
  }

  /** @param culprit the request that took too long; absent: whatever was the only one to be worked on */
  private end(reason: string, culprit?: number): void {
    const child = this.process
    this.process = null
    if (this.idle) clearTimeout(this.idle)
    const open = [...this.open]
    const working = open.filter(([, { name }]) => name !== 'templates')
    const fault = culprit ?? (working.length === 1 ? working[0]![0] : undefined)
    const weight = fromOutside.test(reason) ? faultOfKill : 1
    this.open.clear()
    child?.kill()
    for (const [id, { reject, timer }] of open) {
      clearTimeout(timer)
      reject(new Gone(reason, id === fault ? weight : 0))
    }
  }
}

const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')
