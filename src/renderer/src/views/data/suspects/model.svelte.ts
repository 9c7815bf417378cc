/**
 * The list of suspected labels: worst first, as the last search found them, read on as it is scrolled. Decisions go
 * through an outbox, so that nothing waits and nothing is lost.
 */
/* eslint-disable svelte/prefer-svelte-reactivity -- what is not shown need not be reactive */
import type { Output } from '../../../../../shared/contract'
import type { EvidenceKind, Suspect, SuspectsState } from '../../../../../shared/contract/quality'
import type { Counts, FieldRow } from '../../../../../shared/domain'
import { Outbox, send, type Call, type Changed, type Operation, type OutboxHome } from '../../../lib/outbox'
import { RowCache } from '../../list/rows'
import { keeping, taking } from './words'
import { messageOf } from '../../../../../shared/text'

export interface SuspectsHooks {
  call: Call
  counts(counts: Counts): void
  refused(message: string): void
  undone(what: 'undo' | 'redo', changed: number): void
}

export interface Look {
  likely: boolean
  undecided: boolean
  evidence: EvidenceKind | null
}

/** Suspects asked for at a time. */
const chunk = 400

export class SuspectsModel {
  state = $state.raw<SuspectsState | null>(null)
  suspects = $state.raw<readonly Suspect[]>([])
  kinds = $state.raw<Output<'suspects.list'>['kinds']>([])
  total = $state(0)
  loaded = $state(false)
  searching = $state(false)
  failure = $state<string | null>(null)
  active = $state(0)
  /** Decided here, in this list. */
  done = $state(0)
  waiting = $state(0)
  lost = $state<string | null>(null)
  version = $state(0)

  readonly rows: RowCache
  readonly #hooks: SuspectsHooks
  readonly #outbox: Outbox
  /** What was just decided and is not yet stored. */
  readonly #pending = new Map<number, Pick<FieldRow, 'status' | 'text'>>()
  #look: Look = { likely: true, undecided: true, evidence: null }
  #generation = 0
  #asking = false

