/** Uniform random samples of fields, and what was decided on them blind. */
import { tidyText } from '../../../shared/text'
import type { SampleState } from '../../../shared/contract/quality'
import { labelOfKind } from '../../../shared/states'
import { sequence } from '../../confidence'
import { currentModelId, immediate, type Database, type ReadOnlyDatabase } from '../../store'
import { isGenerationMadeAfter, isOtherGeneration } from '../../store/generations'
import { hasStandingRule } from '../../store/rules'
import { answersOf, appendToSample, sampledIds, undecidedCount, type Answer, type Sample } from '../../store/samples'

/** Beyond this share of its fields decided otherwise, a sample speaks for other fields than those left. */
const OUTDATED = 0.2

/**
 * Whether a sample was drawn under another generation of the reader: its fields were read by that, and may have been learnt from
 * since. Of a sample from before samples said so, whether one was made later.
 */
export function isOfOtherGeneration(db: ReadOnlyDatabase, { modelId, drawnAt }: Sample): boolean {
  const now = currentModelId(db)
  if (modelId !== null) return isOtherGeneration(db, modelId, now)
  return isGenerationMadeAfter(db, now, drawnAt)
}

/** Adds `size` of these fields, uniformly drawn from those not in the sample yet; fewer where there are fewer. */
export function extendSample(
  db: Database,
  sample: Pick<Sample, 'id' | 'seed'>,
  ids: readonly number[],
  size: number
): void {
  immediate(db, () => {
    const taken = sampledIds(db, sample.id)
    const left = ids.filter((id) => !taken.has(id))
    const random = sequence(sample.seed + 7919 * taken.size)
    const drawn = Math.min(size, left.length)
    // The beginning of a Fisher–Yates shuffle.
    for (let place = 0; place < drawn; place++) {
      const other = place + Math.floor(random() * (left.length - place))
      ;[left[place], left[other]] = [left[other]!, left[place]!]
    }
    appendToSample(db, sample.id, taken.size, left.slice(0, Math.max(0, drawn)))
  })
}

/** What counts: all before the first that waits, so that nobody's choice of what to decide first is in it. */
export function countedAnswers(answers: readonly Answer[]): Answer[] {
  const waiting = answers.findIndex(({ kind }) => kind === null)
  return (waiting === -1 ? answers : answers.slice(0, waiting)).filter(
    ({ kind }) => kind !== null && labelOfKind(kind) !== null
  )
}

export function isRight({ kind, text, candidate }: Answer): boolean {
  const label = kind && labelOfKind(kind)
  const said = label === 'text' ? text : label === 'blank' ? '' : null
  return said !== null && tidyText(said) === tidyText(candidate)
}

export function sampleState(db: ReadOnlyDatabase, sample: Sample): SampleState {
  const answers = answersOf(db, sample)
  const decided = answers.filter(({ kind }) => kind !== null).length
  const left = Math.max(0, sample.population - undecidedCount(db) - decided)
  const otherGeneration = isOfOtherGeneration(db, sample)
  return {
    id: sample.id,
    drawnAt: sample.drawnAt,
    seed: sample.seed,
    size: answers.length,
    decided,
    counted: countedAnswers(answers).length,
    population: sample.population,
    left,
    outdated: hasStandingRule(db, sample.id) || left > OUTDATED * sample.population || otherGeneration,
    otherGeneration
  }
}
