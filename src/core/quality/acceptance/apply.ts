/** Applying a rule and taking it back: one act of the machine's each, in parts between which the event loop is free. */
import { tidyText } from '../../../shared/text'
import { NominaError, say } from '../../../shared/failure'
import {
  appendDecisions,
  beginAction,
  cutOffUndos,
  endAction,
  isUndone,
  readAction,
  readStacks,
  type NewDecision
} from '../../store/actions'
import type { Control } from '../../jobs'
import { currentModelId, deriveFields, immediate, type Database } from '../../store'
import { parts } from '../../store/slices'
import type { By } from './curve'
import { readCurve } from './evidence'
import {
  acceptable,
  acceptedBy,
  insertRule,
  MACHINE,
  readRule,
  ruleOfRequest,
  setStatus,
  standingDecisions,
  standingRule,
  stillStanding,
  type Rule
} from '../../store/rules'
import { auditOf, makeSample, newestSample, sampledIn } from '../../store/samples'
import { extendSample } from './sample'

/** Fields at a time: some 15 ms. */
const SLICE = 100
/** Fields of the first audit: a fiftieth of what was accepted, within these bounds. */
const AUDIT = { share: 0.02, least: 50, most: 300 }

export interface ApplyRequest {
  promise: number
  by: By
  /** The person who asks. */
  reviewer: string
  request?: string | undefined
}

/**
 * Accepts every undecided field from the threshold on that the promise asks for. Fields that somebody decides meanwhile
 * are left to them. The same request again goes on where one was cut off.
 * @throws NominaError('refused') no sample that shows it, or an earlier rule whose promise the audit found broken
 */
export async function applyRule(db: Database, asked: ApplyRequest, control: Control = {}): Promise<Rule> {
  const known = asked.request === undefined ? null : ruleOfRequest(db, asked.reviewer, asked.request)
  if (known && (known.status === 'undone' || readAction(db, known.actionId).whole)) return known
  const { ids, rule } = known ? { rule: known, ids: idsFrom(db, known, asked) } : begin(db, asked)
  let done = 0
  for await (const some of parts(db, ids, SLICE, control.signal)) {
    immediate(db, () => {
      const decisions = isUndone(db, rule.actionId) ? [] : readDecisions(db, some)
      appendDecisions(db, { actionId: rule.actionId, reviewer: MACHINE, at: rule.appliedAt }, decisions)
      deriveFields(db, { fieldIds: decisions.map(({ fieldId }) => fieldId) }, currentModelId(db))
    })
    done += some.length
    control.onProgress?.(done, ids.length)
  }
  immediate(db, () => {
    endAction(db, rule.actionId)
    finish(db, rule.id)
  })
  return readRule(db, rule.id)!
}

/** Draws the first audit and marks the rule as applied; also for one that was cut off: what it accepted stands. */
export function finish(db: Database, id: number): void {
  immediate(db, () => {
    const rule = readRule(db, id)!
    const accepted = acceptedBy(db, rule)
    const size = Math.min(AUDIT.most, Math.max(AUDIT.least, Math.ceil(AUDIT.share * accepted.length)))
    const known = auditOf(db, id)
    const seed = id * 104_729
    const audit = known?.id ?? makeSample(db, { kind: 'audit', ruleId: id, seed, population: accepted.length })
    extendSample(db, { id: audit, seed }, accepted, Math.max(0, size - sampledIn(db, audit)))
    if (rule.status === 'applying') setStatus(db, id, 'applied')
  })
}

/** Takes back every decision of a rule. @throws NominaError('not-found' | 'refused') */
export async function undoRule(db: Database, id: number, reviewer: string, control: Control = {}): Promise<number> {
  const rule = readRule(db, id)
  if (!rule) throw new NominaError('not-found', `There is no rule with the number ${id}.`)
  const begun = immediate(db, () => beginUndo(db, rule))
  if (!begun) return 0
  const { actionId, at } = begun
  const decisions = standingDecisions(db, rule.actionId)
  let undone = 0
  for await (const some of parts(db, decisions, SLICE, control.signal)) {
    immediate(db, () => {
      const standing = stillStanding(db, some)
      const voids = standing.map(({ id: undoes, fieldId }): NewDecision => ({
        fieldId,
        kind: 'undone',
        text: null,
        note: null,
        origin: 'person',
        undoes,
        seen: 'unseen'
      }))
      appendDecisions(db, { actionId, reviewer, at }, voids)
      deriveFields(db, { fieldIds: some.map(({ fieldId }) => fieldId) }, currentModelId(db))
    })
    undone += some.length
    control.onProgress?.(undone, decisions.length)
  }
  immediate(db, () => endAction(db, actionId))
  return undone
}

/** Null where it is taken back already; one that was cut off goes on. */
function beginUndo(db: Database, { id, actionId: targetId, status }: Rule): { actionId: number; at: string } | null {
  if (status === 'undone') {
    const cutOff = cutOffUndos(db).find((undo) => undo.targetId === targetId)
    return cutOff ? { actionId: cutOff.id, at: cutOff.at } : null
  }
  const { done, undone } = readStacks(db, MACHINE)
  // From here on it goes on by itself, also after Nomina was stopped (see `finishUndos`).
  setStatus(db, id, 'undone')
  return beginAction(db, { kind: 'undo', targetId, belowId: undone, otherId: done, reviewer: MACHINE })
}

function begin(db: Database, { promise, by, reviewer, request }: ApplyRequest): { ids: number[]; rule: Rule } {
  const before = standingRule(db)
  if (before?.status === 'broken') {
    throw new NominaError('refused', say('auditFailed'))
  }
  const sample = newestSample(db)
  const { curve, evidence } = readCurve(db, promise, by)
  const point = curve.chosen === null ? null : curve.points[curve.chosen]!
  if (!sample || !point?.accuracy) {
    const more =
      curve.moreNeeded === null ? '' : ` Some ${curve.moreNeeded} more checked fields of the random sample may show it.`
    throw new NominaError('refused', `Nothing shows that ${(promise * 100).toFixed(2)} % would be right.${more}`)
  }
  const { accuracy, threshold } = point
  const ids = evidence.ids.slice(0, point.accepted)
  const id = immediate(db, () => {
    const { done } = readStacks(db, MACHINE)
    const { actionId, at } = beginAction(db, {
      kind: 'decide',
      targetId: null,
      belowId: done,
      otherId: null,
      reviewer: MACHINE
    })
    return insertRule(db, {
      actionId,
      sampleId: sample.id,
      promise,
      threshold,
      ...accuracy,
      reviewer,
      appliedAt: at,
      request: request ?? null
    })
  })
  return { ids, rule: readRule(db, id)! }
}

/** What is left of the fields that a rule speaks of. */
function idsFrom(db: Database, { threshold }: Rule, { promise, by }: ApplyRequest): number[] {
  const { ids, open } = readCurve(db, promise, by).evidence
  return ids.filter((_, index) => open[index]! >= threshold)
}

/** Each field's own label accepted, where it is still undecided; an empty one is blank. */
function readDecisions(db: Database, ids: number[]): NewDecision[] {
  return acceptable(db, ids).map(({ fieldId, text }) => ({
    fieldId,
    kind: tidyText(text ?? '') ? 'accepted' : 'blank',
    text: tidyText(text ?? '') || null,
    note: null,
    origin: 'rule',
    undoes: null,
    seen: 'unseen'
  }))
}
