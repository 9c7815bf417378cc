/**
 * The review's queue: what has been gone through, the current field, what comes. Moving never waits: rows are there
 * before they are needed, and decisions leave by the desk's outbox, which says when each is stored.
 */
/* eslint-disable svelte/prefer-svelte-reactivity -- what is not shown need not be reactive */
import type { Input, Output } from '../../../../shared/contract'
import type { DecisionKind, FieldRow, Filter, Order } from '../../../../shared/domain'
import { messageOf } from '../../../../shared/text'
import { t } from '../../i18n'
import { shownAsOf, type Desk, type DeskView } from '../../lib/desk/desk.svelte'
import { Leases } from './leases'
import { AsArrived } from './asArrived'
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
/** Fields that are asked for ahead of the current one, and how few of them are left when more are. */
const fieldsAhead = 1000
const fewAhead = 300
/** Undecided fields that were skipped, of which the core is told that they are here. */
const skippedAtMost = 500
/** The queue is put in order anew after so many fields, or where a person was away for so many ms: nobody sees it move. */
const stretch = 20
const away = 60_000
/** After so many the suggested order draws again: see `fields.ids`. */
const drawnFor = 300

export class Queue implements DeskView {
  ids = $state.raw<number[]>([])
  position = $state(0)
  filter = $state.raw<Filter>({ status: 'undecided' })
  order = $state<Order>('suggested')
  /** The reader is new to the hand: how far a person has got with it. */
  hand = $state.raw<NonNullable<Output<'fields.ids'>['hand']> | null>(null)
  loaded = $state(false)
  failure = $state<string | null>(null)
  /** How many come after those in `ids`. */
  #further = $state(0)
  #isAskingForMore = false

  readonly desk: Desk
  readonly #hooks: QueueHooks
  readonly #leases: Leases | null
  readonly #asArrived = new AsArrived()
  #seed = 1
  #generation = 0
  /** Decided on since the queue was last asked for anew. */
  readonly #decided = new Set<number>()
  #refreshTimer: ReturnType<typeof setTimeout> | null = null
  #refreshedAt = 0
  /** Of the fields ahead, those that came at random, whatever the reader thinks of them. */
  #random: ReadonlySet<number> = new Set()
  /** Where it was put in order last, whether something has changed since, and when it was moved last. */
  #sortedAt = 0
  #stale = false
  #movedAt = Date.now()

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

  /** How many the filter lets through, with those that were gone through. */
  get found(): number {
    return this.ids.length + this.#further
  }

  get current(): FieldRow | null {
    return this.#asArrived.of(this.at(0))
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
    this.#decided.clear()
    try {
      const answer = await this.#askIds(fieldsAhead, { through: fieldId })
      if (generation !== this.#generation) return
      const { ids } = answer
      const at = fieldId === undefined ? 0 : ids.indexOf(fieldId)
      // A random sample goes on from anywhere.
      const inFront = at === -1 || (at > 0 && answer.hand !== undefined)
      const list = inFront ? [fieldId!, ...ids.filter((id) => id !== fieldId)] : ids
      const position = inFront ? 0 : at
      await this.desk.rows.load(list.slice(Math.max(0, position - rowsBehind), position + rowsAhead + reserve))
      if (generation !== this.#generation) return
      this.ids = list
      this.#further = answer.total - ids.length
      this.position = position
      // A quick hand has decided what it begins with, before it came.
      if (fieldId === undefined) while (this.#decided.has(list[this.position]!)) this.position++
      // One that was asked for by name did not come at random, unless it was the next.
      this.#follow(answer, at > 0 ? fieldId : undefined)
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
    const random = this.#random.has(row.id)
    const seen = this.#asArrived.decisionSeen(row)
    if (random && this.hand && row.status === 'undecided') this.hand = { ...this.hand, known: this.hand.known + 1 }
    this.next()
    this.#decided.add(row.id)
    this.desk.decide(
      {
        ids: [row.id],
        kind,
        text,
        shown: textOnArrival(row),
        note,
        seen,
        ink: shownAsOf(row),
        ...(random && { random })
      },
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
    const now = Date.now()
    const gone = position - this.#sortedAt
    const isBreak = gone >= stretch || now - this.#movedAt > away
    const isDue = this.#stale || this.hand || (this.order === 'suggested' && gone >= drawnFor)
    if (isBreak && isDue) this.#sortSoon()
    this.#movedAt = now
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
    if (this.#further > 0 && this.ids.length - this.position < fewAhead) void this.#askForMore()
  }

  /** The view is shown again. */
  arrive(): void {
    this.#asArrived.forget()
    this.#prefetch()
    if (this.#stale) this.#sortSoon()
  }

  #askIds(atMost: number, more: Pick<Input<'fields.ids'>, 'held' | 'through'> = {}): Promise<Output<'fields.ids'>> {
    return this.desk.call('fields.ids', { filter: this.filter, order: this.order, seed: this.#seed, atMost, ...more })
  }

  async #askForMore(): Promise<void> {
    if (this.#isAskingForMore) return
    this.#isAskingForMore = true
    try {
      await this.refresh()
    } catch {
      // The next step asks again.
    } finally {
      this.#isAskingForMore = false
    }
  }

  #follow({ random = [], hand }: Pick<Output<'fields.ids'>, 'random' | 'hand'>, named?: number): void {
    this.#random = new Set(random.filter((id) => id !== named))
    this.hand = hand ?? null
    this.#sortedAt = this.position
    this.#stale = false
  }

  #sortSoon(): void {
    this.#sortedAt = this.position
    void this.sort().catch(() => (this.#stale = true))
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

  /**
   * What is not there any more goes, and what is new, or comes after those that are known, comes last: the others stay where they
   * are until the next `sort`.
   */
  async refresh(): Promise<void> {
    const generation = this.#generation
    const { ids, total } = await this.#askIds(this.ids.length + fieldsAhead)
    if (generation !== this.#generation) return
    const left = new Set(ids)
    const kept = this.ids.filter((id, at) => at <= this.position || left.has(id))
    for (const id of kept) left.delete(id)
    this.ids = [...kept, ...left]
    this.#further = total - ids.length
    this.#stale = true
    this.#prefetch()
  }

  /** Puts what comes in order anew; what was gone through, the current field and the pictures after it stay. */
  async sort(): Promise<void> {
    const generation = this.#generation
    const ahead = this.ids.slice(this.position, this.position + picturesAhead + 1)
    const skipped = this.ids.slice(0, this.position).filter((id) => this.desk.row(id)?.status === 'undecided')
    const held = [...skipped.slice(-skippedAtMost), ...ahead]
    const answer = await this.#askIds(this.position + fieldsAhead, { held })
    if (generation !== this.#generation) return
    const kept = this.ids.slice(0, this.position + picturesAhead + 1)
    const seen = new Set(kept)
    this.ids = [...kept, ...answer.ids.filter((id) => !seen.has(id))]
    this.#further = answer.total - answer.ids.length
    const random = kept.filter((id) => this.#random.has(id))
    this.#follow({ ...answer, random: [...random, ...(answer.random ?? [])] })
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
