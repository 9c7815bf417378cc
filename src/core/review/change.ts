/** Acts, carried out in parts: what each part does follows from how things stand at that moment. */
import type { Counts, FieldRow } from '../../shared/domain'
import { currentModelId, deriveFields, immediate, readCounts, type Database } from '../store'
import { firstDecision, lastDecision } from '../store/decided'
import {
  actionOfRequest,
  appendDecisions,
  beginAction,
  decisionIdsOf,
  endAction,
  isUndone,
  readAction,
  readDecisions,
  turnsOf,
  type Action,
  type BegunAction,
  type NewAction,
  type NewDecision,
  type Turn
} from '../store/actions'
import { readRows } from './rows'
import { turnFields } from '../store/turns'

/** What an act changed, as the contract gives it. */
export interface Change {
  /** Null where nothing changed. */
  action: number | null
  /** The first 200 rows. */
  rows: FieldRow[]
  changed: number
  /** Fields that were left as they are, since somebody decided on them meanwhile. */
  left: number
  counts: Counts
}

/** What is done to some of a plan's items. */
export interface Part {
  decisions: NewDecision[]
  turns?: Turn[]
  /** Items that somebody decided on meanwhile. */
  left: number
}

/** An act that is to be carried out on its items, one after the other. */
export interface Plan<Item = never> {
  /** As the reviewer's stacks are when it is written: with the first decision, or at once where it moves a stack anyway. */
  action(): NewAction
  atOnce?: boolean
  items: readonly Item[]
  /**
   * What is to be done to these items as they are now. Whatever was decided after the decision `since` is left, but for what
   * this act itself has done.
   */
  part(items: Item[], act: { actionId: number | null; since: number }): Part
  /** Tells why nothing was done, where nobody was before it. */
  nothing?: () => never
}

const rowsAtMost = 200

export const nothingChanged = (db: Database, left = 0): Change => ({
  action: null,
  rows: [],
  changed: 0,
  left,
  counts: readCounts(db)
})

/** An act being carried out. Each call belongs into a transaction of the caller's. */
export class Performance<Item> {
  private at = 0
  private left = 0
  private begun: BegunAction | null
  private readonly since: number

  /**
   * @param known the same act, which was cut off before: it goes on
   * @param asked the last decision of the project when it was asked for
   */
  constructor(
    private readonly db: Database,
    private readonly plan: Plan<Item>,
    known: Action | null,
    asked = lastDecision(db)
  ) {
    this.begun = known && { actionId: known.id, reviewer: known.reviewer, at: known.at }
    this.since = known ? firstDecision(db, known.id) - 1 : asked
  }

  get actionId(): number | null {
    return this.begun?.actionId ?? null
  }

  get isOver(): boolean {
    return this.at >= this.plan.items.length
  }

  /** Does the next `count` items; after the last of them the act is whole. */
  advance(count: number): void {
    const { db, plan } = this
    if (this.actionId !== null && isUndone(db, this.actionId)) this.at = plan.items.length
    const items = plan.items.slice(this.at, this.at + count)
    this.at += items.length
    const { decisions, turns = [], left } = plan.part(items, { actionId: this.actionId, since: this.since })
    this.left += left
    if (decisions.length || turns.length || plan.atOnce) {
      this.begun ??= this.begin()
      appendDecisions(db, this.begun, decisions)
      turnFields(db, this.begun, turns)
      const fieldIds = [...decisions, ...turns].map(({ fieldId }) => fieldId)
      deriveFields(db, { fieldIds }, currentModelId(db))
    }
    if (this.isOver && this.actionId !== null) endAction(db, this.actionId, this.left)
  }

  /** The same request may have begun it meanwhile, while this one had found nothing to do yet. */
  private begin(): BegunAction {
    const action = this.plan.action()
    const twin = action.request === undefined ? null : actionOfRequest(this.db, action.reviewer, action.request)
    return twin ? { actionId: twin.id, reviewer: twin.reviewer, at: twin.at } : beginAction(this.db, action)
  }

  /** @throws what the plan says where there was nothing to do */
  change(): Change {
    if (this.actionId !== null) return changeOf(this.db, this.actionId)
    if (!this.left) this.plan.nothing?.()
    return nothingChanged(this.db, this.left)
  }
}

/** Whose act it is, and the window's own name for it; `cutOff`: one that nobody asks for again and that goes on by itself. */
export interface Asked {
  reviewer: string
  request?: string | undefined
  cutOff?: Action
  /** The last decision of the project when it was asked for: what was decided after it is left. Absent: that is now. */
  since?: number
}

/** `known`: the act of this very request, where it was begun before and cut off. Null: there is nothing to do. */
export type MakePlan<Item> = (known: Action | null) => Plan<Item> | null

/**
 * Begins an act, or goes on with the one that this very request began. Within a transaction.
 * @returns what it changed where it is whole already, as when only its reply was lost, or has nothing to do
 */
export function beginOnce<Item>(
  db: Database,
  { reviewer, request, cutOff, since }: Asked,
  plan: MakePlan<Item>
): Performance<Item> | Change {
  const known = request === undefined ? (cutOff ?? null) : actionOfRequest(db, reviewer, request)
  if (known?.whole) return changeOf(db, known.id)
  const planned = plan(known)
  if (!planned) return known ? changeOf(db, known.id) : nothingChanged(db)
  return new Performance(db, planned, known, since)
}

/** Does all of an act at once, in a transaction of its own or the caller's. */
export const actOnce = <Item>(db: Database, asked: Asked, plan: MakePlan<Item>): Change =>
  immediate(db, () => {
    const act = beginOnce(db, asked, plan)
    if (!(act instanceof Performance)) return act
    act.advance(Infinity)
    return act.change()
  })

/** What an act has changed so far. */
export const changeOf = (db: Database, actionId: number): Change => changeOfAll(db, [actionId])

/** What several acts have changed, the last of them first. */
export function changeOfAll(db: Database, actionIds: readonly number[]): Change {
  const ids = new Set<number>()
  let changed = 0
  let left = 0
  for (const actionId of actionIds) {
    const action = readAction(db, actionId)
    const turned = turnsOf(db, actionId)
    changed += action.size + turned.length
    left += action.leftAlone
    if (ids.size >= rowsAtMost) continue
    const decided = readDecisions(db, decisionIdsOf(db, actionId, rowsAtMost))
    for (const { fieldId } of [...decided, ...turned]) ids.add(fieldId)
  }
  const rows = readRows(db, [...ids].slice(0, rowsAtMost))
  return { action: actionIds[0] ?? null, rows, changed, left, counts: readCounts(db) }
}
