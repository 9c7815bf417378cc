import type { Database, ReadOnlyDatabase } from '../store'
import { notVoided, voidedAgain, type VoidedBy } from '../store/voids'
import {
  decisionIdsOf,
  readAction,
  readDecisions,
  readStacks,
  turnsOf,
  type Action,
  type NewDecision,
  type StoredDecision,
  type Turn
} from '../store/actions'
import { actOnce, type Change, type Plan } from './change'
import { turnable } from '../store/turns'

/** Takes back the reviewer's latest act that is not undone; of others' acts it touches nothing. */
export const undo = (db: Database, reviewer: string, request?: string): Change =>
  actOnce(db, { reviewer, request }, (known) => planUndo(db, reviewer, known, request))

/** Does the reviewer's latest undone act again; a new act since then leaves nothing to redo. */
export const redo = (db: Database, reviewer: string, request?: string): Change =>
  actOnce(db, { reviewer, request }, (known) => planRedo(db, reviewer, known, request))

/** A decision, by its number, to void or to make again; or a turn to make. */
type Item = number | Turn

type PlanOf = (db: ReadOnlyDatabase, reviewer: string, known: Action | null, request?: string) => Plan<Item> | null

/** Null where there is nothing to undo, or to redo. `known`: this very act, which was cut off. */
const planOf =
  (
    kind: 'undo' | 'redo',
    of: (db: ReadOnlyDatabase, target: Action, reviewer: string) => Pick<Plan<Item>, 'items' | 'part'>
  ): PlanOf =>
  (db, reviewer, known, request) => {
    const { done, undone } = readStacks(db, reviewer)
    const [latest, belowId] = kind === 'undo' ? [done, undone] : [undone, done]
    const targetId = known?.targetId ?? latest
    if (targetId === null) return null
    const target = readAction(db, targetId)
    return {
      action: () => ({ kind, targetId, belowId, otherId: target.belowId, reviewer, request }),
      atOnce: true,
      ...of(db, target, reviewer)
    }
  }

export const planUndo = planOf('undo', (db, { id }) => ({
  items: itemsOf(db, id, ({ turns, before, ...turn }) => ({ ...turn, turns: before, before: turns })),
  part(items) {
    const { standing, replaced } = stateOf(db, decisionsIn(db, items))
    const decisions = standing.map(({ id, fieldId, seen }) => ({ ...nothingSaid, fieldId, undoes: id, seen }))
    const turns = turnable(db, turnsIn(items))
    return { decisions, turns, left: replaced + turnsIn(items).length - turns.length }
  }
}))

export const planRedo = planOf('redo', (db, target, reviewer) => ({
  items: itemsOf(db, target.targetId!, (turn) => turn),
  part(items, { actionId }) {
    const { voided, left } = voidedBy(db, decisionsIn(db, items), { undoId: target.id, redoId: actionId, reviewer })
    const turns = turnable(db, turnsIn(items))
    return {
      decisions: voided.map(({ id: _id, ...decision }): NewDecision => decision),
      turns,
      left: left + turnsIn(items).length - turns.length
    }
  }
}))

const nothingSaid = { kind: 'undone', text: null, note: null, origin: 'person' } as const

const itemsOf = (db: ReadOnlyDatabase, actionId: number, turned: (turn: Turn) => Turn): Item[] => [
  ...decisionIdsOf(db, actionId),
  ...turnsOf(db, actionId).map(turned)
]

const decisionsIn = (db: ReadOnlyDatabase, items: Item[]): StoredDecision[] =>
  readDecisions(
    db,
    items.filter((item) => typeof item === 'number')
  )
const turnsIn = (items: Item[]): Turn[] => items.filter((item) => typeof item !== 'number')

/** Those not voided yet, and how many of them are not what counts for their field any more. */
function stateOf(db: ReadOnlyDatabase, decisions: StoredDecision[]): { standing: StoredDecision[]; replaced: number } {
  const ids = decisions.map(({ id }) => id)
  const states = new Map(notVoided(db, ids).map(({ id, counts }) => [id, counts]))
  const standing = decisions.filter(({ id }) => states.has(id))
  return { standing, replaced: standing.filter(({ id }) => states.get(id) !== 1).length }
}

/**
 * Those that this undo voided, whose field nobody else has decided on since and whose box still covers their ink. What the redo itself
 * has done is neither voided nor left.
 */
function voidedBy(
  db: ReadOnlyDatabase,
  decisions: StoredDecision[],
  by: VoidedBy
): { voided: StoredDecision[]; left: number } {
  const ids = voidedAgain(
    db,
    decisions.map(({ id }) => id),
    by
  )
  const free = new Set(ids.filter((one) => one.free).map(({ id }) => id))
  return { voided: decisions.filter(({ id }) => free.has(id)), left: ids.length - free.size }
}
