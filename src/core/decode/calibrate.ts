import type { Manifest } from '../models'

/** A posterior to the probability that the text is right, as the model's manifest says; as it is where it says nothing. */
export function calibrate(
  posterior: number,
  calibration: Manifest['calibration']
): { confidence: number; calibrated: boolean } {
  if (!calibration || !('method' in calibration)) return { confidence: posterior, calibrated: false }
  const logit = logitOf(posterior)
  const moved = calibration.method === 'platt' ? calibration.a * logit + calibration.b : logit / calibration.temperature
  return { confidence: 1 / (1 + Math.exp(-moved)), calibrated: true }
}

/** Held within what doubles can tell from 0 and 1. */
function logitOf(probability: number): number {
  const held = Math.min(1 - 1e-12, Math.max(1e-12, probability))
  return Math.log(held / (1 - held))
}
