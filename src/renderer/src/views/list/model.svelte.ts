/** The list: ids in order, rows as they come, what is selected. Decisions here are as durable as in review. */
import type { Output } from '../../../../shared/contract'
import type { DecisionKind, FieldRow } from '../../../../shared/domain'
import { t } from '../../i18n'
import { announce } from '../../lib/announcer.svelte'
import { call, messageOf } from '../../lib/api'
import { desk } from '../../lib/desk'
import type { Back } from '../../lib/desk/desk.svelte'
import { session } from '../../lib/session.svelte'
import { dismiss, toast } from '../../lib/toasts.svelte'
import { look } from './look.svelte'
import {
  carryOver,
  clear,
  move,
  nothingSelected,
  press,
  selectAll,
  targets,
  toggleActive,
  type Selection
} from './selection'
import { decided } from './words'

type Listed = Output<'fields.ids'>

/** How long changes may gather before the order is looked at again, in ms. */
const settleTime = 900

export class ListModel {
  ids = $state.raw<readonly number[]>([])
  selection = $state.raw<Selection>(nothingSelected)
  loaded = $state(false)
  failure = $state<string | null>(null)
  /** Ids as they would be now, where that is another list than the one shown: shown on request, nothing jumps. */
  pending = $state.raw<Listed | null>(null)
  deciding = $state(false)
  /** As of which change of ink they are listed. */
  #ink = 0
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

  /** Asks for the ids that the look wants. The old ones stay until the new ones are there. */
  async load(): Promise<void> {
    const generation = ++this.#generation
    try {
      const listed = await this.#ask()
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
    this.selection = press(this.selection, this.ids, index, how)
  }

  move(to: number, extend: boolean): void {
    this.selection = move(this.selection, this.ids, to, extend)
  }

  toggle(): void {
    this.selection = toggleActive(this.selection, this.ids)
  }

  all(): void {
    this.selection = selectAll(this.selection, this.ids)
    announce(t('common:rowsSelected', { count: this.ids.length }))
  }

  clear(): boolean {
    if (this.selection.ids.size === 0) return false
    this.selection = clear(this.selection)
    return true
  }

  get targets(): number[] {
    return targets(this.selection, this.ids)
  }

  want(first: number, last: number): void {
    this.#desk.rows.want(this.ids, first, last)
  }

  decide(kind: DecisionKind, more: { note?: string; take?: 'reading' } = {}): void {
    const ids = this.targets
    if (ids.length === 0 || this.deciding) return
    this.deciding = true
    this.#withdrawOffer()
    // A row shows its picture small; of many, nobody says that they were in view.
    const how = ids.length === 1 ? 'tile' : 'unseen'
    const agreeing = (kind === 'accepted' && !more.take) || undefined
    const ink = ids.length === 1 ? undefined : this.#ink
    this.#desk.decide({ ids, kind, ...more, how, agreeing, ink }, null, (result) => {
      this.deciding = false
      if (!result) return
      // What was left is shown as it is now.
      if (result.left > 0) void this.load()
      const said = decided(more.take ?? kind, ids.length, result.changed)
      if (result.changed === 0) toast('note', said)
      else this.#offer = toast('done', said, { title: t('common:undo'), run: () => this.undo() })
      if (kind === 'accepted' && ids.length === 1 && this.selection.ids.size === 0)
        this.move(this.selection.active + 1, false)
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

  #ask(): Promise<Listed> {
    const { filter, order, descending, seed } = look()
    return call('fields.ids', { filter, order, descending, seed })
  }

  #show({ ids, ink }: Listed): void {
    this.#ink = ink
    this.selection = carryOver(this.selection, this.ids, ids)
    this.ids = ids
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
      const listed = await this.#ask()
      if (generation !== this.#generation) return
      const { ids } = listed
      const same = ids.length === this.ids.length && ids.every((id, index) => id === this.ids[index])
      const byItself = this.ids.length === 0 || (session.fieldsAreComing && this.untouched())
      if (byItself || (same && this.selection.ids.size === 0)) this.#show(listed)
      else this.pending = same ? null : listed
    } catch {
      // The next change asks again; what is shown is still true of its time.
    }
  }
}
