/** Acts on thousands of fields that nobody else has to wait for. */
import { setImmediate as othersFirst } from 'node:timers/promises'
import { NominaError } from '../../shared/failure'
import { immediate, type Database } from '../store'
import type { Plan } from './actions'
import { begin, carryOut, changeOf, knownChange, nothingChanged, type Change } from './change'
import { planDecision, type DecideRequest } from './decide'
import { planRedo, planUndo } from './undo'

/** Fields a transaction: some 20 ms, for which everything else waits. */
const sliceSize = 250

const underWay = new WeakMap<Database, Promise<unknown>>()

/**
 * Does acts one after the other, each in slices: the first transaction writes the act with its first decisions, every later
 * one some more of them, and in between all else is answered. One that is cut off stays an act on fewer fields: the others
 * are as they were, and its undo takes back what there is.
 */
async function inTurn(db: Database, request: string | undefined, plan: () => Plan | null): Promise<Change> {
  const mine = (underWay.get(db) ?? Promise.resolve()).then(() => inSlices(db, request, plan))
  underWay.set(
    db,
    mine.catch(() => undefined)
  )
  return mine
}

async function inSlices(db: Database, request: string | undefined, plan: () => Plan | null): Promise<Change> {
  const begun = immediate(db, () => {
    const known = knownChange(db, request)
    if (known) return known
    const planned = plan()
    if (!planned) return nothingChanged(db)
    const action = begin(db, planned)
    carryOut(db, action, planned.decisions.slice(0, sliceSize))
    return { planned, action }
  })
  if (!('planned' in begun)) return begun
  const { action, planned } = begun
  for (let start = sliceSize; start < planned.decisions.length; start += sliceSize) {
    await othersFirst()
    if (!db.open) throw new NominaError('no-project', 'The project was closed before all fields were decided on.')
    immediate(db, () => carryOut(db, action, planned.decisions.slice(start, start + sliceSize)))
  }
  return changeOf(db, action.actionId, planned.decisions)
}

/** As `decide`, in slices. @throws as it */
export const decideInTurn = (db: Database, request: DecideRequest): Promise<Change> =>
  inTurn(db, request.request, () => planDecision(db, request))

/** As `undo`, in slices. */
export const undoInTurn = (db: Database, reviewer: string, request?: string): Promise<Change> =>
  inTurn(db, request, () => planUndo(db, reviewer, request))

/** As `redo`, in slices. */
export const redoInTurn = (db: Database, reviewer: string, request?: string): Promise<Change> =>
  inTurn(db, request, () => planRedo(db, reviewer, request))
