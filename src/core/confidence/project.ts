/** A project's calibration on what people decided: its state, fitting it, and going back to the model's own. */
import type { CalibrationState } from '../../shared/contract/quality'
import { NominaError, say } from '../../shared/failure'
import { labelOfKind } from '../../shared/states'
import {
  comparable,
  currentModelId,
  deriveFields,
  getSetting,
  immediate,
  knownCharacters,
  setSetting,
  type Database,
  type ReadOnlyDatabase
} from '../store'
import { decidedBefore, readFieldsAfter, saysProbabilities } from '../store/confidences'
import { learntOnes } from '../store/learnt'
import { charactersOf } from '../store/models'
import type { Calibration } from '../store/settings'
import { calibrated, calibrationOf, inputsOf } from './calibration'
import { crossFitted, fitWeights, type Example } from './fit'
import { reliabilityOf, type Outcome } from './reliability'
import { turn } from '../store/slices'

/** Decisions that a fit needs, and how many of either kind. */
const NEEDED = 100
const NEEDED_OF_EACH = 5
/** The newest decisions count; more than these tell nothing new. */
const MOST = 20_000
const SLICE = 500
/** Fields whose shown confidence follows a new calibration at a time: some 10 ms. */
const DERIVED_AT_ONCE = 100

interface Decided extends Example {
  own: number
  /** Of the blind random sample: kept for measuring, never fitted on. */
  sampled: boolean
}

export async function calibrationState(db: ReadOnlyDatabase): Promise<CalibrationState> {
  const model = currentModelId(db)
  const kept = calibrationOf(db, model)
  const decided = await readDecided(db)
  const own = decided.map(({ own: confidence, right }): Outcome => ({ confidence, right }))
  const ownReliability = reliabilityOf(own)
  const confidences = own.map(({ confidence }) => confidence)
  return {
    source: kept ? 'project' : saysProbabilities(db, model) ? 'model' : 'none',
    decisions: decided.length,
    needed: NEEDED,
    fittedAt: kept?.fittedAt ?? null,
    fittedOn: kept?.fittedOn ?? null,
    since: kept ? Math.max(0, decided.length - kept.decisions) : decided.length,
    constant: spreadOf(confidences) < 1e-6,
    shown: kept ? reliabilityOf(await shownOutcomes(decided, kept)) : ownReliability,
    own: ownReliability
  }
}

/** @throws NominaError('refused') too few decisions, or all of them alike */
export async function fitProject(db: Database, signal?: AbortSignal): Promise<CalibrationState> {
  const model = currentModelId(db)
  if (model === null) throw new NominaError('refused', 'The project has no model whose confidence could be calibrated.')
  const decided = await readDecided(db)
  const examples = decided.filter(({ sampled }) => !sampled)
  refuseTooFew(examples)
  const kept: Calibration = {
    model,
    weights: fitWeights(examples),
    fittedAt: new Date().toISOString(),
    fittedOn: examples.length,
    decisions: decided.length
  }
  await show(db, kept, signal)
  return calibrationState(db)
}

/** Back to what the model itself says. */
export async function forgetProject(db: Database, signal?: AbortSignal): Promise<CalibrationState> {
  await show(db, null, signal)
  return calibrationState(db)
}

/**
 * Sets the calibration and brings the fields in line with it, a part after the other; where that is cut off, the next
 * opening finds `calibrationPending` and goes on.
 */
async function show(db: Database, kept: Calibration | null, signal?: AbortSignal): Promise<void> {
  immediate(db, () => {
    setSetting(db, 'calibration', kept)
    setSetting(db, 'calibrationPending', 0)
  })
  await followCalibration(db, signal)
}

/** Goes on with bringing fields in line with a new calibration; nothing to do where that was done. */
export async function followCalibration(db: Database, signal?: AbortSignal): Promise<void> {
  let after = getSetting(db, 'calibrationPending')
  while (after !== null) {
    await turn(db, signal)
    const fieldIds = readFieldsAfter(db, after, DERIVED_AT_ONCE)
    after = fieldIds.at(-1) ?? null
    immediate(db, () => {
      deriveFields(db, { fieldIds }, currentModelId(db))
      setSetting(db, 'calibrationPending', after)
    })
  }
}

async function shownOutcomes(decided: Decided[], { weights }: Calibration): Promise<Outcome[]> {
  const fitted = decided.filter(({ sampled }) => !sampled)
  const unseen = decided.filter(({ sampled }) => sampled)
  const crossed = await crossFitted(fitted)
  return [
    ...fitted.map(({ right }, index) => ({ confidence: crossed[index]!, right })),
    ...unseen.map(({ inputs, right }) => ({ confidence: calibrated(inputs, weights), right }))
  ]
}

function refuseTooFew(examples: Example[]): void {
  const right = examples.filter((example) => example.right).length
  const wrong = examples.length - right
  if (examples.length >= NEEDED && right >= NEEDED_OF_EACH && wrong >= NEEDED_OF_EACH) return
  throw new NominaError(
    'refused',
    say('needsDecisions', { needed: NEEDED, each: NEEDED_OF_EACH, wrongNeeded: NEEDED_OF_EACH, right, wrong })
  )
}

/** Newest first: what people (not rules) decided on fields that they looked at by themselves and the current model has read, without those that the model which read them was trained on. An illegible text is read wrongly. */
async function readDecided(db: ReadOnlyDatabase): Promise<Decided[]> {
  const model = currentModelId(db)
  const known = model === null ? knownCharacters([]) : charactersOf(db, model)
  const isLearnt = learntOnes(db)
  const decided: Decided[] = []
  let before = Number.MAX_SAFE_INTEGER
  while (decided.length < MOST) {
    await turn(db)
    const rows = decidedBefore(db, before, SLICE)
    if (!rows.length) break
    before = rows.at(-1)!.decision
    for (const row of rows) {
      if (isLearnt(row)) continue
      const label = labelOfKind(row.kind)
      const right =
        (label === 'text' || label === 'blank') && comparable(row.label ?? '', known) === comparable(row.text, known)
      decided.push({ inputs: inputsOf(row), right, own: row.confidence, sampled: row.sampled === 1 })
    }
  }
  return decided
}

function spreadOf(values: number[]): number {
  if (values.length < 2) return 1
  let [low, high] = [Infinity, -Infinity]
  for (const value of values) {
    low = Math.min(low, value)
    high = Math.max(high, value)
  }
  return high - low
}
