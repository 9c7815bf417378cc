/**
 * The grid by name: the groups in their order, one of them open with its fields, and what was taken out, corrected and
 * confirmed here. Nothing waits: the next group is there before it is wanted, acts leave by the desk's outbox.
 */
import type { Output } from '../../../../shared/contract'
import type { NameGroup, NamesOrder, NamesShown } from '../../../../shared/contract/names'
import type { FieldRow } from '../../../../shared/domain'
import type { Back, Desk, DeskView } from '../../lib/desk/desk.svelte'
import { RowCache } from '../../lib/rows'
import { added, gone, nextOpen } from './groups'
import { Marks } from './marks'
import { MembersCache, type Members } from './members'
import { messageOf, tidyText } from '../../../../shared/text'

const settleTime = 900
/** ms within which an event may still be that of an act of one's own. */
const echoTime = 300
/** Fields of the next group that are fetched before it is opened. */
const ahead = 32
/** Rows that are fetched at a time. */
export const chunk = 100

/** What a person chose to see. */
export interface NamesLook {
  shown?: NamesShown
  order?: NamesOrder
  search?: string
  field?: string | undefined
}

export interface NamesHooks {
  /** Fields that are about to be seen: their pictures can be fetched. */
  near(rows: FieldRow[]): void
}

export class NamesModel implements DeskView {
  shown = $state<NamesShown>('undecided')
  order = $state<NamesOrder>('worth')
  search = $state('')
  /** Only fields of this name on the form; undefined: all. */
  field = $state<string | undefined>(undefined)
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
  /** Raised whenever a group or what is known of it changed. */
  version = $state(0)

