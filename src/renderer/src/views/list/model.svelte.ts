/* eslint-disable svelte/prefer-svelte-reactivity -- a selection is another one after each change */
/** The list: a window on its ids, rows as they come, what is selected. Decisions here are as durable as in review. */
import type { Input } from '../../../../shared/contract'
import type { DecisionKind, FieldRow } from '../../../../shared/domain'
import { t } from '../../i18n'
import { announce } from '../../lib/announcer.svelte'
import { call, messageOf } from '../../lib/api'
import { desk } from '../../lib/desk'
import type { Back } from '../../lib/desk/desk.svelte'
import { orToast } from '../../lib/orToast'
import { session } from '../../lib/session.svelte'
import { dismiss, toast } from '../../lib/toasts.svelte'
import { Listing, listedAtOnce, type Asked, type Listed } from './listing'
import { look } from './look.svelte'
import {
  carryOver,
  clear,
  isSelected,
  move,
  nothingSelected,
  press,
  selectAll,
  selectedOf,
  targets,
  toggleActive,
  type Selection
} from './selection'
import { decided } from './words'

function lookNow(): Asked {
  const { filter, order, descending, seed } = look()
  return { filter, order, descending, seed }
}

/** How long changes may gather before the order is looked at again, in ms. */
const settleTime = 900

export class ListModel {
  ids = $state.raw(Listing.none)
  selection = $state.raw<Selection>(nothingSelected)
  loaded = $state(false)
  failure = $state<string | null>(null)
  /** The window as it would be now, where that is another than the one shown: shown on request, nothing jumps. */
  pending = $state.raw<Listed | null>(null)
  deciding = $state(false)
  /** What is in view, while something is asked for it. */
  #view = { first: 0, last: 0 }
  #isAsking = false
  #extending = 0
  /** Whether a new order may be shown at once: nothing is selected and the list is at its top. */
  untouched: () => boolean = () => true

  readonly #desk = desk()
  #generation = 0
  /** The message whose Undo is still about the last decision; null where there is none. */
  #offer: number | null = null
  #settling: ReturnType<typeof setTimeout> | null = null

