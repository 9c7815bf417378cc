/** The acts a reviewer can take back, as the stored stacks tell: they are the same after a restart. */
import { NominaError, say } from '../../shared/failure'
import { immediate, type Database, type ReadOnlyDatabase } from '../store'
import { readAct, stack, type Act } from '../store/acts'
import { readAction, readStacks } from '../store/actions'
import { changeOfAll, Performance, type Change } from './change'
import { slices } from '../store/slices'
import { undoInTurn } from './slices'
import { planUndo } from './undo'

/** What `undo` would take back, one after the other: newest first; and how many undone acts `redo` would do again. */
export function undoableActs(db: ReadOnlyDatabase, reviewer: string, limit: number): { acts: Act[]; undone: number } {
  const { done, undone } = readStacks(db, reviewer)
  const acts = stack(db, done, limit).map((id) => readAct(db, id))
  return { acts, undone: stack(db, undone).length }
}

/**
 * Takes back every act down to and with this one, newest first, each by an undo of its own; others are answered in between.
 * Where the reviewer does something else meanwhile, in another window, it stops there.
 * @throws NominaError('not-found') it is not among the acts this reviewer can take back
 */
export async function undoTo(db: Database, reviewer: string, act: number): Promise<Change> {
  const all = stack(db, readStacks(db, reviewer).done)
  const ids = all.slice(0, all.indexOf(act) + 1)
  if (!ids.length) throw new NominaError('not-found', say('cantUndo'))
  const undos: number[] = []
  for await (const slice of slices(db)) {
    const next = readAction(db, ids[undos.length]!)
    if (readStacks(db, reviewer).done !== next.id) break
    if (next.size > slice) undos.push((await undoInTurn(db, reviewer)).action!)
    else undos.push(...immediate(db, () => undoSmall(db, reviewer, ids.slice(undos.length), slice)))
    if (undos.length === ids.length) break
  }
  return changeOfAll(db, undos.reverse())
}

/** Undoes acts as long as they have no more than `most` decisions together. @returns the undos */
function undoSmall(db: Database, reviewer: string, ids: number[], most: number): number[] {
  const undos: number[] = []
  for (let at = 0, decisions = 0; at < ids.length; at++) {
    decisions += Math.max(1, readAction(db, ids[at]!).size)
    if (decisions > most || readStacks(db, reviewer).done !== ids[at]) break
    const undo = new Performance(db, planUndo(db, reviewer, null)!, null)
    undo.advance(Infinity)
    undos.push(undo.actionId!)
  }
  return undos
}
