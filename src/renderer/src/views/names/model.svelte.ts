/**
 * The grid by name: the groups in their order, one of them open with its fields, and what was taken out, corrected and
 * confirmed here. Nothing waits: the next group is there before it is wanted, acts go through an outbox.
 */
import type { Output } from '../../../../shared/contract'
import type { NameGroup, NamesOrder, NamesShown } from '../../../../shared/contract/names'
import type { FieldRow } from '../../../../shared/domain'
import { Outbox, send, type Changed, type Operation, type OutboxHome } from '../../lib/outbox'
import { RowCache } from '../list/rows'
import { added, gone, nextOpen } from './groups'
import type { NamesHooks } from './hooks'
import { Marks } from './marks'
import { MembersCache, type Members } from './members'
import { messageOf, tidyText } from '../../../../shared/text'

const settleTime = 900
/** ms within which an event may still be that of an act of one's own. */
const echoTime = 300
/** Fields of the next group that are fetched before it is opened. */
const ahead = 32

export class NamesModel {
  shown = $state<NamesShown>('undecided')
  order = $state<NamesOrder>('worth')
  search = $state('')
  groupIds = $state.raw<readonly number[]>([])
  loaded = $state(false)
  failure = $state<string | null>(null)
  /** Place of the open group; -1: none. */
  place = $state(-1)
  members = $state.raw<Members | null>(null)
  /** The group whose fields these are: while another one is on its way, nothing is decided. */
  openId = $state<number | null>(null)
  active = $state(0)
  /** Fields and groups that came since: shown on request, nothing jumps. */
  more = $state.raw<Members | null>(null)
  moreGroups = $state.raw<readonly number[] | null>(null)
  waiting = $state(0)
  lost = $state<string | null>(null)
  /** Raised whenever a row, a group or what is known of them changed. */
  version = $state(0)

  readonly rows: RowCache
  readonly groups: RowCache<NameGroup>
  readonly #hooks: NamesHooks
  readonly #outbox: Outbox
  /** What is shown of these follows `version`. */
  readonly #marks = new Marks()
  readonly #known = new MembersCache((id) => this.#hooks.call('names.members', { id, shown: this.shown }))
  #generation = 0
  #savedAt = 0
  #settling: ReturnType<typeof setTimeout> | null = null

