/** Rules that were applied: stored, listed, judged by their audit. */
import type { RuleState } from '../../../shared/contract/quality'
import { anytimeErrorRate } from '../../confidence'
import type { Database, ReadOnlyDatabase } from '../../store'
import { answersOf, auditOf, countedAnswers, isOfOtherGeneration, isRight, readSample } from './sample'

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
const ALPHA = 0.05
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

export function ruleState(db: ReadOnlyDatabase, rule: Rule): RuleState {
  const audit = auditOf(db, rule.id)
  const answers = audit ? answersOf(db, audit) : []
  const counted = countedAnswers(answers)
  const wrong = counted.filter((answer) => !isRight(answer)).length
  const error = anytimeErrorRate(wrong, counted.length, ALPHA)
  return {
    id: rule.id,
    appliedAt: rule.appliedAt,
    by: rule.reviewer,
    promise: rule.promise,
    threshold: rule.threshold,
    status: rule.status,
    accepted: acceptedCount(db, rule),
    accuracy: { value: rule.accuracy, low: rule.low, high: rule.high },
    otherGeneration: isOfOtherGeneration(db, readSample(db, rule.sampleId)),
    audit: {
      size: answers.length,
      decided: counted.length,
      wrong,
      accuracy: counted.length ? { value: 1 - error.value, low: 1 - error.high, high: 1 - error.low } : null
    }
  }
}

/** Whether the audit excludes the promise, however often it was looked at before. */
export const isBroken = ({ audit, promise }: RuleState): boolean =>
  audit.accuracy !== null && audit.accuracy.high < promise

/** Its decisions less those that were taken back; counted in the index of acts. */
const acceptedCount = (db: ReadOnlyDatabase, { id }: Rule): number =>
  db
    .prepare<[number], number>(
      `SELECT (SELECT count(*) FROM decisions WHERE action_id = r.action_id)
         - (SELECT count(*) FROM decisions WHERE action_id IN (
             SELECT id FROM actions WHERE reviewer = '${MACHINE}' AND target_id = r.action_id AND kind = 'undo'))
       FROM rules r WHERE r.id = ?`
    )
    .pluck()
    .get(id)!
