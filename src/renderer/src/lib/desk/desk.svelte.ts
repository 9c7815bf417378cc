/**
 * The one desk of a project: its rows as far as they are known, what was typed, what is being stored, what was refused,
 * and the one outbox that all decisions leave by. Review, list, names, suspects and pages are views on it: an undo in one
 * comes after the decision made in another.
 */
/* eslint-disable svelte/prefer-svelte-reactivity -- what is read through `row` follows `version` */
import { SvelteMap } from 'svelte/reactivity'
import type { Input } from '../../../../shared/contract'
import type { WaitingFile } from '../../../../shared/contract/waiting'
import type { Counts, FieldRow } from '../../../../shared/domain'
import { messageOf } from '../../../../shared/text'
import { t } from '../../i18n'
import { RowCache } from '../rows'
import { Outbox, type Call, type Changed, type Operation, type OutboxHome, type Step } from './outbox'

/** `saving`: not yet stored. `saved`: the core said so, in this session. */
export type Saving = 'saving' | 'saved'
/** What a decision makes of a row, until the core says it. */
export type Shown = Partial<Pick<FieldRow, 'status' | 'text' | 'note'>>
type Decision = Input<'review.decide'>

/** What was taken back or done again. */
export interface Back {
  ids: number[]
  changed: number
  /** False where it had not been sent: it needed no call, and nobody need be told. */
  sent: boolean
}

export interface DeskHooks {
  call: Call
  counts(counts: Counts): void
  /** Something a person should be told of: a decision was refused, rows could not be had, … */
  tell(kind: 'failure' | 'note' | 'done', message: string): void
}

/** A view on the desk hears of what happens on it, whoever did it. */
export interface DeskView {
  /** A row came or changed. */
  rows?(): void
  /** Fields changed elsewhere: by a job or in another window; null: any of them. */
  changed?(ids: number[] | null): void
  /** A step back or forth was made. */
  wentBack?(kind: 'undo' | 'redo', back: Back): void
  /** The connection is back. */
  reconnected?(): void
  /** Another project is open. */
  close?(): void
}

/** Fields of one decision whose rows are asked for; of more, what is decided meanwhile is found out by the core alone. */
const seenAtMost = 500

export class Desk {
  /** Decisions not yet stored, and why the connection they wait for is lost, or null. */
  waiting = $state(0)
  lost = $state<string | null>(null)
  /** Raised whenever a row came or changed. */
  version = $state(0)
  readonly rows: RowCache
  readonly saving = new SvelteMap<number, Saving>()
  /** Why the last decision on a field was not stored. */
  readonly refused = new SvelteMap<number, string>()

  readonly #hooks: DeskHooks
  readonly #outbox: Outbox
  readonly #views = new Set<DeskView>()
  /** What is shown of fields that are being stored: of the last decision on each, with the row as it was made of. */
  readonly #shown = new Map<number, { request: string; shown: Shown; from?: FieldRow; row?: FieldRow }>()
  /** Of each operation that waits: what its decision shows, and who hears how it ended. */
  readonly #pending = new Map<string, { shown: Shown | null; done: (result: Changed | null) => void }>()

  /** @param drafts texts that were typed and left without a decision */
  constructor(
    hooks: DeskHooks,
    home: OutboxHome,
    readonly drafts = new SvelteMap<number, string>()
  ) {
    this.#hooks = hooks
    this.rows = new RowCache({
      fetchRows: async (ids) => (await hooks.call('fields.rows', { ids })).rows,
      onchange: () => {
        this.version++
        for (const view of this.#views) view.rows?.()
      },
      onfailure: (error) => hooks.tell('failure', messageOf(error)),
      onreplace: (before, row) => {
        // What was typed was of other ink.
        if (row.ink !== before.ink && this.drafts.delete(row.id)) this.refused.set(row.id, t('core:otherInk'))
      }
    })
    this.#outbox = new Outbox(
      {
        call: hooks.call,
        saved: (operation, result) => this.#saved(operation, result),
        refused: (operation, message, code) => this.#refused(operation, message, code),
        changed: (waiting, lost) => {
          this.waiting = waiting
          this.lost = lost
        }
      },
      home
    )
  }

