/** One engine process: requests and their answers, and the end of it when it is gone or silent for too long. */
import type { EngineProcess, EngineReply, EngineRequest, SpawnEngine } from './protocol'

type Answer = Exclude<EngineReply, { type: 'trying' | 'alive' }>
type Asking = Extract<EngineRequest, { type: 'load' | 'read' }>

/** The process ended, or was ended, while this was asked. */
export class EngineGone extends Error {
  constructor(
    reason: string,
    /** It was at work on this request: the first of those that were open. */
    readonly atFault: boolean,
    /** The provider it was trying while it loaded a model. */
    readonly provider: string | null
  ) {
    super(reason)
  }
}

interface Open {
  resolve(answer: Answer): void
  reject(error: EngineGone): void
}

export class Connection {
  alive = true
  private readonly process: EngineProcess
  private readonly open = new Map<number, Open>()
  private readonly gone: Promise<void>
  private trying: string | null = null
  private timer: NodeJS.Timeout | null = null
  private endedBecause: string | null = null

  /** @param silenceMs a process with something to do that says nothing for so long hangs, and is ended */
  constructor(
    spawn: SpawnEngine,
    private readonly silenceMs: number
  ) {
    this.process = spawn()
    this.process.onMessage((message) => this.hear(message))
    this.gone = new Promise((resolve) =>
      this.process.onExit((reason) => {
        this.end(reason)
        resolve()
      })
    )
  }

  /** @throws EngineGone */
  ask(message: Asking): Promise<Answer> {
    return new Promise((resolve, reject) => {
      if (!this.alive) return reject(new EngineGone('it is not running', false, null))
      this.open.set(message.id, { resolve, reject })
      this.watch()
      this.process.send(message)
    })
  }

  cancel(id: number): void {
    if (this.open.delete(id) && this.alive) this.process.send({ type: 'cancel', id })
    this.watch()
  }

  /** Ends the process and waits until it is gone. */
  async stop(graceMs = 2000): Promise<void> {
    if (!this.alive) return
    this.process.send({ type: 'stop' })
    const timer = setTimeout(() => this.process.kill(), graceMs)
    await this.gone
    clearTimeout(timer)
  }

  private hear(message: EngineReply): void {
    this.watch()
    if (message.type === 'alive') return
    if (message.type === 'trying') {
      this.trying = message.provider
      return
    }
    const asked = this.open.get(message.id)
    this.open.delete(message.id)
    if (message.type !== 'results') this.trying = null
    this.watch()
    asked?.resolve(message)
  }

  private watch(): void {
    if (this.timer) clearTimeout(this.timer)
    this.timer = null
    if (!this.open.size || !this.alive) return
    this.timer = setTimeout(() => {
      this.endedBecause = `it said nothing for ${Math.round(this.silenceMs / 1000)} seconds and was ended`
      this.process.kill()
    }, this.silenceMs)
    this.timer.unref()
  }

  private end(reason: string): void {
    this.alive = false
    if (this.timer) clearTimeout(this.timer)
    const open = [...this.open.values()]
    this.open.clear()
    open.forEach(({ reject }, index) => reject(new EngineGone(this.endedBecause ?? reason, index === 0, this.trying)))
  }
}
