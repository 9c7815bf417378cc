/**
 * The grid by name: what was taken out of the open group, corrected and confirmed here. Nothing waits: acts leave by the desk's outbox.
 */
import type { NameGroup } from '../../../../shared/contract/names'
import { tidyText } from '../../../../shared/text'
import type { Back, Desk, DeskView } from '../../lib/desk/desk.svelte'
import { nextOpen } from './groups'
import { GroupsShown, type NamesHooks } from './groupsShown.svelte'

export { chunk, type NamesHooks, type NamesLook } from './groupsShown.svelte'

const settleTime = 900
/** ms within which an event may still be that of an act of one's own. */
const echoTime = 300

export class NamesModel extends GroupsShown implements DeskView {
  #savedAt = 0
  #settling: ReturnType<typeof setTimeout> | null = null
  /** What was undecided again last, to be shown where it was asked for. */
  #reopened: { group: number; field: number | undefined } | null = null

  constructor(desk: Desk, hooks: NamesHooks) {
    super(desk, hooks)
    desk.show(this)
  }

  isOut(id: number): boolean {
    void this.version
    return this.marks.isOut(id)
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

  /** Takes the active field out of what is confirmed, or puts it back. Null where it is decided already. */
  toggleOut(): 'out' | 'in' | null {
    const field = this.activeId
    const group = this.openId
    if (field === null || group === null || this.#isDecided(field)) return null
    const what = this.marks.toggleOut(group, field)
    this.version++
    return what
  }

  /** Confirms all that was not taken out, as one act, and opens the next group. @returns how many that were */
  confirm(): number {
    const ids = this.confirmable
    const group = this.group(this.openId)
    if (!group || this.openId !== this.groupId) return 0
    if (ids.length > 0) this.#decide(group, ids, group.text === '' ? 'blank' : 'accepted', group.text || undefined)
    this.marks.finish(group.id)
    void this.open(nextOpen(this.groupIds, this.place, (id) => this.marks.isDone(id)))
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
    const out = this.marks.undoOut()
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

  /** What was decided here comes back as an event too: that alone is no reason to ask for everything again. */
  changed(_ids: number[] | null): void {
    const own = this.desk.waiting > 0 || Date.now() - this.#savedAt < echoTime
    if (!own) this.groups.invalidate(null)
    if (this.#settling !== null) clearTimeout(this.#settling)
    this.#settling = setTimeout(() => {
      this.#settling = null
      if (!own) this.known.clear()
      void Promise.all([this.compareGroups(), this.compareMembers()]).catch(() => undefined)
    }, settleTime)
  }

  /** The view is shown again. */
  arrive(): void {
    if (this.members) this.wantFirst(this.members.ids)
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
    this.marks.decide(group.id, fields)
    const undecided = Math.max(0, group.undecided - fields.length)
    this.groups.patch([{ ...group, undecided, decided: group.decided + fields.length }])
    this.version++
    const shown = fields.length === 1 ? { status: kind, text: text ?? null } : null
    const tiles = fields.filter((id) => fields.length === 1 || this.marks.wasSeen(id))
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
    this.marks.see(fields)
  }

  #isOpen(id: number): boolean {
    return !this.marks.isOut(id) && !this.marks.isSettled(id)
  }

  #isDecided(id: number): boolean {
    const at = this.members?.ids.indexOf(id) ?? -1
    return this.marks.isSettled(id) || at >= (this.members?.undecided ?? 0)
  }

  /** Fields are undecided again: their group is as it was. Of an act of this window all of its fields are known. */
  #reopen(fields: readonly number[]): void {
    const act = this.marks.takeDecision(fields[0])
    const all = act?.fields ?? fields
    const group = act?.group ?? this.groupId
    this.marks.reopen(all, group)
    this.desk.rows.invalidate(all.length > 200 ? null : all)
    this.groups.invalidate(null)
    if (group !== null) this.known.forget(group)
    this.#reopened = group === null ? null : { group, field: all.length === 1 ? all[0] : undefined }
    this.version++
  }

  #goTo(group: number, field?: number): void {
    const place = this.groupIds.indexOf(group)
    if (place >= 0) void this.open(place, field)
  }
}
