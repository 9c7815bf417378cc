/** The acts of reviewers: append-only, and all that undo and redo know. */
import type { DecisionKind, QuarterTurns, Seen } from '../../shared/domain'
import type { Database, ReadOnlyDatabase } from './handle'
import { noteArrival, type Came } from './arrivals'
import { reading, writing } from './statements'

export interface Action {
  id: number
  kind: 'decide' | 'rotate' | 'undo' | 'redo'
  targetId: number | null
  belowId: number | null
  otherId: number | null
  /** Decisions it has made or voided so far, and fields it left to whoever decided on them meanwhile. */
  size: number
  leftAlone: number
  /** 0: under way, or cut off. */
  whole: 0 | 1
  onlyAgreeing: 0 | 1
  reviewer: string
  at: string
}

/** The tops of a reviewer's two stacks: the act to undo next and the undo to redo next. */
export interface Stacks {
  done: number | null
  undone: number | null
}

export type Origin = 'person' | 'rule'

export interface NewDecision {
  fieldId: number
  kind: DecisionKind | 'undone'
  text: string | null
  note: string | null
  origin: Origin
  undoes: number | null
  seen: Seen
  /** How its field came before the person, where that is kept. */
  came?: Came | undefined
  /** What it was made on; absent: what the field shows now. */
  on?: { contentId: number | null; quad: string | null }
}

export interface StoredDecision extends NewDecision {
  id: number
}

/** A field that an act turned. */
export interface Turn {
  fieldId: number
  turns: QuarterTurns
  before: QuarterTurns
}

const columns = `id, kind, target_id AS targetId, below_id AS belowId, other_id AS otherId, size, left_alone AS leftAlone, whole,
  only_agreeing AS onlyAgreeing, reviewer, at`

export const readAction = (db: ReadOnlyDatabase, id: number): Action =>
  reading<[number], Action>(db, `SELECT ${columns} FROM actions WHERE id = ?`).get(id)!

/** The act that a reviewer's window gave this name; another reviewer's is never found by it. */
export const actionOfRequest = (db: ReadOnlyDatabase, reviewer: string, request: string): Action | null =>
  reading<[string, string], Action>(db, `SELECT ${columns} FROM actions WHERE reviewer = ? AND request = ?`).get(
    reviewer,
    request
  ) ?? null

/** Acts that are not whole and that know by themselves what they are to do. */
export const cutOffUndos = (db: ReadOnlyDatabase): Action[] =>
  reading<[], Action>(
    db,
    `SELECT ${columns} FROM actions INDEXED BY actions_not_whole WHERE whole = 0 AND kind IN ('undo', 'redo') ORDER BY id`
  ).all()

const latestAction = (db: ReadOnlyDatabase, reviewer: string): Action | null =>
  reading<[string], Action>(db, `SELECT ${columns} FROM actions WHERE reviewer = ? ORDER BY id DESC LIMIT 1`).get(
    reviewer
  ) ?? null

export function readStacks(db: ReadOnlyDatabase, reviewer: string): Stacks {
  const last = latestAction(db, reviewer)
  if (!last) return { done: null, undone: null }
  return last.kind === 'undo' ? { done: last.otherId, undone: last.id } : { done: last.id, undone: last.otherId }
}

/** Of an act. @param limit the first so many; absent: all */
export const decisionIdsOf = (db: ReadOnlyDatabase, actionId: number, limit = -1): number[] =>
  reading<[number, number], number>(db, 'SELECT id FROM decisions WHERE action_id = ? ORDER BY id LIMIT ?')
    .pluck()
    .all(actionId, limit)

/** In the order of their ids. */
export const readDecisions = (db: ReadOnlyDatabase, ids: readonly number[]): StoredDecision[] =>
  reading<[string], Omit<StoredDecision, 'on'> & { contentId: number | null; quad: string | null }>(
    db,
    `SELECT id, field_id AS fieldId, kind, text, note, origin, undoes, seen, content_id AS contentId, quad
     FROM decisions WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id`
  )
    .all(JSON.stringify(ids))
    .map(({ contentId, quad, ...decision }) => ({ ...decision, on: { contentId, quad } }))

export const turnsOf = (db: ReadOnlyDatabase, actionId: number): Turn[] =>
  reading<[number], Turn>(
    db,
    'SELECT field_id AS fieldId, turns, turns_before AS before FROM rotations WHERE action_id = ? ORDER BY id'
  ).all(actionId)

/** Whether an act was taken back; one that is still under way then goes no further. */
export const isUndone = (db: ReadOnlyDatabase, actionId: number): boolean =>
  reading<[number], object>(db, `SELECT 1 FROM actions WHERE target_id = ? AND kind IN ('undo', 'redo')`).get(
    actionId
  ) !== undefined

export type NewAction = Pick<Action, 'kind' | 'targetId' | 'belowId' | 'otherId' | 'reviewer'> & {
  request?: string | undefined
  onlyAgreeing?: boolean
}

/** An act that was begun; all its decisions have its time. */
export interface BegunAction {
  actionId: number
  reviewer: string
  at: string
}

/** Writes an act whose decisions follow, in parts, until `endAction`. */
export function beginAction(db: Database, action: NewAction, at = new Date().toISOString()): BegunAction {
  const { kind, targetId, belowId, otherId, reviewer, request, onlyAgreeing } = action
  const { lastInsertRowid } = writing(
    db,
    `INSERT INTO actions (kind, target_id, below_id, other_id, whole, only_agreeing, reviewer, at, request)
     VALUES (?, ?, ?, ?, 0, ?, ?, ?, ?)`
  ).run(kind, targetId, belowId, otherId, onlyAgreeing ? 1 : 0, reviewer, at, request ?? null)
  return { actionId: Number(lastInsertRowid), reviewer, at }
}

/** Some more decisions of an act, which thereby knows how many it has. */
export function appendDecisions(db: Database, act: BegunAction, decisions: readonly NewDecision[]): void {
  const insert = writing(
    db,
    `INSERT INTO decisions (action_id, field_id, kind, text, note, origin, undoes, reviewer, at, seen, content_id, quad)
     SELECT @actionId, f.id, @kind, @text, @note, @origin, @undoes, @reviewer, @at, @seen,
       CASE WHEN @given THEN @contentId WHEN f.page_id IS NULL THEN s.content_id ELSE p.content_id END,
       CASE WHEN @given THEN @quad ELSE f.quad END
     FROM fields f JOIN sources s ON s.id = f.source_id LEFT JOIN pages p ON p.id = f.page_id WHERE f.id = @fieldId`
  )
  for (const { on, came, ...decision } of decisions) {
    const { lastInsertRowid } = insert.run({
      ...decision,
      ...act,
      given: on ? 1 : 0,
      contentId: on?.contentId ?? null,
      quad: on?.quad ?? null
    })
    if (came) noteArrival(db, Number(lastInsertRowid), came)
  }
  if (decisions.length)
    writing(db, 'UPDATE actions SET size = size + ? WHERE id = ?').run(decisions.length, act.actionId)
}

/** An act that is whole changes no more. */
export const endAction = (db: Database, actionId: number, leftAlone = 0): void =>
  void writing(db, 'UPDATE actions SET whole = 1, left_alone = ? WHERE id = ? AND whole = 0').run(leftAlone, actionId)
