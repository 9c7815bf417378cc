/** The acts of reviewers: append-only, and all that undo and redo know. */
import type { DecisionKind, Seen } from '../../shared/domain'
import type { Database, ReadOnlyDatabase } from '../store'

export interface Action {
  id: number
  kind: 'decide' | 'undo' | 'redo'
  targetId: number | null
  belowId: number | null
  otherId: number | null
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
  /** What it was made on; absent: what the field shows now. */
  on?: { contentId: number | null; quad: string | null }
}

export interface StoredDecision extends NewDecision {
  id: number
}

const columns = 'id, kind, target_id AS targetId, below_id AS belowId, other_id AS otherId'

export const readAction = (db: ReadOnlyDatabase, id: number): Action =>
  db.prepare<[number], Action>(`SELECT ${columns} FROM actions WHERE id = ?`).get(id)!

export function readStacks(db: ReadOnlyDatabase, reviewer: string): Stacks {
  const last = db
    .prepare<[string], Action>(`SELECT ${columns} FROM actions WHERE reviewer = ? ORDER BY id DESC LIMIT 1`)
    .get(reviewer)
  if (!last) return { done: null, undone: null }
  return last.kind === 'undo' ? { done: last.otherId, undone: last.id } : { done: last.id, undone: last.otherId }
}

export const decisionsOf = (db: ReadOnlyDatabase, actionId: number): StoredDecision[] =>
  db
    .prepare<[number], Omit<StoredDecision, 'on'> & { contentId: number | null; quad: string | null }>(
      `SELECT id, field_id AS fieldId, kind, text, note, origin, undoes, seen, content_id AS contentId, quad
       FROM decisions WHERE action_id = ? ORDER BY id`
    )
    .all(actionId)
    .map(({ contentId, quad, ...decision }) => ({ ...decision, on: { contentId, quad } }))

/** An act and all that it decides. */
export interface Plan {
  action: NewAction
  decisions: readonly NewDecision[]
}

export type NewAction = Omit<Action, 'id'> & { reviewer: string; request?: string | undefined }

/** An act that was begun; all its decisions have its time. */
export interface BegunAction {
  actionId: number
  reviewer: string
  at: string
}

/** Writes an act whose `size` decisions follow, in parts. @returns its id */
export function beginAction(db: Database, action: NewAction & { size: number; at: string }): number {
  const { lastInsertRowid } = db
    .prepare(
      `INSERT INTO actions (kind, target_id, below_id, other_id, size, reviewer, at, request)
       VALUES (@kind, @targetId, @belowId, @otherId, @size, @reviewer, @at, @request)`
    )
    .run({ ...action, request: action.request ?? null })
  return Number(lastInsertRowid)
}

export function appendDecisions(db: Database, act: BegunAction, decisions: readonly NewDecision[]): void {
  const insert = db.prepare(
    `INSERT INTO decisions (action_id, field_id, kind, text, note, origin, undoes, reviewer, at, seen, content_id, quad)
     SELECT @actionId, f.id, @kind, @text, @note, @origin, @undoes, @reviewer, @at, @seen,
       CASE WHEN @given THEN @contentId WHEN f.page_id IS NULL THEN s.content_id ELSE p.content_id END,
       CASE WHEN @given THEN @quad ELSE f.quad END
     FROM fields f JOIN sources s ON s.id = f.source_id LEFT JOIN pages p ON p.id = f.page_id WHERE f.id = @fieldId`
  )
  for (const { on, ...decision } of decisions)
    insert.run({ ...decision, ...act, given: on ? 1 : 0, contentId: on?.contentId ?? null, quad: on?.quad ?? null })
}
