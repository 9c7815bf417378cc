/** Acceptance to a promised accuracy: a blind random sample, a threshold it speaks for, a rule, and the audit of it. */
import type { AcceptanceState } from '../../../shared/contract/quality'
import { NominaError, say } from '../../../shared/failure'
import { immediate, type Database, type ReadOnlyDatabase } from '../../store'
import { finish } from './apply'
import { acceptedBy, readRule, readRules, setStatus } from '../../store/rules'
import { auditOf, makeSample, newestSample, undecidedIds, waitingIds } from '../../store/samples'
import { isBroken, ruleState } from './rules'
import { extendSample, sampleState } from './sample'

export { applyRule, undoRule } from './apply'
export { readCurve } from './evidence'
export { ruleState } from './rules'

/** Fields that are added to an audit of which none waits any more: it goes on as long as people check. */
const AUDIT_STEP = 10

export function acceptanceState(db: ReadOnlyDatabase): AcceptanceState {
  const sample = newestSample(db)
  return { sample: sample && sampleState(db, sample), rules: readRules(db).map((rule) => ruleState(db, rule)) }
}

/** Draws more of the undecided fields; `fresh`, or where the sample speaks for them no more: a new sample. */
export function drawSample(db: Database, request: { size: number; fresh: boolean; seed?: number | undefined }): void {
  const ids = undecidedIds(db)
  if (!ids.length && request.size > 0) throw new NominaError('refused', say('noneRead'))
  immediate(db, () => {
    const newest = newestSample(db)
    const goesOn = newest && !request.fresh && !sampleState(db, newest).outdated
    const seed = request.seed ?? Math.floor(Math.random() * 2 ** 31)
    const sample = goesOn
      ? newest
      : { id: makeSample(db, { kind: 'accuracy', ruleId: null, seed, population: ids.length }), seed }
    extendSample(db, sample, ids, request.size)
  })
}

/** @throws NominaError('not-found') */
export function drawAudit(db: Database, ruleId: number, size: number): void {
  const rule = readRule(db, ruleId)
  const audit = rule && auditOf(db, ruleId)
  if (!rule || !audit) throw new NominaError('not-found', `There is no audit of a rule with the number ${ruleId}.`)
  extendSample(db, audit, acceptedBy(db, rule), size)
}

/**
 * After blind decisions: an audit that excludes its rule's promise breaks it, one of which no field waits is drawn further.
 * @returns the rule whose promise was just found broken, or null
 */
export function followAudit(db: Database): number | null {
  for (const rule of readRules(db).filter(({ status }) => status === 'applied')) {
    if (isBroken(ruleState(db, rule))) {
      setStatus(db, rule.id, 'broken')
      return rule.id
    }
    const audit = auditOf(db, rule.id)
    if (audit && !waitingIds(db, audit.id).length) drawAudit(db, rule.id, AUDIT_STEP)
  }
  return null
}

/** A rule that was being applied when Nomina was stopped: what it had accepted stands, and is audited. */
export function finishCutOff(db: Database): void {
  for (const rule of readRules(db).filter(({ status }) => status === 'applying')) finish(db, rule.id)
}
