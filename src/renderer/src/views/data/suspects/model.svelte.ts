/**
 * The list of suspected labels: worst first, as the last search found them, read on as it is scrolled. Decisions leave by
 * the desk's outbox, so that nothing waits and nothing is lost.
 */
/* eslint-disable svelte/prefer-svelte-reactivity -- what is not shown need not be reactive */
import { wasCancelled } from '../../../../../shared/failure'
import type { Output } from '../../../../../shared/contract'
import { isDecided } from '../../../../../shared/states'
import type { EvidenceKind, Suspect, SuspectsState } from '../../../../../shared/contract/quality'
import type { FieldRow } from '../../../../../shared/domain'
import type { Back, Desk } from '../../../lib/desk/desk.svelte'
import { keeping, taking } from './words'
import { messageOf } from '../../../../../shared/text'
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

  readonly desk: Desk
  #look: Look = { likely: true, undecided: true, evidence: null }
  #generation = 0
  #asking = false

  constructor(desk: Desk) {
    this.desk = desk
  }

  get current(): Suspect | undefined {
    return this.suspects[this.active]
  }

  row(id: number): FieldRow | undefined {
    return this.desk.row(id)
  }

  isOpen(suspect: Suspect): boolean {
    const status = this.desk.row(suspect.id)?.status
    if (status === undefined) return !suspect.decided && !this.desk.isBeingStored(suspect.id)
    return !isDecided({ status })
  }

  /** Shows the list with another look, at a field where one is named. */
  async load(look: Look, at: number | null = null): Promise<void> {
    this.#look = look
    const generation = ++this.#generation
    try {
      const state = await this.desk.call('suspects.state', {})
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
      await this.desk.call('suspects.find', {})
      await this.load(this.#look)
    } catch (error) {
      if (!wasCancelled(error)) this.failure = messageOf(error)
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
    this.desk.undo((back) => {
      this.#wentBack('undo', back)
      if (back.sent) this.desk.tellBack('undo', back.changed)
    })
  }

  redo(): void {
    this.desk.redo((back) => {
      this.#wentBack('redo', back)
      this.desk.tellBack('redo', back.changed)
    })
  }

  /** @returns what was decided on, null where nothing is shown */
  #decide(verdictOf: typeof keeping): Suspect | null {
    const suspect = this.current
    if (!suspect) return null
    const { kind, text } = verdictOf(suspect)
    const { ink } = suspect
    const seen = this.desk.rows.get(suspect.id)?.decidedAt
    this.done++
    this.desk.decide({ ids: [suspect.id], kind, text, seen, ink }, { status: kind, text: text ?? null }, (result) => {
      if (result) return
      this.done = Math.max(0, this.done - 1)
      this.#show(suspect.id)
    })
    this.#next()
    return suspect
  }

  /** On to the next open one; where none comes after it, to the next. */
  #next(): void {
    const next = this.suspects.findIndex((suspect, index) => index > this.active && this.isOpen(suspect))
    this.move(next === -1 ? this.active + 1 : next)
  }

  async #ask(state: SuspectsState, from: number): Promise<Output<'suspects.list'>> {
    const { likely, undecided, evidence } = this.#look
    return this.desk.call('suspects.list', {
      from,
      limit: chunk,
      undecided,
      minProbability: likely ? state.threshold : 0,
      ...(evidence && { kind: evidence })
    })
  }

  #wentBack(kind: 'undo' | 'redo', { ids, sent }: Back): void {
    const here = ids.find((id) => this.suspects.some((suspect) => suspect.id === id))
    // What was not sent has been given back already.
    if (here === undefined || !sent) return
    this.done = Math.max(0, this.done + (kind === 'undo' ? -1 : 1))
    this.#show(here)
  }

  #show(id: number): void {
    const index = this.suspects.findIndex((suspect) => suspect.id === id)
    if (index !== -1) this.active = index
  }
}