  constructor(hooks: SuspectsHooks, home: OutboxHome) {
    this.#hooks = hooks
    this.rows = new RowCache({
      fetchRows: async (ids) => (await hooks.call('fields.rows', { ids })).rows,
      onchange: () => this.version++,
      chunk: 60
    })
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

  get current(): Suspect | undefined {
    return this.suspects[this.active]
  }

  /** The field as it is now, with what was just decided on it. */
  row(id: number): FieldRow | undefined {
    void this.version
    const row = this.rows.get(id)
    const pending = this.#pending.get(id)
    return row && pending ? { ...row, ...pending } : row
  }

  isOpen(suspect: Suspect): boolean {
    void this.version
    if (this.#pending.has(suspect.id)) return false
    const status = this.rows.get(suspect.id)?.status
    return status === undefined ? !suspect.decided : status === 'undecided' || status === 'failed'
  }

  /** Shows the list with another look, at a field where one is named. */
  async load(look: Look, at: number | null = null): Promise<void> {
    this.#look = look
    const generation = ++this.#generation
    try {
      const state = await this.#hooks.call('suspects.state', {})
      const list = await this.#ask(state, 0)
      if (generation !== this.#generation) return
      this.state = state
      this.suspects = list.suspects
      this.total = list.total
      this.kinds = list.kinds
      this.done = 0
      this.active = Math.max(
        0,
        list.suspects.findIndex(({ id }) => id === at)
      )
      this.searching = state.running
      this.failure = null
    } catch (error) {
      if (generation === this.#generation) this.failure = messageOf(error)
    }
    if (generation === this.#generation) this.loaded = true
  }

  /** Reads on where the end of what is there comes near. */
  async more(): Promise<void> {
    if (this.#asking || !this.state || this.suspects.length >= this.total) return
    this.#asking = true
    const generation = this.#generation
    try {
      // What was decided meanwhile is no longer among the undecided ones that are counted from.
      const from = this.#look.undecided ? this.suspects.filter((one) => this.isOpen(one)).length : this.suspects.length
      const list = await this.#ask(this.state, from)
      if (generation !== this.#generation) return
      const known = new Set(this.suspects.map(({ id }) => id))
      const fresh = list.suspects.filter(({ id }) => !known.has(id))
      this.suspects = [...this.suspects, ...fresh]
      if (fresh.length === 0) this.total = this.suspects.length
    } catch (error) {
      this.failure = messageOf(error)
    } finally {
      this.#asking = false
    }
  }

  /** Looks for wrong labels anew. */
  async find(): Promise<void> {
    this.searching = true
    this.failure = null
    try {
      await this.#hooks.call('suspects.find', {})
      await this.load(this.#look)
    } catch (error) {
      this.failure = messageOf(error)
    }
    this.searching = false
  }

  move(to: number): void {
    this.active = Math.max(0, Math.min(this.suspects.length - 1, to))
    if (this.active > this.suspects.length - 20) void this.more()
  }

  keep(): Suspect | null {
    return this.#decide(keeping)
  }

  take(): Suspect | null {
    return this.#decide(taking)
  }

  undo(): void {
    const dropped = this.#outbox.dropLast()
    if (dropped?.kind === 'decide') this.#giveBack(dropped)
    else if (dropped === null) this.#outbox.add({ kind: 'undo' })
  }

  redo(): void {
    this.#outbox.add({ kind: 'redo' })
  }

  /** Fields changed elsewhere; null: any of them. */
  fieldsChanged(ids: number[] | null): void {
    this.rows.invalidate(ids)
  }

  /** @returns what was decided on, null where nothing is shown */
  #decide(verdictOf: typeof keeping): Suspect | null {
    const suspect = this.current
    if (!suspect) return null
    const { kind, text } = verdictOf(suspect)
    const row = this.rows.get(suspect.id)
    this.#pending.set(suspect.id, { status: kind, text: text ?? null })
    this.done++
    this.version++
    this.#next()
    const seen = row ? row.decidedAt : undefined
    this.#outbox.add({ kind: 'decide', input: { ids: [suspect.id], kind, text, seen } })
    return suspect
  }

  /** On to the next open one; where none comes after it, to the next. */
  #next(): void {
    const next = this.suspects.findIndex((suspect, index) => index > this.active && this.isOpen(suspect))
    this.move(next === -1 ? this.active + 1 : next)
  }

  async #ask(state: SuspectsState, from: number): Promise<Output<'suspects.list'>> {
    const { likely, undecided, evidence } = this.#look
    return this.#hooks.call('suspects.list', {
      from,
      limit: chunk,
      undecided,
      minProbability: likely ? state.threshold : 0,
      ...(evidence && { kind: evidence })
    })
  }

  #saved(operation: Operation, result: Changed): void {
    this.#hooks.counts(result.counts)
    for (const { id } of result.rows) this.#pending.delete(id)
    this.rows.patch(result.rows)
    if (operation.kind === 'decide') return
    const back = operation.kind === 'undo' ? -1 : 1
    const here = result.rows.findIndex(({ id }) => this.suspects.some((suspect) => suspect.id === id))
    if (here !== -1) {
      this.done = Math.max(0, this.done + back)
      this.#show(result.rows[here]!.id)
    }
    this.#hooks.undone(operation.kind, result.changed)
  }

  #refused(operation: Operation, message: string): void {
    if (operation.kind === 'decide') this.#giveBack(operation)
    this.#hooks.refused(message)
  }

  #giveBack(operation: Operation & { kind: 'decide' }): void {
    const id = operation.input.ids[0]!
    this.#pending.delete(id)
    this.done = Math.max(0, this.done - 1)
    this.version++
    this.#show(id)
  }

  #show(id: number): void {
    const index = this.suspects.findIndex((suspect) => suspect.id === id)
    if (index !== -1) this.active = index
  }
}