  watch(): () => void {
    const settleSoon = (): void => this.#settleSoon()
    // What changed while the connection was lost was not told.
    const stop = this.#desk.show({ changed: settleSoon, reconnected: settleSoon })
    return () => {
      stop()
      this.#generation++
      this.#withdrawOffer()
      if (this.#settling) clearTimeout(this.#settling)
    }
  }

  row(id: number): FieldRow | undefined {
    return this.#desk.row(id)
  }

  /**
   * Asks for the ids that the look wants. The old ones stay until the new ones are there.
   * @param around a field that is to be among them
   */
  async load(around?: number): Promise<void> {
    const generation = ++this.#generation
    try {
      const listed = await this.#ask({ atMost: listedAtOnce, around }, lookNow())
      if (generation !== this.#generation) return
      this.#show(listed)
      this.failure = null
    } catch (error) {
      if (generation === this.#generation) this.failure = messageOf(error)
    }
    if (generation === this.#generation) this.loaded = true
  }

  showPending(): void {
    if (this.pending) this.#show(this.pending)
  }

  press(index: number, how: { toggle?: boolean; extend?: boolean }): void {
    const anchor = this.selection.anchor < 0 ? index : this.selection.anchor
    const kept = how.toggle ? this.selection.ids : nothingSelected.ids
    this.selection = press(this.selection, this.ids, index, how)
    if (how.extend) this.#extend(anchor, index, kept)
  }

  move(to: number, extend: boolean): void {
    const { anchor, active } = this.selection
    this.selection = move(this.selection, this.ids, to, extend)
    if (extend) this.#extend(anchor < 0 ? Math.max(active, 0) : anchor, this.selection.active, nothingSelected.ids)
  }

  /** A range that is not all known yet is selected once it is. */
  #extend(from: number, to: number, kept: ReadonlySet<number>): void {
    const [first, last] = [Math.min(from, to), Math.max(from, to)]
    const mine = ++this.#extending
    if (this.ids.knows(first, last)) return
    const selected = this.selection
    void orToast(async () => {
      const { ids } = await this.#ask({ from: first, atMost: last - first + 1 })
      if (mine === this.#extending && this.selection === selected)
        this.selection = { ...selected, ids: new Set([...kept, ...ids]) }
    })
  }

  toggle(): void {
    this.selection = toggleActive(this.selection, this.ids)
  }

  all(): void {
    // All that an act is meant for is what the list shows, and not what it showed a while ago.
    if (!this.ids.whole) this.showPending()
    this.selection = selectAll(this.selection, this.ids, this.ids.whole)
    announce(t('common:rowsSelected', { count: this.ids.length }))
  }

  clear(): boolean {
    if (this.selected === 0) return false
    this.selection = clear(this.selection)
    return true
  }

  /** How many rows are selected. */
  get selected(): number {
    return selectedOf(this.selection, this.ids.length)
  }

  isSelected(id: number | undefined): boolean {
    return id !== undefined && isSelected(this.selection, id)
  }

  get activeId(): number | undefined {
    const { active } = this.selection
    return active < 0 ? undefined : this.ids.at(active)
  }

  /** How many an act would be meant for. */
  get meant(): number {
    return this.selected || (this.activeId === undefined ? 0 : 1)
  }

  /** Which these are; of all in a long list they are asked for. */
  async targets(): Promise<number[]> {
    const { allBut } = this.selection
    if (!allBut) return targets(this.selection, this.ids)
    const { ids, passing } = await this.#ask({})
    if (passing !== this.ids.listed.passing) throw new Error(t('core:otherFieldsPass'))
    return ids.filter((id) => !allBut.has(id))
  }

  want(first: number, last: number): void {
    this.#view = { first, last }
    const { from, ids } = this.ids.listed
    this.#desk.rows.want(ids, first - from, last - from)
    void this.#askAround()
  }

  /** What is lacking of the ids in view and close to it, until nothing is. */
  async #askAround(): Promise<void> {
    const generation = this.#generation
    const view = this.#view
    const wanted = this.ids.wants(view.first, view.last)
    if (!wanted || this.#isAsking) return
    this.#isAsking = true
    const shown = this.ids
    const isThere = await orToast(async () => {
      const answer = await this.#ask(wanted)
      if (generation === this.#generation && shown === this.ids) this.ids = shown.with(wanted, answer)
    })
    this.#isAsking = false
    if (!isThere || generation !== this.#generation) return
    const { first, last } = this.#view
    // The rows of what came; more is asked for where something else is in view by now.
    if (view !== this.#view) return this.want(first, last)
    this.#desk.rows.want(this.ids.listed.ids, first - this.ids.listed.from, last - this.ids.listed.from)
  }

  decide(kind: DecisionKind, more: { note?: string; take?: 'reading' } = {}): void {
    const { allBut } = this.selection
    const asked = this.meant
    if (asked === 0 || this.deciding) return
    this.deciding = true
    this.#withdrawOffer()
    const ids = allBut ? [] : targets(this.selection, this.ids)
    const { passing, ink: listed, asOf, of } = this.ids.listed
    const all = allBut ? { filter: of.filter, except: [...allBut], total: passing } : undefined
    // A row shows its picture small; of many, nobody says that they were in view.
    const how = asked === 1 ? 'tile' : 'unseen'
    const agreeing = (kind === 'accepted' && !more.take) || undefined
    const ink = ids.length === 1 ? undefined : listed
    this.#desk.decide({ ids, all, kind, ...more, how, agreeing, ink, asOf }, null, (result) => {
      this.deciding = false
      if (allBut) {
        this.selection = clear(this.selection)
        void this.load()
      }
      if (!result) return
      // What was left is shown as it is now.
      if (result.left > 0) void this.load()
      const said = decided(more.take ?? kind, asked, result.changed)
      if (result.changed === 0) toast('note', said)
      else this.#offer = toast('done', said, { title: t('common:undo'), run: () => this.undo() })
      if (kind === 'accepted' && asked === 1 && this.selected === 0) this.move(this.selection.active + 1, false)
    })
  }

  /** @param shown is called once the field that went back is the active one */
  undo(shown?: () => void): void {
    this.#withdrawOffer()
    this.#desk.undo((back) => this.#wentBack('undo', back, shown))
  }

  redo(shown?: () => void): void {
    this.#withdrawOffer()
    this.#desk.redo((back) => this.#wentBack('redo', back, shown))
  }

  #wentBack(kind: 'undo' | 'redo', { ids, changed, sent }: Back, shown?: () => void): void {
    if (sent) this.#desk.tellBack(kind, changed)
    const index = ids[0] === undefined ? -1 : this.ids.indexOf(ids[0])
    if (index < 0) return
    this.move(index, false)
    shown?.()
  }

  /** Undo takes back the last decision, whichever it is: an older message must not offer it any more. */
  #withdrawOffer(): void {
    if (this.#offer !== null) dismiss(this.#offer)
    this.#offer = null
  }

  /** Of the list that is shown; another one may be on its way. */
  async #ask(part: Partial<Input<'fields.ids'>>, of: Asked = this.ids.listed.of): Promise<Listed> {
    return { ...(await call('fields.ids', { ...of, ...part })), of }
  }

  #show(listed: Listed): void {
    const next = new Listing(listed)
    this.selection = carryOver(this.selection, this.ids, next, next.whole)
    this.ids = next
    this.pending = null
  }

  #settleSoon(): void {
    this.#settling ??= setTimeout(() => {
      this.#settling = null
      void this.#settle()
    }, settleTime)
  }

  /** Compares the list with how it would be now. */
  async #settle(): Promise<void> {
    const generation = this.#generation
    try {
      const { from, ids, total } = this.ids.listed
      const listed = await this.#ask({ from, atMost: Math.max(ids.length, listedAtOnce) }, lookNow())
      if (generation !== this.#generation) return
      const now = listed.ids
      const same = listed.total === total && ids.every((id, index) => id === now[index])
      const byItself = this.ids.length === 0 || (session.fieldsAreComing && this.untouched())
      if (byItself || (same && this.selected === 0)) this.#show(listed)
      else this.pending = same ? null : listed
    } catch {
      // The next change asks again; what is shown is still true of its time.
    }
  }
}
