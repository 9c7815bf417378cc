/**
 * The review's queue: what has been gone through, the current field, what comes. Moving never waits: rows are there
 * before they are needed, and decisions leave by the desk's outbox, which says when each is stored.
 */
/* eslint-disable svelte/prefer-svelte-reactivity -- what is not shown need not be reactive */
import type { DecisionKind, FieldRow, Filter, Order } from '../../../../shared/domain'
import { messageOf } from '../../../../shared/text'
import { t } from '../../i18n'
import type { Desk, DeskView } from '../../lib/desk/desk.svelte'
import { Leases } from './leases'
import { textOnArrival } from './shown'

export interface QueueHooks {
  /** Several people review this project. */
  shared?: boolean
  /** A row around the current one has arrived or changed: its picture can be fetched. */
  near(row: FieldRow): void
}

export interface QueueStart {
  filter?: Filter
  order?: Order
  fieldId?: number
}

const rowsBehind = 6
const rowsAhead = 12
/** Rows that are fetched beyond those, at a time. */
const reserve = 24
const picturesBehind = 2
const picturesAhead = 6
const refreshInterval = 2000

export class Queue implements DeskView {
  ids = $state.raw<number[]>([])
  position = $state(0)
  filter = $state.raw<Filter>({ status: 'undecided' })
  order = $state<Order>('confidence')
  loaded = $state(false)
  failure = $state<string | null>(null)

  readonly desk: Desk
  readonly #hooks: QueueHooks
  readonly #leases: Leases | null
  #seed = 1
  #generation = 0
  #refreshTimer: ReturnType<typeof setTimeout> | null = null
  #refreshedAt = 0

  constructor(desk: Desk, hooks: QueueHooks) {
    this.desk = desk
    this.#hooks = hooks
    this.#leases = hooks.shared
      ? new Leases({ lease: (input) => desk.call('review.lease', input), taken: (ids) => this.#leaveOut(ids) })
      : null
    desk.show(this)
  }

  get currentId(): number | null {
    return this.ids[this.position] ?? null
  }

  get current(): FieldRow | null {
    return this.at(0)
  }

  /** The row at a distance from the current one: negative is what was gone through. */
  at(distance: number): FieldRow | null {
    const id = this.ids[this.position + distance]
    return id === undefined ? null : (this.desk.row(id) ?? null)
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
      await this.desk.rows.load(list.slice(Math.max(0, position - rowsBehind), position + rowsAhead + reserve))
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
        this.desk.tell('failure', t('common:queue.stays', { reason: messageOf(error) }))
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
    const label = kind === 'accepted' || kind === 'corrected' ? (text ?? row.text) : null
    this.next()
    this.desk.decide(
      { ids: [row.id], kind, text, shown: textOnArrival(row), note, seen: row.decidedAt, ink: row.ink },
      { status: kind, text: label, note: note ?? null },
      (result) => {
        if (!result) this.#show(row.id)
      }
    )
  }

  undo(): void {
    this.desk.undo(({ ids, changed, sent }) => {
      // One field is seen to be as it was.
      if (sent && changed !== 1) this.desk.tellBack('undo', changed)
      if (ids[0] !== undefined) this.#show(ids[0])
    })
  }

  redo(): void {
    this.desk.redo(({ ids, changed }) => {
      if (changed !== 1) this.desk.tellBack('redo', changed)
      if (this.currentId === ids[0]) this.next()
    })
  }

  /** A row came with a reply of its own, as after rotating. */
  replace(row: FieldRow): void {
    this.desk.rows.patch([row])
  }

  rows(): void {
    for (const id of this.#window(picturesBehind, picturesAhead)) {
      const row = this.desk.rows.get(id)
      if (row) this.#hooks.near(row)
    }
  }

  /** What is shown now stays where it is. */
  changed(ids: number[] | null): void {
    const foreign = ids === null || ids.some((id) => !this.desk.saving.has(id))
    if (foreign) this.#refreshSoon()
  }

  reconnected(): void {
    if (!this.loaded || this.failure) void this.start({})
    else this.changed(null)
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
  }

  #moveTo(position: number): void {
    this.position = position
    this.#prefetch()
  }

  #window(behind: number, ahead: number): number[] {
    return this.ids.slice(Math.max(0, this.position - behind), this.position + ahead + 1)
  }

  /** What somebody else works on or has done; what was gone through stays. */
  #leaveOut(ids: number[]): void {
    const others = new Set(ids)
    const kept = this.ids.filter((id, at) => at < this.position || !others.has(id))
    if (kept.length === this.ids.length) return
    this.ids = kept
    this.#prefetch()
  }

  /** The rows and pictures around the current field; also after another view wanted others. */
  #prefetch(): void {
    this.#leases?.near(this.ids.slice(this.position, this.position + 64))
    this.rows()
    this.desk.rows.want(this.ids, this.position - rowsBehind, this.position + rowsAhead, reserve)
  }

  /** The view is shown again. */
  arrive(): void {
    this.#prefetch()
  }

  async #askIds(): Promise<number[]> {
    const input = { filter: this.filter, order: this.order, seed: this.#seed }
    return (await this.desk.call('fields.ids', input)).ids
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

  /** Makes a field the current one, wherever it was in the queue. */
  #show(id: number): void {
    const at = this.ids.lastIndexOf(id, this.position)
    const found = at === -1 ? this.ids.indexOf(id) : at
    if (found !== -1) return this.#moveTo(found)
    this.ids = [...this.ids.slice(0, this.position), id, ...this.ids.slice(this.position)]
    this.#moveTo(this.position)
  }
}
