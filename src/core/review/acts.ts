/** The acts a reviewer can take back, as the stored stacks tell: they are the same after a restart. */
import { NominaError, say } from '../../shared/failure'
import { immediate, type Database, type ReadOnlyDatabase } from '../store'
import { reading } from '../store/statements'
import { readAction, readStacks } from './actions'
import { changeOfAll, Performance, type Change } from './change'
import { slices } from '../store/slices'
import { undoInTurn } from './slices'
import { planUndo } from './undo'

export interface Act {
  id: number
  at: string
  /** Of its decisions; null where they are of several kinds. */
  kind: string | null
  size: number
  field: number | null
  file: string | null
  text: string | null
}

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

/** From this act down, along the acts beneath. */
const stack = (db: ReadOnlyDatabase, top: number | null, limit = -1): number[] =>
  reading<[number | null, number], { id: number }>(
    db,
    `WITH RECURSIVE stack (id) AS (
       SELECT id FROM actions WHERE id = ? UNION ALL
       SELECT below.id FROM stack JOIN actions top ON top.id = stack.id JOIN actions below ON below.id = top.below_id LIMIT ?)
     SELECT id FROM stack`
  )
    .all(top, limit)
    .map(({ id }) => id)

const readAct = (db: ReadOnlyDatabase, id: number): Act =>
  reading<[number], Act>(
    db,
    `SELECT a.id, a.at, max(a.size, count(DISTINCT t.id)) AS size, f.id AS field, s.path AS file,
       CASE WHEN t.id IS NOT NULL THEN 'rotated' WHEN count(DISTINCT d.kind) = 1 THEN min(d.kind) END AS kind,
       CASE WHEN t.id IS NOT NULL THEN (t.turns * 90) || '°' ELSE f1.text END AS text
     FROM actions a LEFT JOIN decisions d ON d.action_id = a.id
     LEFT JOIN rotations t ON t.id = (SELECT min(id) FROM rotations WHERE action_id = a.id)
     LEFT JOIN decisions f1 ON f1.id = (SELECT min(id) FROM decisions WHERE action_id = a.id)
     LEFT JOIN fields f ON f.id = coalesce(f1.field_id, t.field_id) LEFT JOIN sources s ON s.id = f.source_id
     WHERE a.id = ? GROUP BY a.id`
  ).get(id)!
