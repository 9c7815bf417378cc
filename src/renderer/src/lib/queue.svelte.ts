/**
 * The review's queue: what has been gone through, the current field, what comes. Moving never waits: rows are there
 * before they are needed, and decisions go through an outbox that reports when each is stored.
 */
/* eslint-disable svelte/prefer-svelte-reactivity -- what is not shown need not be reactive */
import { SvelteMap } from 'svelte/reactivity'
import type { Counts, DecisionKind, FieldRow, Filter, Order } from '../../../shared/domain'
import { t } from '../i18n'
import { Leases } from './leases'
import { Outbox, send, type Call, type Changed, type Operation, type OutboxHome } from './outbox'
import { messageOf } from '../../../shared/text'

/** `saving`: not yet stored. `saved`: the core said so, in this session. */
export type Saving = 'saving' | 'saved'

export interface QueueHooks {
  call: Call
  /** Several people review this project. */
  shared?: boolean
  counts(counts: Counts): void
  /** A row around the current one has arrived or changed: its picture can be fetched. */
  near(row: FieldRow): void
  /** Something a person should be told of: a decision was refused, nothing to undo, … */
  tell(kind: 'failure' | 'note' | 'done', message: string): void
}

export interface QueueStart {
  filter?: Filter
  order?: Order
  fieldId?: number
}

const rowsBehind = 6
const rowsAhead = 24
const picturesBehind = 2
const picturesAhead = 6
const keptRows = 800
const refreshInterval = 2000

export class Queue {
  ids = $state.raw<number[]>([])
  position = $state(0)
  filter = $state.raw<Filter>({ status: 'undecided' })
  order = $state<Order>('confidence')
  loaded = $state(false)
  failure = $state<string | null>(null)
  /** Decisions not yet stored, and why the connection they wait for is lost, or null. */
  waiting = $state(0)
  lost = $state<string | null>(null)
  readonly rows = new SvelteMap<number, FieldRow>()
  readonly saving = new SvelteMap<number, Saving>()
  /** Texts that were typed and left without a decision. */
  readonly drafts = new SvelteMap<number, string>()

  readonly #hooks: QueueHooks
  readonly #outbox: Outbox
  readonly #leases: Leases | null
  readonly #before = new Map<number, FieldRow>()
  #seed = 1
  #asked = new Set<number>()
  #generation = 0
  #refreshTimer: ReturnType<typeof setTimeout> | null = null
  #refreshedAt = 0

