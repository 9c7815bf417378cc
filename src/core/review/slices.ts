/** Acts on thousands of fields that nobody else has to wait for. */
import type { Database } from '../store'
import { lastDecision } from '../store/decided'
import { onDisk } from '../store/on-disk'
import { sliceSize, slices, turn } from '../store/slices'
import { inPassing } from '../store/transaction'
import { actionOfRequest, cutOffUndos, readStacks } from '../store/actions'
import { beginOnce, Performance, type Asked, type Change, type MakePlan } from './change'
import { lookAt, planDecision, targetsOf, type DecideRequest } from './decide'
import { planRedo, planUndo } from './undo'

/** Acts of this process that are not whole yet. */
const underWay = new WeakMap<Database, Map<number, Promise<Change>>>()

const actsUnderWay = (db: Database): Map<number, Promise<Change>> => {
  const acts = underWay.get(db) ?? new Map<number, Promise<Change>>()
  underWay.set(db, acts)
  return acts
}

export const isUnderWay = (db: Database, actionId: number): boolean => actsUnderWay(db).has(actionId)

/**
 * Does an act in slices: the first at once, whatever else is under way, so that a person's single decision never waits. One
 * that is cut off stays an act on fewer fields: the others are as they were, its undo takes back what there is, and the same
 * request goes on with it. It is on the disk when this returns.
 */
async function inSlices<Item>(db: Database, asked: Asked, plan: MakePlan<Item>): Promise<Change> {
  const change = await allSlices(db, asked, plan)
  await onDisk(db)
  return change
}

async function allSlices<Item>(db: Database, asked: Asked, plan: MakePlan<Item>): Promise<Change> {
  const known = asked.request === undefined ? null : actionOfRequest(db, asked.reviewer, asked.request)
  const twin = known && actsUnderWay(db).get(known.id)
  if (twin) return twin
  const act = inPassing(db, () => {
    const begun = beginOnce(db, asked, plan)
    if (begun instanceof Performance) begun.advance(sliceSize)
    return begun
  })
  if (!(act instanceof Performance)) return act
  if (act.isOver) return act.change()
  const finished = goOn(db, act)
  const { actionId } = act
  if (actionId === null) return finished
  actsUnderWay(db).set(actionId, finished)
  try {
    return await finished
  } finally {
    actsUnderWay(db).delete(actionId)
  }
}

async function goOn<Item>(db: Database, act: Performance<Item>): Promise<Change> {
  for await (const size of slices(db)) {
    inPassing(db, () => act.advance(size))
    if (act.isOver) break
  }
  return act.change()
}

/** More targets than these are looked at first, so many at a time: some 5 ms. */
const manyTargets = 5000
const lookedAt = 1000

/** As `decide`, in slices. @throws as it */
export async function decideInTurn(db: Database, request: DecideRequest): Promise<Change> {
  // Others decide while it looks.
  const { since = lastDecision(db) } = request
  const targets = targetsOf(request)
  const isNew = request.request === undefined || actionOfRequest(db, request.reviewer, request.request) === null
  const looksFirst = isNew && targets.ids.length > manyTargets
  // What was asked has just been checked, which of many thousands takes its time too.
  if (looksFirst) await turn(db)
  while (looksFirst && targets.lookedAt < targets.ids.length) {
    lookAt(db, targets, lookedAt)
    await turn(db)
  }
  return inSlices(db, { ...request, since }, (known) => planDecision(db, request, known, targets))
}

/** As `undo`, in slices; an act that is still under way is waited for. */
export async function undoInTurn(db: Database, reviewer: string, request?: string): Promise<Change> {
  await whenWhole(db, () => readStacks(db, reviewer).done)
  return inSlices(db, { reviewer, request }, (known) => planUndo(db, reviewer, known, request))
}

/** As `redo`, in slices; an undo that is still under way is waited for. */
export async function redoInTurn(db: Database, reviewer: string, request?: string): Promise<Change> {
  await whenWhole(db, () => readStacks(db, reviewer).undone)
  return inSlices(db, { reviewer, request }, (known) => planRedo(db, reviewer, known, request))
}

/** Goes on with undos and redos that were cut off when Nomina was stopped. @returns how many fields they changed */
export async function finishUndos(db: Database): Promise<number> {
  let changed = 0
  for (const cutOff of cutOffUndos(db)) {
    if (actsUnderWay(db).has(cutOff.id)) continue
    const { kind, reviewer } = cutOff
    const change = await inSlices(db, { reviewer, cutOff }, () =>
      kind === 'undo' ? planUndo(db, reviewer, cutOff) : planRedo(db, reviewer, cutOff)
    )
    changed += change.changed
  }
  return changed
}

async function whenWhole(db: Database, next: () => number | null): Promise<void> {
  for (let id = next(), act = id === null ? undefined : actsUnderWay(db).get(id); act;) {
    await act.catch(() => undefined)
    id = next()
    act = id === null ? undefined : actsUnderWay(db).get(id)
  }
}
