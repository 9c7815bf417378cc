/** The curve of a project: its undecided fields and its sample. */
import { readCounts, type ReadOnlyDatabase } from '../../store'
import { curveOf, type By, type Curve, type Evidence } from './curve'
import { answersOf, newestSample, undecidedByConfidence } from '../../store/samples'
import { countedAnswers, isRight, sampleState } from './sample'

/** `ids` belong to `open`. */
export type ProjectEvidence = Evidence & { ids: number[] }

export function readCurve(db: ReadOnlyDatabase, promise: number, by: By): { curve: Curve; evidence: ProjectEvidence } {
  const evidence = readEvidence(db)
  return { curve: curveOf(evidence, promise, by), evidence }
}

function readEvidence(db: ReadOnlyDatabase): ProjectEvidence {
  const sample = newestSample(db)
  const answers = sample ? answersOf(db, sample) : []
  const waiting = new Set(answers.filter(({ kind }) => kind === null).map(({ fieldId }) => fieldId))
  const usable = sample && !sampleState(db, sample).outdated ? countedAnswers(answers) : []
  const fields = undecidedByConfidence(db).filter(([id]) => !waiting.has(id))
  return {
    ids: fields.map(([id]) => id),
    open: fields.map(([, confidence]) => confidence),
    undecided: readCounts(db).undecided,
    sampled: usable
      .filter(({ eligible }) => eligible)
      .map((answer) => ({ confidence: answer.confidence!, right: isRight(answer) }))
  }
}
