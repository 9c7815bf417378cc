/** The groups of names in their order, and one of them open with its fields: the next is there before it is wanted. */
import type { Output } from '../../../../shared/contract'
import type { NameGroup, NamesOrder, NamesShown } from '../../../../shared/contract/names'
import type { FieldRow } from '../../../../shared/domain'
import type { Desk } from '../../lib/desk/desk.svelte'
import { RowCache } from '../../lib/rows'
import { added, gone, nextOpen } from './groups'
import { Marks } from './marks'
import { MembersCache, type Members } from './members'
import { messageOf } from '../../../../shared/text'

/** Fields of the next group that are fetched before it is opened. */
const ahead = 32
/** Rows that are fetched at a time. */
export const chunk = 100

export interface NamesHooks {
  /** Fields that are about to be seen: their pictures can be fetched. */
  near(rows: FieldRow[]): void
}

/** What a person chose to see. */
export interface NamesLook {
  shown?: NamesShown
  order?: NamesOrder
  search?: string
  field?: string | undefined
}

export class GroupsShown {
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
  protected readonly marks = new Marks()
  protected readonly known = new MembersCache((id) =>
    this.desk.call('names.members', { id, shown: this.shown, field: this.field })
  )
  #generation = 0

  constructor(desk: Desk, hooks: NamesHooks) {
    this.desk = desk
    this.#hooks = hooks
    this.groups = new RowCache<NameGroup>({
      fetchRows: async (ids) => (await desk.call('names.rows', { ids, field: this.field })).rows,
      onchange: () => void this.version++
    })
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

  isDone(groupId: number): boolean {
    void this.version
    return this.marks.isDone(groupId)
  }

  /** Lists the groups anew and opens the first; what was there stays until then. */
  async load(look: NamesLook = {}): Promise<void> {
    const generation = ++this.#generation
    Object.assign(this, look)
    this.marks.begin()
    this.known.clear()
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
      const cached = this.known.has(id)
      const members = await this.known.get(id)
      if (this.groupId !== id) return
      this.members = members
      this.openId = id
      this.active = field === undefined ? 0 : Math.max(0, members.ids.indexOf(field))
      this.wantFirst(members.ids)
      if (cached) void this.compareMembers()
      this.#prepare(nextOpen(this.groupIds, place, (other) => this.marks.isDone(other)))
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
    else if (this.members) this.wantFirst(this.members.ids)
    return true
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
    void this.known
      .get(id)
      .then(async ({ ids }) => {
        await this.desk.rows.load(ids.slice(0, ahead))
        this.#hooks.near(ids.slice(0, ahead).flatMap((field) => this.desk.rows.get(field) ?? []))
      })
      .catch(() => undefined)
  }

  protected async compareGroups(): Promise<void> {
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
  protected async compareMembers(): Promise<void> {
    const id = this.openId
    const shown = this.members
    if (id === null || !shown) return
    const now = await this.desk.call('names.members', { id, shown: this.shown, field: this.field })
    if (this.openId !== id || this.members !== shown) return
    this.marks.settle(gone(shown.ids.slice(0, shown.undecided), now.ids.slice(0, now.undecided)))
    this.more = added(shown.ids, now.ids) > 0 ? now : null
    this.version++
  }

  protected wantFirst(ids: readonly number[]): void {
    this.desk.rows.want(ids, 0, Math.min(ids.length - 1, ahead), chunk)
  }
}