  get call(): Call {
    return this.#hooks.call
  }

  /** What waits, as a file for `nomina take-in`: for a window that may not find Nomina again. */
  waitingFile(reviewer: string): WaitingFile {
    return { format: 'nomina-waiting', reviewer, operations: JSON.parse(JSON.stringify(this.#outbox.waiting)) as never }
  }

  tell(...said: Parameters<DeskHooks['tell']>): void {
    this.#hooks.tell(...said)
  }

  /** Puts a view on the desk; returns how to take it off. */
  show(view: DeskView): () => void {
    this.#views.add(view)
    return () => void this.#views.delete(view)
  }

  /** The field as it is now, with what was just decided on it; undefined until it came. */
  row(id: number): FieldRow | undefined {
    void this.version
    const row = this.rows.get(id)
    const entry = this.#shown.get(id)
    if (!row || !entry) return row
    if (entry.from !== row) Object.assign(entry, { from: row, row: { ...row, origin: 'decision', ...entry.shown } })
    return entry.row
  }

  /** Whether something was just decided on it that is not stored yet. */
  isBeingStored(id: number): boolean {
    void this.version
    return this.#shown.has(id)
  }

  /**
   * Decides on fields. `shown` is what they are shown as at once; null: as they are, until it is stored. A number as `ink` is that of
   * the list that they are from: fields whose row did not come are as they were then.
   * @param done hears what was changed; null where it was refused, or taken back before it was sent
   */
  decide(input: Decision, shown: Shown | null, done: (result: Changed | null) => void = () => undefined): void {
    const times = this.#seen(input.ids)
    // Where each row says when it was decided, that is newer than the list.
    const asOf = times === undefined ? input.asOf : undefined
    const seen = { seen: times, ...input, ink: this.#ink(input), asOf }
    const { request } = this.#add({ kind: 'decide', input: seen }, shown, done)
    if (!shown) return
    for (const id of input.ids) {
      this.#shown.set(id, { request, shown })
      this.saving.set(id, 'saving')
      this.drafts.delete(id)
      this.refused.delete(id)
    }
    this.version++
  }

  /** Takes back what was done last, in whichever view. */
  undo(done: (back: Back) => void = () => undefined): void {
    const dropped = this.#outbox.dropLast()
    if (!dropped) return this.#goBack({ kind: 'undo' }, done)
    const pending = this.#pending.get(dropped.request)
    this.#takeBack(dropped)
    pending?.done(null)
    if (dropped.kind === 'decide') done({ ids: dropped.input.ids, changed: dropped.input.ids.length, sent: false })
  }

  redo(done: (back: Back) => void = () => undefined): void {
    this.#goBack({ kind: 'redo' }, done)
  }

  /** Takes back an act with all that came after it. */
  undoTo(act: number, done: (back: Back | null) => void): void {
    this.#add({ kind: 'undoTo', act }, null, (result) => done(result && backOf(result)))
  }

  /** Says that this many fields went back or forth, or that there was nothing. */
  tellBack(kind: 'undo' | 'redo', changed: number): void {
    if (changed === 0)
      this.tell('note', t(kind === 'undo' ? 'common:queue.nothingToUndo' : 'common:queue.nothingToRedo'))
    else this.tell('done', t(kind === 'undo' ? 'common:queue.undone' : 'common:queue.redone', { count: changed }))
  }

  /** Fields changed elsewhere; null: any of them. */
  fieldsChanged(ids: number[] | null): void {
    this.rows.invalidate(ids)
    for (const view of this.#views) view.changed?.(ids)
  }

  /** The connection is back: sends what waited, asks again for what may have changed. */
  reconnected(): void {
    this.#outbox.retry()
    this.rows.invalidate(null)
    for (const view of this.#views) view.reconnected?.()
  }

  /** Another project is open: what waits stays in its store. */
  close(): void {
    this.#outbox.close()
    for (const view of this.#views) view.close?.()
  }

  #add(step: Step, shown: Shown | null, done: (result: Changed | null) => void): Operation {
    const operation = this.#outbox.add(step)
    this.#pending.set(operation.request, { shown, done })
    return operation
  }

  #goBack(step: { kind: 'undo' | 'redo' }, done: (back: Back) => void): void {
    this.#add(step, null, (result) => {
      if (!result) return
      const back = backOf(result)
      for (const view of this.#views) view.wentBack?.(step.kind, back)
      done(back)
    })
  }

  /** When the decisions that are shown were made; undefined where not all rows are there, or some are being stored. */
  #seen(ids: readonly number[]): Decision['seen'] {
    if (ids.length === 0) return undefined
    const times = ids.slice(0, seenAtMost).map((id) => (this.#shown.has(id) ? undefined : this.rows.get(id)?.decidedAt))
    if (ids.length > seenAtMost || times.includes(undefined)) return undefined
    return ids.length === 1 ? times[0] : (times as (string | null)[])
  }

  /** As of which change of ink and text each is shown: by its row, else by the list that it is in. */
  #ink({ ids, ink: listed }: Decision): Decision['ink'] {
    const of = (id: number): number | null => {
      const row = this.rows.get(id)
      return row ? shownAsOf(row) : null
    }
    const [only] = ids
    if (Array.isArray(listed) || ids.length === 0) return listed
    if (ids.length === 1 && only !== undefined) return listed ?? of(only) ?? undefined
    return ids.map((id) => of(id) ?? listed ?? null)
  }

  #saved(operation: Operation, result: Changed): void {
    this.#hooks.counts(result.counts)
    if (result.left > 0) this.tell('note', t('common:queue.left', { count: result.left }))
    for (const { id } of result.rows) {
      // A newer decision on it is still on its way: it stays shown.
      if (this.#shown.has(id) && this.#shown.get(id)!.request !== operation.request) continue
      this.#shown.delete(id)
      if (operation.kind === 'undo' || operation.kind === 'undoTo') this.saving.delete(id)
      else this.saving.set(id, 'saved')
    }
    this.rows.patch(result.rows)
    if (result.changed > result.rows.length) this.rows.invalidate(null)
    this.#end(operation)?.done(result)
  }

  #refused(operation: Operation, message: string, code: string | null): void {
    const pending = this.#pending.get(operation.request)
    this.#takeBack(operation)
    if (operation.kind === 'decide' && operation.input.ids.length === 1) {
      const { ids, text } = operation.input
      this.refused.set(ids[0]!, message)
      // A text belongs to the ink that it was decided on.
      if (code === 'other-ink') this.rows.invalidate(ids)
      else if (text !== undefined) this.drafts.set(ids[0]!, text)
    }
    pending?.done(null)
    const what = operation.kind === 'decide' ? 'common:queue.notStored' : 'common:queue.notDone'
    this.tell('failure', t(what, { reason: message }))
  }

  /** Fields are shown again as they were before this operation. */
  #takeBack(operation: Operation): void {
    this.#end(operation)
    if (operation.kind !== 'decide') return
    for (const id of operation.input.ids) {
      if (this.#shown.get(id)?.request !== operation.request) continue
      const before = this.#outbox.waiting.findLast((other) => other.kind === 'decide' && other.input.ids.includes(id))
      const shown = before && this.#pending.get(before.request)?.shown
      if (before && shown) this.#shown.set(id, { request: before.request, shown })
      else {
        this.#shown.delete(id)
        this.saving.delete(id)
      }
    }
    this.version++
  }

  #end(operation: Operation): { done: (result: Changed | null) => void } | undefined {
    const pending = this.#pending.get(operation.request)
    this.#pending.delete(operation.request)
    return pending
  }
}

const backOf = ({ rows, changed }: Changed): Back => ({ ids: rows.map(({ id }) => id), changed, sent: true })

/** As of which change of its ink and text a row is. */
export const shownAsOf = (row: FieldRow): number => Math.max(row.ink, row.textAsOf)
