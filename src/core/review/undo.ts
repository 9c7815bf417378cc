import type { Database, ReadOnlyDatabase } from '../store'
import { reading } from '../store/statements'
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
} from './actions'
import { actOnce, type Change, type Plan } from './change'
import { turnable } from './turns'

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
  const states = new Map(
    reading<[string], { id: number; counts: 0 | 1 }>(
      db,
      `SELECT d.id, f.decision_id = d.id AS counts FROM json_each(?) wanted JOIN decisions d ON d.id = wanted.value
       JOIN fields f ON f.id = d.field_id WHERE NOT EXISTS (SELECT 1 FROM decisions void WHERE void.undoes = d.id)`
    )
      .all(JSON.stringify(decisions.map(({ id }) => id)))
      .map(({ id, counts }) => [id, counts])
  )
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
  { undoId, redoId, reviewer }: { undoId: number; redoId: number | null; reviewer: string }
): { voided: StoredDecision[]; left: number } {
  const ids = reading<[object], { id: number; free: 0 | 1 }>(
    db,
    `SELECT wanted.value AS id, (now.id IS NULL OR now.id < void.id OR now.reviewer = @reviewer)
       AND NOT EXISTS (SELECT 1 FROM uncovered WHERE decision_id = wanted.value) AS free
     FROM json_each(@ids) wanted JOIN decisions void ON void.undoes = wanted.value AND void.action_id = @undoId
     JOIN fields f ON f.id = void.field_id LEFT JOIN decisions now ON now.id = f.decision_id
     WHERE now.action_id IS NOT @redoId OR @redoId IS NULL`
  ).all({ ids: JSON.stringify(decisions.map(({ id }) => id)), undoId, redoId, reviewer })
  const free = new Set(ids.filter((one) => one.free).map(({ id }) => id))
  return { voided: decisions.filter(({ id }) => free.has(id)), left: ids.length - free.size }
}
