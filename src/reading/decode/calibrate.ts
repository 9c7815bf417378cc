import type { Manifest } from '../models'
import { FEATURES } from './features'

export type Calibration = NonNullable<Manifest['calibration']>
/** Logistic regression on a reading's features, then, where given, a rising line through points. */
export type FeatureCalibration = Extract<Calibration, { method: 'features' }>

/**
 * The probability that a text is right, as the model's manifest says; the posterior itself where it says nothing.
 * @param features in the order of `FEATURES`, for a calibration that is made from them
 */
export function calibrate(
  posterior: number,
  calibration: Manifest['calibration'],
  features: readonly number[] = []
): { confidence: number; calibrated: boolean } {
  if (!calibration || !('method' in calibration)) return { confidence: posterior, calibrated: false }
  if (calibration.method === 'features') {
    return { confidence: calibrateFeatures(features, calibration), calibrated: true }
  }
  const logOdds = logOddsOf(posterior)
  const moved =
    calibration.method === 'platt' ? calibration.a * logOdds + calibration.b : logOdds / calibration.temperature
  return { confidence: logistic(moved), calibrated: true }
}

function calibrateFeatures(features: readonly number[], { bias, weights, points }: FeatureCalibration): number {
  let sum = bias
  FEATURES.forEach((name, index) => (sum += (weights[name] ?? 0) * (features[index] ?? 0)))
  return points ? alongPoints(logistic(sum), points) : logistic(sum)
}

/** Straight lines between [from, to] points that rise; level beyond the outermost. */
function alongPoints(value: number, points: readonly (readonly [number, number])[]): number {
  const after = points.findIndex(([from]) => from >= value)
  if (after === 0) return points[0]![1]
  if (after === -1) return points.at(-1)![1]
  const [fromLow, toLow] = points[after - 1]!
  const [fromHigh, toHigh] = points[after]!
  return toLow + ((toHigh - toLow) * (value - fromLow)) / (fromHigh - fromLow)
}

const logistic = (value: number): number => 1 / (1 + Math.exp(-value))

/** Held within what doubles can tell from 0 and 1. */
function logOddsOf(probability: number): number {
  const held = Math.min(1 - 1e-12, Math.max(1e-12, probability))
  return Math.log(held / (1 - held))
}
