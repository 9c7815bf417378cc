/** What is told of a rule that was applied; it is judged by its audit. */
import type { RuleState } from '../../../shared/contract/quality'
import { anytimeErrorRate } from '../../confidence'
import type { ReadOnlyDatabase } from '../../store'
import { acceptedCount, type Rule } from '../../store/rules'
import { answersOf, auditOf, readSample } from '../../store/samples'
import { countedAnswers, isOfOtherGeneration, isRight } from './sample'

const ALPHA = 0.05
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