  constructor(hooks: NamesHooks, home: OutboxHome) {
    this.#hooks = hooks
    const raise = (): void => void this.version++
    this.rows = new RowCache({
      fetchRows: async (ids) => (await hooks.call('fields.rows', { ids })).rows,
      onchange: raise,
      chunk: 100
    })
    this.groups = new RowCache<NameGroup>({
      fetchRows: async (ids) => (await hooks.call('names.rows', { ids })).rows,
      onchange: raise
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

  /** Another project is open. */
  close = (): void => this.#outbox.close()

  get groupId(): number | null {
    return this.groupIds[this.place] ?? null
  }

  group(id: number | null): NameGroup | undefined {
    void this.version
    return id === null ? undefined : this.groups.get(id)
  }

  row(id: number): FieldRow | undefined {
    void this.version
    return this.rows.get(id)
  }

  /** The field that keys act on; none while another group is on its way. */
  get activeId(): number | null {
    if (this.openId !== this.groupId) return null
    return this.members?.ids[this.active] ?? null
  }

  isOut(id: number): boolean {
    void this.version
    return this.#marks.isOut(id)
  }

  isDone(groupId: number): boolean {
    void this.version
    return this.#marks.isDone(groupId)
  }

  /** The fields that a confirmation would decide on. */
  get confirmable(): number[] {
    void this.version
    const { ids, undecided } = this.members ?? { ids: [], undecided: 0 }
    return ids.slice(0, undecided).filter((id) => this.#isOpen(id))
  }

  /** How many of those should be looked at. */
  get needALook(): number {
    void this.version
    const { ids, needALook } = this.members ?? { ids: [], needALook: 0 }
    return ids.slice(0, needALook).filter((id) => this.#isOpen(id)).length
  }

  /** Lists the groups anew and opens the first; what was there stays until then. */
  async load(look: { shown?: NamesShown; order?: NamesOrder; search?: string } = {}): Promise<void> {
    const generation = ++this.#generation
    Object.assign(this, look)
    this.#marks.begin()
    this.#known.clear()
    this.moreGroups = null
    try {
      const { ids } = await this.#list()
      if (generation !== this.#generation) return
      this.#showGroups(ids)
      this.failure = null
      await this.open(0)
    } catch (error) {
      if (generation === this.#generation) this.failure = messageOf(error)
    }
    if (generation === this.#generation) this.loaded = true
  }

  /** Opens the group at a place of the list. */
  async open(place: number, field?: number): Promise<void> {
    this.place = place >= 0 && place < this.groupIds.length ? place : -1
    const id = this.groupId
    this.more = null
    this.failure = null
    if (id === null) {
      this.members = null
      this.openId = null
      return
    }
    this.groups.want(this.groupIds, place, place)
    try {
      const cached = this.#known.has(id)
      const members = await this.#known.get(id)
      if (this.groupId !== id) return
      this.members = members
      this.openId = id
      this.active = field === undefined ? 0 : Math.max(0, members.ids.indexOf(field))
      this.rows.want(members.ids, 0, Math.min(members.ids.length - 1, ahead))
      if (cached) void this.#compareMembers()
      this.#prepare(nextOpen(this.groupIds, place, (other) => this.#marks.isDone(other)))
    } catch (error) {
      if (this.groupId === id) this.failure = messageOf(error)
    }
  }

  move(to: number): void {
    const last = (this.members?.ids.length ?? 0) - 1
    this.active = Math.max(0, Math.min(last, to))
  }

  /** The group before or after, done or not; false at an end. */
  step(by: 1 | -1): boolean {
    const to = this.place + by
    if (to < 0 || to >= this.groupIds.length) return false
    void this.open(to)
    return true
  }

  /** Takes the active field out of what is confirmed, or puts it back. Null where it is decided already. */
  toggleOut(): 'out' | 'in' | null {
    const field = this.activeId
    const group = this.openId
    if (field === null || group === null || this.#isDecided(field)) return null
    const what = this.#marks.toggleOut(group, field)
    this.version++
    return what
  }

  /** Confirms all that was not taken out, as one act, and opens the next group. @returns how many that were */
  confirm(): number {
    const ids = this.confirmable
    const group = this.group(this.openId)
    if (!group || this.openId !== this.groupId) return 0
    if (ids.length > 0) this.#decide(group, ids, group.text === '' ? 'blank' : 'accepted', group.text || undefined)
    this.#marks.finish(group.id)
    void this.open(nextOpen(this.groupIds, this.place, (id) => this.#marks.isDone(id)))
    return ids.length
  }

  /** Decides on one field: its text is another, or there is none. */
  correct(field: number, text: string): void {
    const group = this.group(this.openId)
    if (!group) return
    const tidy = tidyText(text)
    if (tidy === '') this.#decide(group, [field], 'blank')
    else this.#decide(group, [field], tidy === group.text ? 'accepted' : 'corrected', tidy)
  }

  /** Takes back what was done last: the taking out of a crop, else the last decision. */
  undo(): void {
    const out = this.#marks.undoOut()
    if (out) {
      this.version++
      if (this.groupId !== out.group) this.#goTo(out.group, out.field)
      else this.active = Math.max(0, this.members?.ids.indexOf(out.field) ?? 0)
      return
    }
    const dropped = this.#outbox.dropLast()
    if (dropped?.kind === 'decide') this.#giveBack(dropped.input.ids)
    else if (dropped === null) this.#outbox.add({ kind: 'undo' })
  }

  redo(): void {
    this.#outbox.add({ kind: 'redo' })
  }

  /** Shows the fields and groups that came since. */
  showMore(): boolean {
    const groups = this.moreGroups
    const open = this.groupId
    if (!this.more && !groups) return false
    if (this.more) this.members = this.more
    if (groups) {
      this.#showGroups(groups)
      this.place = open === null ? -1 : groups.indexOf(open)
    }
    this.more = null
    this.moreGroups = null
    if (this.place === -1) void this.open(0)
    else if (this.members) this.rows.want(this.members.ids, 0, Math.min(this.members.ids.length - 1, ahead))
    return true
  }

  /** What was decided here comes back as an event too: that alone is no reason to ask for everything again. */
  fieldsChanged(ids: number[] | null): void {
    const own = this.waiting > 0 || Date.now() - this.#savedAt < echoTime
    if (!own) {
      this.rows.invalidate(ids)
      this.groups.invalidate(null)
    }
    if (this.#settling !== null) clearTimeout(this.#settling)
    this.#settling = setTimeout(() => {
      this.#settling = null
      if (!own) this.#known.clear()
      void Promise.all([this.#compareGroups(), this.#compareMembers()]).catch(() => undefined)
    }, settleTime)
  }

  reconnected(): void {
    this.#outbox.retry()
    if (this.failure !== null) void this.load()
    else this.fieldsChanged(null)
  }

  #decide(group: NameGroup, fields: number[], kind: 'accepted' | 'corrected' | 'blank', text?: string): void {
    this.#marks.decide(group.id, fields)
    const undecided = Math.max(0, group.undecided - fields.length)
    this.groups.patch([{ ...group, undecided, decided: group.decided + fields.length }])
    const known = fields.length === 1 ? this.rows.get(fields[0]!) : undefined
    if (known) this.rows.patch([{ ...known, status: kind, text: text ?? null, origin: 'decision' }])
    this.version++
    this.#outbox.add({ kind: 'decide', input: { ids: fields, kind, text } })
  }

  #isOpen(id: number): boolean {
    return !this.#marks.isOut(id) && !this.#marks.isSettled(id)
  }

  #isDecided(id: number): boolean {
    const at = this.members?.ids.indexOf(id) ?? -1
    return this.#marks.isSettled(id) || at >= (this.members?.undecided ?? 0)
  }

  #list(): Promise<Output<'names.groups'>> {
    const { shown, order, search } = this
    return this.#hooks.call('names.groups', { shown, order, search })
  }

  #showGroups(ids: readonly number[]): void {
    this.groupIds = ids
    this.groups.want(ids, 0, 40)
  }

  /** Fetches a group before it is opened. */
  #prepare(place: number): void {
    const id = this.groupIds[place]
    if (id === undefined) return
    this.groups.want(this.groupIds, place, place + 40)
    void this.#known
      .get(id)
      .then(async ({ ids }) => {
        const lacking = ids.slice(0, ahead).filter((field) => !this.rows.get(field))
        if (lacking.length > 0) this.rows.patch((await this.#hooks.call('fields.rows', { ids: lacking })).rows)
        this.#hooks.near(ids.slice(0, ahead).flatMap((field) => this.rows.get(field) ?? []))
      })
      .catch(() => undefined)
  }

  async #compareGroups(): Promise<void> {
    const generation = this.#generation
    const { ids } = await this.#list()
    if (generation !== this.#generation) return
    if (this.groupIds.length === 0 && ids.length > 0) {
      this.#showGroups(ids)
      return void this.open(0)
    }
    this.moreGroups = added(this.groupIds, ids) > 0 ? ids : null
  }

  /** Holds the open group against what it would be now. */
  async #compareMembers(): Promise<void> {
    const id = this.openId
    const shown = this.members
    if (id === null || !shown) return
    const now = await this.#hooks.call('names.members', { id, shown: this.shown })
    if (this.openId !== id || this.members !== shown) return
    this.#marks.settle(gone(shown.ids.slice(0, shown.undecided), now.ids.slice(0, now.undecided)))
    this.more = added(shown.ids, now.ids) > 0 ? now : null
    this.version++
  }

  #saved(operation: Operation, result: Changed): void {
    this.#savedAt = Date.now()
    this.#hooks.counts(result.counts)
    this.rows.patch(result.rows)
    if (operation.kind === 'decide') {
      if (result.changed < operation.input.ids.length) this.#reopen(operation.input.ids)
      return
    }
    this.groups.invalidate(null)
    if (operation.kind === 'undo') this.#giveBack(result.rows.map((row) => row.id))
    this.#hooks.undone(operation.kind, result.changed)
  }

  /** Somebody else has some of them: they stay open, and their group is not done. */
  #reopen(fields: readonly number[]): number | null {
    const group = this.#marks.takeDecision(fields[0])?.group ?? null
    this.#marks.reopen(fields, group)
    this.rows.invalidate(null)
    this.groups.invalidate(null)
    this.#known.clear()
    this.version++
    return group
  }

  /** Fields are undecided again: their group is shown as it was. Of an act of this window all of them are known. */
  #giveBack(fields: readonly number[]): void {
    const act = this.#marks.takeDecision(fields[0])
    const all = act?.fields ?? fields
    const group = act?.group ?? this.groupId
    this.#marks.reopen(all, group)
    this.rows.invalidate(all.length > 200 ? null : all)
    this.groups.invalidate(null)
    this.version++
    if (group === null) return
    this.#known.forget(group)
    this.#goTo(group, all.length === 1 ? all[0] : undefined)
  }

  #goTo(group: number, field?: number): void {
    const place = this.groupIds.indexOf(group)
    if (place >= 0) void this.open(place, field)
  }

  #refused(operation: Operation, message: string): void {
    if (operation.kind === 'decide') {
      const group = this.#reopen(operation.input.ids)
      if (group !== null) this.#goTo(group)
    }
    this.#hooks.refused(message)
  }
}
