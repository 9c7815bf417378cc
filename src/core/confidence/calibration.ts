/** A project's own calibration: from what the model says of a reading to the probability that its whole text is right. */
import { FEATURES } from '../../reading/decode/features'
import { getSetting } from '../store/settings'
import type { ReadOnlyDatabase } from '../store/handle'
import type { Calibration } from '../store/settings'

/** A reading as far as its confidence goes. */
export interface Said {
  /** By the model's own calibration, or its posterior. */
  confidence: number
  text: string
  /** JSON array in the order of FEATURES, or null where none was kept. */
  features: string | null
}

/** The model's own word: what a fit is drawn to where decisions say nothing else. */
export const ownWeights = [0, 1, 0, 0, 0]

const MARGIN = FEATURES.indexOf('margin')
const OMISSION = FEATURES.indexOf('omission')

/**
 * One; the logit of the model's confidence; the text's length (ln, 0 at 7 characters); the lead over the second text
 * (ln, 0 where it is not known); the expected number of characters left out.
 */
export function inputsOf({ confidence, text, features }: Said): number[] {
  const kept = features === null ? null : (JSON.parse(features) as number[])
  const margin = kept ? Math.log1p(clamp(kept[MARGIN] ?? 0, 0, 20)) : 0
  const omission = kept ? clamp(kept[OMISSION] ?? 0, 0, 2) : 0
  return [1, logit(confidence), Math.log(([...text].length + 1) / 8), margin, omission]
}

export const calibrated = (inputs: readonly number[], weights: readonly number[]): number =>
  sigmoid(inputs.reduce((sum, input, index) => sum + input * weights[index]!, 0))

/** The project's own calibration of a model, or null where the model's own word counts. */
export function calibrationOf(db: ReadOnlyDatabase, model: number | null): Calibration | null {
  const kept = getSetting(db, 'calibration')
  return kept && kept.model === model ? kept : null
}

/** What is shown as a reading's confidence. */
export type Calibrator = (said: Said) => number

/** By model; null where the project has no calibration of its own for that one. */
export function calibrator(db: ReadOnlyDatabase): (model: number | null) => Calibrator | null {
  const kept = getSetting(db, 'calibration')
  const calibrate: Calibrator | null = kept && ((said) => calibrated(inputsOf(said), kept.weights))
  return (model) => (kept?.model === model ? calibrate : null)
}

export const sigmoid = (value: number): number => 1 / (1 + Math.exp(-value))

/** Held within ±14: a posterior beyond 1 in a million is rounding. */
export function logit(probability: number): number {
  const held = clamp(probability, 8e-7, 1 - 8e-7)
  return Math.log(held / (1 - held))
}

const clamp = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value))