  constructor(hooks: QueueHooks, home: OutboxHome) {
    this.#hooks = hooks
    this.#leases = hooks.shared
      ? new Leases({ lease: (input) => hooks.call('review.lease', input), taken: (ids) => this.#leaveOut(ids) })
      : null
    this.#outbox = new Outbox(
      {
        send: (operation) => send(hooks.call, operation),
        saved: (operation, result) => this.#saved(operation, result),
        refused: (operation, message) => this.#refused(operation, message),
        changed: (waiting, lost) => {
          this.waiting = waiting
          this.lost = lost
        }
      },
      home
    )
  }

  get currentId(): number | null {
    return this.ids[this.position] ?? null
  }

  get current(): FieldRow | null {
    return this.currentId === null ? null : (this.rows.get(this.currentId) ?? null)
  }

  /** The row at a distance from the current one: negative is what was gone through. */
  at(distance: number): FieldRow | null {
    const id = this.ids[this.position + distance]
    return id === undefined ? null : (this.rows.get(id) ?? null)
  }

  /** Starts anew with another filter or order, at a field where one is named. */
  async start({ filter = this.filter, order = this.order, fieldId }: QueueStart): Promise<void> {
    const before = { filter: this.filter, order: this.order }
    if (order === 'random') this.#seed = Math.floor(Math.random() * 2 ** 31)
    this.filter = filter
    this.order = order
    const generation = ++this.#generation
    try {
      const ids = await this.#askIds()
      if (generation !== this.#generation) return
      const at = fieldId === undefined ? 0 : ids.indexOf(fieldId)
      const list = at === -1 ? [fieldId!, ...ids] : ids
      const position = Math.max(0, at)
      await this.#fetch(list.slice(Math.max(0, position - rowsBehind), position + rowsAhead))
      if (generation !== this.#generation) return
      this.ids = list
      this.position = position
      this.loaded = true
      this.failure = null
      this.#prefetch()
    } catch (error) {
      if (generation !== this.#generation) return
      if (this.currentId === null) this.failure = messageOf(error)
      else {
        // What was there is still good.
        this.filter = before.filter
        this.order = before.order
        this.#hooks.tell('failure', t('common:queue.stays', { reason: messageOf(error) }))
      }
      this.loaded = true
    }
  }

  next(): void {
    if (this.position < this.ids.length) this.#moveTo(this.position + 1)
  }

  back(): boolean {
    if (this.position === 0) return false
    this.#moveTo(this.position - 1)
    return true
  }

  /** Decides on the current field and goes on. */
  decide(kind: DecisionKind, text?: string, note?: string): void {
    const row = this.current
    if (!row) return
    if (!this.#before.has(row.id)) this.#before.set(row.id, row)
    this.drafts.delete(row.id)
    const label = kind === 'accepted' || kind === 'corrected' ? (text ?? row.text) : null
    this.rows.set(row.id, { ...row, status: kind, text: label, origin: 'decision', note: note ?? null })
    this.saving.set(row.id, 'saving')
    this.next()
    this.#outbox.add({ kind: 'decide', input: { ids: [row.id], kind, text, note, seen: row.decidedAt } })
  }

  undo(): void {
    const dropped = this.#outbox.dropLast()
    if (dropped?.kind === 'decide') this.#giveBack(dropped)
    else if (dropped === null) this.#outbox.add({ kind: 'undo' })
  }

  redo(): void {
    this.#outbox.add({ kind: 'redo' })
  }

  /** A row came with a reply of its own, as after rotating. */
  replace(row: FieldRow): void {
    this.rows.set(row.id, row)
    this.#prefetch()
  }

  /** Fields changed elsewhere: by a run or in another window. What is shown now stays where it is. */
  fieldsChanged(ids: number[] | null): void {
    const known = (ids ?? [...this.rows.keys()]).filter((id) => this.rows.has(id) && this.saving.get(id) !== 'saving')
    const near = new Set(this.#window(rowsBehind, rowsAhead))
    for (const id of known) if (!near.has(id)) this.rows.delete(id)
    const refetched = known.filter((id) => near.has(id))
    if (refetched.length > 0) void this.#fetch(refetched).catch(() => undefined)
    const foreign = ids === null || ids.some((id) => !this.saving.has(id))
    if (foreign) this.#refreshSoon()
  }

  /** The connection is back: sends what waited, asks again for what may have changed. */
  reconnected(): void {
    this.#outbox.retry()
    if (!this.loaded || this.failure) void this.start({})
    else this.fieldsChanged(null)
  }

  #moveTo(position: number): void {
    this.position = position
    this.#prefetch()
  }

  #window(behind: number, ahead: number): number[] {
    return this.ids.slice(Math.max(0, this.position - behind), this.position + ahead + 1)
  }

  /** The window is left: others may have what was held for it. */
  stop(): void {
    this.#leases?.stop()
  }

  /** Another project is open: nothing more is asked of the core. */
  close(): void {
    this.#generation++
    if (this.#refreshTimer !== null) clearTimeout(this.#refreshTimer)
    this.stop()
    this.#outbox.close()
  }

  /** What somebody else works on or has done; what was gone through stays. */
  #leaveOut(ids: number[]): void {
    const others = new Set(ids)
    const kept = this.ids.filter((id, at) => at < this.position || !others.has(id))
    if (kept.length === this.ids.length) return
    this.ids = kept
    this.#prefetch()
  }

  #prefetch(): void {
    this.#leases?.near(this.ids.slice(this.position, this.position + 64))
    for (const id of this.#window(picturesBehind, picturesAhead)) {
      const row = this.rows.get(id)
      if (row) this.#hooks.near(row)
    }
    const missing = this.#window(rowsBehind, rowsAhead).filter((id) => !this.rows.has(id) && !this.#asked.has(id))
    // Asking for a few at each step would be a call a field; half a window at a time is not.
    const soon = this.#window(rowsBehind, rowsAhead / 2).some((id) => missing.includes(id))
    if (soon) void this.#fetch(missing).catch((error) => this.#hooks.tell('failure', messageOf(error)))
    if (this.rows.size > keptRows) this.#forgetFarRows()
  }

  #forgetFarRows(): void {
    const near = new Set(this.#window(keptRows / 4, keptRows / 4))
    for (const id of this.rows.keys()) if (!near.has(id) && this.saving.get(id) !== 'saving') this.rows.delete(id)
  }

  async #fetch(ids: number[]): Promise<void> {
    if (ids.length === 0) return
    for (const id of ids) this.#asked.add(id)
    try {
      const { rows } = await this.#hooks.call('fields.rows', { ids })
      for (const row of rows) if (this.saving.get(row.id) !== 'saving') this.rows.set(row.id, row)
      const near = new Set(this.#window(picturesBehind, picturesAhead))
      for (const row of rows) if (near.has(row.id)) this.#hooks.near(row)
    } finally {
      for (const id of ids) this.#asked.delete(id)
    }
  }

  async #askIds(): Promise<number[]> {
    const input = { filter: this.filter, order: this.order, seed: this.#seed }
    return (await this.#hooks.call('fields.ids', input)).ids
  }

  #refreshSoon(): void {
    if (this.#refreshTimer !== null) return
    const delay = Math.max(50, this.#refreshedAt + refreshInterval - Date.now())
    this.#refreshTimer = setTimeout(() => {
      this.#refreshTimer = null
      this.#refreshedAt = Date.now()
      void this.refresh().catch(() => undefined)
    }, delay)
  }

  /** Asks for the queue again: what was gone through and the current field stay, what comes is new. */
  async refresh(): Promise<void> {
    const generation = this.#generation
    const ids = await this.#askIds()
    if (generation !== this.#generation) return
    const kept = this.ids.slice(0, this.position + 1)
    const seen = new Set(kept)
    this.ids = [...kept, ...ids.filter((id) => !seen.has(id))]
    this.#prefetch()
  }

  #saved(operation: Operation, result: Changed): void {
    this.#hooks.counts(result.counts)
    for (const row of result.rows) {
      if (this.#isWaiting(row.id)) continue
      this.#before.delete(row.id)
      this.rows.set(row.id, row)
      if (operation.kind === 'undo') this.saving.delete(row.id)
      else this.saving.set(row.id, 'saved')
    }
    if (operation.kind !== 'decide') this.#wentBack(operation.kind, result)
  }

  #wentBack(kind: 'undo' | 'redo', result: Changed): void {
    const first = result.rows[0]
    if (!first)
      return this.#hooks.tell('note', t(kind === 'undo' ? 'common:queue.nothingToUndo' : 'common:queue.nothingToRedo'))
    if (result.changed > 1)
      this.#hooks.tell(
        'done',
        t(kind === 'undo' ? 'common:queue.undone' : 'common:queue.redone', { count: result.changed })
      )
    if (kind === 'undo') this.#show(first.id)
    else if (this.currentId === first.id) this.next()
  }

  /** Makes a field the current one, wherever it was in the queue. */
  #show(id: number): void {
    const at = this.ids.lastIndexOf(id, this.position)
    const found = at === -1 ? this.ids.indexOf(id) : at
    if (found !== -1) return this.#moveTo(found)
    this.ids = [...this.ids.slice(0, this.position), id, ...this.ids.slice(this.position)]
    this.#moveTo(this.position)
  }

  #isWaiting(id: number): boolean {
    return this.#outbox.waiting.some((operation) => operation.kind === 'decide' && operation.input.ids.includes(id))
  }

  #giveBack(operation: Operation & { kind: 'decide' }): void {
    const id = operation.input.ids[0]!
    const before = this.#before.get(id)
    if (before) this.rows.set(id, before)
    this.#before.delete(id)
    this.saving.delete(id)
    this.#show(id)
  }

  #refused(operation: Operation, message: string): void {
    if (operation.kind === 'decide') {
      if (operation.input.text !== undefined) this.drafts.set(operation.input.ids[0]!, operation.input.text)
      this.#giveBack(operation)
    }
    const what = operation.kind === 'decide' ? 'common:queue.notStored' : 'common:queue.notDone'
    this.#hooks.tell('failure', t(what, { reason: message }))
  }
}
