/**
 * What a person decided and the core has not yet confirmed, sent one after the other in the order it was done. Without
 * a connection it is kept and sent again; what the core refuses is given back.
 */
import type { EndpointName, Input, Output } from '../../../../shared/contract'
import { messageOf } from '../../../../shared/text'
import { uniqueName } from '../unique'

/** What a person did: a decision, or a step back or forth; `undoTo` takes back an act with all that came after it. */
export type Step =
  | { kind: 'decide'; input: Input<'review.decide'> }
  | { kind: 'undo' }
  | { kind: 'redo' }
  | { kind: 'undoTo'; act: number }

/**
 * `request` names the operation to the core, which does it once however often it is sent; `project` is the one it was done
 * in, and no other will be changed by it; `at` orders operations, in ms.
 */
export type Operation = Step & { request: string; project: string; at: number }
export type Changed = Output<'review.decide'>
export type Call = <N extends EndpointName>(name: N, input: Input<N>) => Promise<Output<N>>

function send(call: Call, operation: Operation): Promise<Changed> {
  const { request, project } = operation
  switch (operation.kind) {
    case 'decide':
      return call('review.decide', { ...operation.input, request, project })
    case 'undoTo':
      return call('history.undoTo', { act: operation.act })
    default:
      return call(`review.${operation.kind}`, { request, project })
  }
}

export interface OutboxHooks {
  call: Call
  saved(operation: Operation, result: Changed): void
  /** @param code of the failure; see the contract */
  refused(operation: Operation, message: string, code: string | null): void
  /** The number of operations not confirmed, and why the connection they wait for is lost, or null. */
  changed(waiting: number, lost: string | null): void
}

/** Keeps operations that are not confirmed, one by one: over a reload, and where it can over the end of the browser. */
export interface OutboxStore {
  /** Those of this project, in the order in which they were done. */
  read(): Promise<Operation[]>
  add(operation: Operation): Promise<void>
  remove(operation: Operation): Promise<void>
}

/** Where decisions belong, and where they wait. */
export interface OutboxHome {
  project: string
  store?: OutboxStore
}

const retryDelays = [500, 1000, 2000, 4000, 8000]

const codeOf = (error: unknown): string | null =>
  typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : null

export class Outbox {
  #operations: Operation[] = []
  #sending = false
  #attempts = 0
  #lost: string | null = null
  #timer: ReturnType<typeof setTimeout> | null = null
  readonly #hooks: OutboxHooks
  readonly #home: OutboxHome
  #closed = false
  /** What waited from before is still being looked for: nothing is sent before it. */
  #taken: Promise<void> | null = null
  #last = 0

  constructor(hooks: OutboxHooks, home: OutboxHome) {
    this.#hooks = hooks
    this.#home = home
    if (home.store) this.#taken = home.store.read().then(this.#takeIn, () => undefined)
  }

  get waiting(): readonly Operation[] {
    return this.#operations
  }

  add(step: Step): Operation {
    this.#last = Math.max(this.#last + 1, Date.now())
    const operation = { ...step, request: uniqueName(), project: this.#home.project, at: this.#last }
    this.#operations.push(operation)
    // Without a store they are kept as long as the page.
    this.#home.store?.add(operation).catch(() => undefined)
    this.#noteChange()
    void this.#flush()
    return operation
  }

  /** Takes back the last operation where it has not been sent: undoing it needs no call. */
  dropLast(): Operation | null {
    const first = this.#sending ? 1 : 0
    if (this.#operations.length <= first) return null
    const last = this.#operations.at(-1)!
    this.#remove(last)
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

  /** What waited from before goes before what was done since. */
  #takeIn = (kept: Operation[]): void => {
    this.#operations = [...kept, ...this.#operations]
    this.#last = Math.max(this.#last, ...kept.map(({ at }) => at))
    this.#taken = null
    if (kept.length > 0) this.#noteChange()
    void this.#flush()
  }

  #remove(operation: Operation): void {
    this.#operations = this.#operations.filter((other) => other !== operation)
    this.#home.store?.remove(operation).catch(() => undefined)
  }

  #noteChange(): void {
    // Where nothing waits, nobody would tell that the connection is back.
    if (this.#operations.length === 0) this.#lost = null
    this.#hooks.changed(this.#operations.length, this.#lost)
  }

  async #flush(): Promise<void> {
    if (this.#sending || this.#closed || this.#taken) return
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
      const { ids, seen } = operation.input
      if (!ids.some((id) => times.has(id)) || (ids.length > 1 && !Array.isArray(seen))) continue
      const each = ids.map(
        (id, index) => times.get(id) ?? (times.has(id) || !Array.isArray(seen) ? null : seen[index]!)
      )
      operation.input = { ...operation.input, seen: Array.isArray(seen) ? each : each[0]! }
      this.#home.store?.add(operation).catch(() => undefined)
    }
  }

  /** False where it has to wait for the connection. */
  async #sendOne(operation: Operation): Promise<boolean> {
    let result: Changed
    try {
      result = await send(this.#hooks.call, operation)
    } catch (error) {
      if (this.#closed) return false
      const code = codeOf(error)
      if (code === 'other-project') {
        this.#lost = messageOf(error)
        this.#noteChange()
        return false
      }
      // A project's folder may come back, or the project be saved elsewhere.
      if (code === 'lost' || code === 'gone') {
        const delay = retryDelays[Math.min(this.#attempts++, retryDelays.length - 1)]
        this.#timer = setTimeout(() => void this.#flush(), delay)
        this.#lost = messageOf(error)
        this.#noteChange()
        return false
      }
      this.#confirm(operation)
      this.#hooks.refused(operation, messageOf(error), code)
      return true
    }
    // Where it was stored nevertheless, the core knows it by its request.
    if (this.#closed) return false
    this.#confirm(operation)
    this.#see(result)
    this.#hooks.saved(operation, result)
    return true
  }

  #confirm(operation: Operation): void {
    this.#remove(operation)
    this.#attempts = 0
    this.#lost = null
    this.#noteChange()
  }
}
