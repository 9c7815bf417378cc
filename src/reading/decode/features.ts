/** What the confidence of a reading is calibrated from; stored with it, so that it can be calibrated anew. */
import type { Frames } from './frames'
import type { Run } from './greedy'

/**
 * In this order in a reading's `features`; each a finite number.
 * - `posterior`: logit of the decoder's probability of the text, ±16
 * - `margin`: how much likelier than the second text, or than all that were not looked at, in nats, 0–16
 * - `length`: characters
 * - `languageModel`: mean natural logarithm a character (its end included) by the language model; 0 without one
 * - `weakest`: logit of the least certain character's confidence, ±16; of no characters 16
 * - `greedy`: 1 where it is what greedy decoding gives, else 0
 * - `omission`: expected number of frames that show characters outside those of the text
 */
export const FEATURES = ['posterior', 'margin', 'length', 'languageModel', 'weakest', 'greedy', 'omission'] as const
export type Feature = (typeof FEATURES)[number]

const MOST = 16

/** Natural logarithm of the odds, within ±16. */
export function logit(probability: number): number {
  if (probability <= 0) return -MOST
  if (probability >= 1) return MOST
  return Math.min(MOST, Math.max(-MOST, Math.log(probability / (1 - probability))))
}

export interface Said {
  probability: number
  /** Of the second text, or of all that were not looked at together: whichever is more. */
  second: number
  runs: readonly Run[]
  perCharacter: number
  isGreedy: boolean
}

export function featuresOf(
  { probability, second, runs, perCharacter, isGreedy }: Said,
  frames: Frames,
  blank: number
): number[] {
  const margin = second > 0 && probability > 0 ? Math.log(probability / second) : probability > 0 ? MOST : 0
  const weakest = runs.reduce((least, { confidence }) => Math.min(least, confidence), 1)
  const features: Record<Feature, number> = {
    posterior: logit(probability),
    margin: Math.min(MOST, Math.max(0, margin)),
    length: runs.length,
    languageModel: perCharacter,
    weakest: logit(weakest),
    greedy: isGreedy ? 1 : 0,
    omission: unclaimed(frames, runs, blank)
  }
  // Enough for any calibration, and short to store.
  return FEATURES.map((name) => Math.round(features[name] * 1e4) / 1e4)
}

/** What frames between the characters show that is neither blank nor the character before or after. */
function unclaimed({ probabilities, count, classes }: Frames, runs: readonly Run[], blank: number): number {
  let sum = 0
  let run = 0
  for (let frame = 0; frame < count; frame++) {
    while (run < runs.length && runs[run]!.end <= frame) run++
    if (run < runs.length && runs[run]!.start <= frame) continue
    const row = frame * classes
    const before = runs[run - 1]?.class
    const after = runs[run]?.class
    let claimed = probabilities[row + blank]!
    if (before !== undefined) claimed += probabilities[row + before]!
    if (after !== undefined && after !== before) claimed += probabilities[row + after]!
    sum += Math.max(0, 1 - claimed)
  }
  return sum
}
