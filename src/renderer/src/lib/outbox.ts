/**
 * What a person decided and the core has not yet confirmed, sent one after the other in the order it was done. Without
 * a connection it is kept and sent again; what the core refuses is given back.
 */
import type { EndpointName, Input, Output } from '../../../shared/contract'
import { messageOf } from '../../../shared/text'

/**
 * `request` names the operation to the core, which does it once however often it is sent; `project` is the one it was done
 * in, and no other will be changed by it.
 */
export type Operation = ({ kind: 'decide'; input: Input<'review.decide'> } | { kind: 'undo' } | { kind: 'redo' }) & {
  request?: string
  project?: string
}
export type Changed = Output<'review.decide'>
export type Call = <N extends EndpointName>(name: N, input: Input<N>) => Promise<Output<N>>

export function send(call: Call, operation: Operation): Promise<Changed> {
  const { request, project } = operation
  if (operation.kind === 'decide') return call('review.decide', { ...operation.input, request, project })
  return call(operation.kind === 'undo' ? 'review.undo' : 'review.redo', { request, project })
}

export interface OutboxHooks {
  /** @throws an error with code `lost` where no reply came */
  send(operation: Operation): Promise<Changed>
  saved(operation: Operation, result: Changed): void
  refused(operation: Operation, message: string): void
  /** The number of operations not confirmed, and why the connection they wait for is lost, or null. */
  changed(waiting: number, lost: string | null): void
}

/** Keeps operations over a reload of the page. */
export interface OutboxStore {
  read(): Operation[]
  write(operations: Operation[]): void
}

/** Where decisions belong, and where they wait over a reload. */
export interface OutboxHome {
  project: string
  store?: OutboxStore
}

const retryDelays = [500, 1000, 2000, 4000, 8000]

const hasCode = (error: unknown, code: string): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && error.code === code

export class Outbox {
  #operations: Operation[] = []
  #sending = false
  #attempts = 0
  #lost: string | null = null
  #timer: ReturnType<typeof setTimeout> | null = null
  readonly #hooks: OutboxHooks
  readonly #home: OutboxHome
  #closed = false

  constructor(hooks: OutboxHooks, home: OutboxHome) {
    this.#hooks = hooks
    this.#home = home
    this.#operations = home.store?.read() ?? []
    if (this.#operations.length > 0) void this.#flush()
  }

  get waiting(): readonly Operation[] {
    return this.#operations
  }

  add(operation: Operation): void {
    this.#operations.push({ request: crypto.randomUUID(), project: this.#home.project, ...operation })
    this.#noteChange()
    void this.#flush()
  }

  /** Takes back the last operation where it has not been sent: undoing it needs no call. */
  dropLast(): Operation | null {
    const first = this.#sending ? 1 : 0
    if (this.#operations.length <= first) return null
    const last = this.#operations.pop()!
    this.#noteChange()
    return last
  }

  /** Sends nothing more: what waits stays in its store. */
  close(): void {
    this.#closed = true
    if (this.#timer !== null) clearTimeout(this.#timer)
  }

  /** Sends at once what waits for the connection. */
  retry(): void {
    this.#attempts = 0
    void this.#flush()
  }

  #noteChange(): void {
    this.#home.store?.write(this.#operations)
    this.#hooks.changed(this.#operations.length, this.#lost)
  }

  async #flush(): Promise<void> {
    if (this.#sending || this.#closed) return
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
    this.#sending = true
    try {
      for (let next = this.#operations[0]; next; next = this.#operations[0]) {
        if (!(await this.#sendOne(next))) return
      }
    } finally {
      this.#sending = false
    }
  }

  /** What waits was decided in view of what was sent before it, whose time only the core knows. */
  #see({ rows }: Changed): void {
    const times = new Map(rows.map((row) => [row.id, row.decidedAt]))
    for (const operation of this.#operations) {
      if (operation.kind !== 'decide' || operation.input.seen === undefined) continue
      const [id, ...others] = operation.input.ids
      const time = times.get(id!)
      if (others.length === 0 && time !== undefined) operation.input = { ...operation.input, seen: time }
    }
  }

  /** False where it has to wait for the connection. */
  async #sendOne(operation: Operation): Promise<boolean> {
    let result: Changed
    try {
      result = await this.#hooks.send(operation)
    } catch (error) {
      if (this.#closed) return false
      if (hasCode(error, 'other-project')) {
        this.#lost = messageOf(error)
        this.#noteChange()
        return false
      }
      if (hasCode(error, 'lost')) {
        const delay = retryDelays[Math.min(this.#attempts++, retryDelays.length - 1)]
        this.#timer = setTimeout(() => void this.#flush(), delay)
        this.#lost = messageOf(error)
        this.#noteChange()
        return false
      }
      this.#operations.shift()
      this.#attempts = 0
      this.#lost = null
      this.#noteChange()
      this.#hooks.refused(operation, messageOf(error))
      return true
    }
    // Where it was stored nevertheless, the core knows it by its request.
    if (this.#closed) return false
    this.#operations.shift()
    this.#attempts = 0
    this.#lost = null
    this.#see(result)
    this.#noteChange()
    this.#hooks.saved(operation, result)
    return true
  }
}
