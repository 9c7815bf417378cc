/** Rules that were applied, and the decisions that they made. */
import type { RuleState } from '../../shared/contract/quality'
import type { Database, ReadOnlyDatabase } from './handle'

export interface Rule {
  id: number
  actionId: number
  sampleId: number
  promise: number
  threshold: number
  accuracy: number
  low: number
  high: number
  status: RuleState['status']
  reviewer: string
  appliedAt: string
}

const columns = `id, action_id AS actionId, sample_id AS sampleId, promise, threshold, accuracy, low, high, status, reviewer,
  applied_at AS appliedAt`
/** Whose acts a rule's are: no person's undo reaches them, a rule is undone by itself. */
export const MACHINE = 'Nomina (rule)'

export const readRule = (db: ReadOnlyDatabase, id: number): Rule | null =>
  db.prepare<[number], Rule>(`SELECT ${columns} FROM rules WHERE id = ?`).get(id) ?? null

/** Newest first. */
export const readRules = (db: ReadOnlyDatabase): Rule[] =>
  db.prepare<[], Rule>(`SELECT ${columns} FROM rules ORDER BY id DESC LIMIT 50`).all()

/** The newest rule that stands. */
export const standingRule = (db: ReadOnlyDatabase): Rule | null =>
  readRules(db).find(({ status }) => status !== 'undone') ?? null

export const setStatus = (db: Database, id: number, status: RuleState['status']): void =>
  void db.prepare('UPDATE rules SET status = ? WHERE id = ?').run(status, id)

/** Fields with a standing decision of the rule; where a person has decided since, it stands no more. */
export const acceptedBy = (db: ReadOnlyDatabase, { actionId }: Rule): number[] =>
  standingDecisions(db, actionId).map(({ fieldId }) => fieldId)

/** The decisions of an act that were not taken back. */
export const standingDecisions = (db: ReadOnlyDatabase, actionId: number): { id: number; fieldId: number }[] =>
  db
    .prepare<[number], { id: number; fieldId: number }>(
      `SELECT d.id, d.field_id AS fieldId FROM decisions d WHERE d.action_id = ?
         AND NOT EXISTS (SELECT 1 FROM decisions void WHERE void.undoes = d.id) ORDER BY d.id`
    )
    .all(actionId)

/** Those of the decisions that were not taken back meanwhile. */
export function stillStanding<T extends { id: number }>(db: ReadOnlyDatabase, decisions: T[]): T[] {
  const voided = new Set(
    db
      .prepare<[string], number>('SELECT undoes FROM decisions WHERE undoes IN (SELECT value FROM json_each(?))')
      .pluck()
      .all(JSON.stringify(decisions.map(({ id }) => id)))
  )
  return decisions.filter(({ id }) => !voided.has(id))
}

/** Its decisions less those that were taken back; counted in the index of acts. */
export const acceptedCount = (db: ReadOnlyDatabase, { id }: Rule): number =>
  db
    .prepare<[number], number>(
      `SELECT (SELECT count(*) FROM decisions WHERE action_id = r.action_id)
         - (SELECT count(*) FROM decisions WHERE action_id IN (
             SELECT id FROM actions WHERE reviewer = '${MACHINE}' AND target_id = r.action_id AND kind = 'undo'))
       FROM rules r WHERE r.id = ?`
    )
    .pluck()
    .get(id)!

/** Whether a sample was used by a rule that stands. */
export const hasStandingRule = (db: ReadOnlyDatabase, sampleId: number): boolean =>
  db
    .prepare<[number], number>(`SELECT count(*) FROM rules WHERE sample_id = ? AND status <> 'undone'`)
    .pluck()
    .get(sampleId)! > 0

/** Of the newest rule that stands: the sample that audits it. */
export const standingAuditId = (db: ReadOnlyDatabase): number | undefined =>
  db
    .prepare<[], number>(
      `SELECT s.id FROM samples s JOIN rules r ON r.id = s.rule_id WHERE r.status <> 'undone' ORDER BY s.id DESC LIMIT 1`
    )
    .pluck()
    .get()

export type NewRule = Omit<Rule, 'id' | 'status' | 'accuracy'> & { value: number; request: string | null }

/** One that is being applied. */
export function insertRule(db: Database, rule: NewRule): number {
  const { lastInsertRowid } = db
    .prepare(
      `INSERT INTO rules (action_id, sample_id, promise, threshold, accuracy, low, high, status, reviewer, applied_at, request)
       VALUES (@actionId, @sampleId, @promise, @threshold, @value, @low, @high, 'applying', @reviewer, @appliedAt, @request)`
    )
    .run(rule)
  return Number(lastInsertRowid)
}

/** The rule that a person's window asked for under this name. */
export const ruleOfRequest = (db: ReadOnlyDatabase, reviewer: string, request: string): Rule | null =>
  db
    .prepare<[string, string], Rule>(`SELECT ${columns} FROM rules WHERE reviewer = ? AND request = ?`)
    .get(reviewer, request) ?? null

/** The own texts of those of the fields that are undecided and not contradicted by their imported label. */
export const acceptable = (db: ReadOnlyDatabase, ids: number[]): { fieldId: number; text: string | null }[] =>
  db
    .prepare<[string], { fieldId: number; text: string | null }>(
      `SELECT f.id AS fieldId, f.text FROM json_each(?) wanted JOIN fields f ON f.id = wanted.value
       WHERE f.status = 'undecided' AND f.differs = 0`
    )
    .all(JSON.stringify(ids))