  readonly desk: Desk
  readonly groups: RowCache<NameGroup>
  readonly #hooks: NamesHooks
  /** What is shown of these follows `version`. */
  readonly #marks = new Marks()
  readonly #known = new MembersCache((id) =>
    this.desk.call('names.members', { id, shown: this.shown, field: this.field })
  )
  #generation = 0
  #savedAt = 0
  #settling: ReturnType<typeof setTimeout> | null = null
  /** What was undecided again last, to be shown where it was asked for. */
  #reopened: { group: number; field: number | undefined } | null = null

  constructor(desk: Desk, hooks: NamesHooks) {
    this.desk = desk
    this.#hooks = hooks
    this.groups = new RowCache<NameGroup>({
      fetchRows: async (ids) => (await desk.call('names.rows', { ids, field: this.field })).rows,
      onchange: () => void this.version++
    })
    desk.show(this)
  }

  get groupId(): number | null {
    return this.groupIds[this.place] ?? null
  }

  group(id: number | null): NameGroup | undefined {
    void this.version
    return id === null ? undefined : this.groups.get(id)
  }

  row(id: number): FieldRow | undefined {
    return this.desk.row(id)
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
  readonly confirmable = $derived.by(() => {
    void this.version
    const { ids, undecided } = this.members ?? { ids: [], undecided: 0 }
    return ids.slice(0, undecided).filter((id) => this.#isOpen(id))
  })

  /** How many of those should be looked at. */
  readonly needALook = $derived.by(() => {
    void this.version
    const { ids, needALook } = this.members ?? { ids: [], needALook: 0 }
    return ids.slice(0, needALook).filter((id) => this.#isOpen(id)).length
  })

  /** Lists the groups anew and opens the first; what was there stays until then. */
  async load(look: NamesLook = {}): Promise<void> {
    const generation = ++this.#generation
    Object.assign(this, look)
    this.#marks.begin()
    this.#known.clear()
    // Their counts are of other fields now.
    if ('field' in look) this.groups.invalidate(null)
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
      this.#wantFirst(members.ids)
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
    this.#reopened = null
    this.desk.undo(({ changed, sent }) => {
      if (sent) this.desk.tellBack('undo', changed)
      if (this.#reopened) this.#goTo(this.#reopened.group, this.#reopened.field)
    })
  }

  redo(): void {
    this.desk.redo(({ changed }) => this.desk.tellBack('redo', changed))
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
    else if (this.members) this.#wantFirst(this.members.ids)
    return true
  }

  /** What was decided here comes back as an event too: that alone is no reason to ask for everything again. */
  changed(_ids: number[] | null): void {
    const own = this.desk.waiting > 0 || Date.now() - this.#savedAt < echoTime
    if (!own) this.groups.invalidate(null)
    if (this.#settling !== null) clearTimeout(this.#settling)
    this.#settling = setTimeout(() => {
      this.#settling = null
      if (!own) this.#known.clear()
      void Promise.all([this.#compareGroups(), this.#compareMembers()]).catch(() => undefined)
    }, settleTime)
  }

  /** The view is shown again. */
  arrive(): void {
    if (this.members) this.#wantFirst(this.members.ids)
    this.changed(null)
  }

  reconnected(): void {
    if (this.failure !== null) void this.load()
    else this.changed(null)
  }

  /** Whichever view took it back: its fields are undecided here too. */
  wentBack(kind: 'undo' | 'redo', { ids }: Back): void {
    this.#savedAt = Date.now()
    this.groups.invalidate(null)
    if (kind === 'undo') this.#reopen(ids)
  }

  #decide(group: NameGroup, fields: number[], kind: 'accepted' | 'corrected' | 'blank', text?: string): void {
    this.#marks.decide(group.id, fields)
    const undecided = Math.max(0, group.undecided - fields.length)
    this.groups.patch([{ ...group, undecided, decided: group.decided + fields.length }])
    this.version++
    const shown = fields.length === 1 ? { status: kind, text: text ?? null } : null
    const tiles = fields.filter((id) => fields.length === 1 || this.#marks.wasSeen(id))
    const ink = fields.length === 1 ? undefined : this.members?.ink
    const asOf = this.members?.asOf
    const input = { ids: fields, kind, text, shown: group.text, how: 'unseen' as const, tiles, ink, asOf }
    this.desk.decide(input, shown, (result) => {
      this.#savedAt = Date.now()
      // Somebody else has some of them, or none could be stored: they stay open, and their group is not done.
      if (!result || result.changed < fields.length) this.#reopen(fields)
      if (!result && this.#reopened) this.#goTo(this.#reopened.group, this.#reopened.field)
    })
  }

  /** These are among the tiles in view. */
  see(fields: readonly number[]): void {
    this.#marks.see(fields)
  }

  #isOpen(id: number): boolean {
    return !this.#marks.isOut(id) && !this.#marks.isSettled(id)
  }

  #isDecided(id: number): boolean {
    const at = this.members?.ids.indexOf(id) ?? -1
    return this.#marks.isSettled(id) || at >= (this.members?.undecided ?? 0)
  }

  #list(): Promise<Output<'names.groups'>> {
    const { shown, order, search, field } = this
    return this.desk.call('names.groups', { shown, order, search, field })
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
        await this.desk.rows.load(ids.slice(0, ahead))
        this.#hooks.near(ids.slice(0, ahead).flatMap((field) => this.desk.rows.get(field) ?? []))
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
    const now = await this.desk.call('names.members', { id, shown: this.shown, field: this.field })
    if (this.openId !== id || this.members !== shown) return
    this.#marks.settle(gone(shown.ids.slice(0, shown.undecided), now.ids.slice(0, now.undecided)))
    this.more = added(shown.ids, now.ids) > 0 ? now : null
    this.version++
  }

  /** Fields are undecided again: their group is as it was. Of an act of this window all of its fields are known. */
  #reopen(fields: readonly number[]): void {
    const act = this.#marks.takeDecision(fields[0])
    const all = act?.fields ?? fields
    const group = act?.group ?? this.groupId
    this.#marks.reopen(all, group)
    this.desk.rows.invalidate(all.length > 200 ? null : all)
    this.groups.invalidate(null)
    if (group !== null) this.#known.forget(group)
    this.#reopened = group === null ? null : { group, field: all.length === 1 ? all[0] : undefined }
    this.version++
  }

  #wantFirst(ids: readonly number[]): void {
    this.desk.rows.want(ids, 0, Math.min(ids.length - 1, ahead), chunk)
  }

  #goTo(group: number, field?: number): void {
    const place = this.groupIds.indexOf(group)
    if (place >= 0) void this.open(place, field)
  }
}
