import type { Frames } from './frames'

/** Exact probability of a text, 0 where it is too small for a number; see `logPosteriorOf`. */
export const posteriorOf = (text: readonly number[], frames: Frames, blank: number): number =>
  Math.min(1, Math.exp(logPosteriorOf(text, frames, blank)))

/**
 * Natural logarithm of a text's exact probability by the CTC forward algorithm: the sum over all frame paths that spell it. Frame by frame
 * in probabilities that are rescaled to sum 1, with the logarithm of the scale kept: nothing underflows however many
 * frames there are.
 */
export function logPosteriorOf(
  text: readonly number[],
  { probabilities, count, classes }: Frames,
  blank: number
): number {
  // States: blank, character 1, blank, character 2, … blank
  const states = text.length * 2 + 1
  const classAt = (state: number): number => (state % 2 === 0 ? blank : text[(state - 1) / 2]!)
  if (count === 0) return text.length === 0 ? 0 : -Infinity
  let current = new Float64Array(states)
  let next = new Float64Array(states)
  current[0] = probabilities[blank]!
  if (states > 1) current[1] = probabilities[classAt(1)]!
  let logScale = rescale(current)
  for (let frame = 1; frame < count; frame++) {
    const row = frame * classes
    for (let state = 0; state < states; state++) {
      let sum = current[state]!
      if (state > 0) sum += current[state - 1]!
      // The blank between two characters may be passed over unless they are the same.
      if (state > 2 && state % 2 === 1 && classAt(state) !== classAt(state - 2)) sum += current[state - 2]!
      next[state] = sum * probabilities[row + classAt(state)]!
    }
    const swap = current
    current = next
    next = swap
    logScale += rescale(current)
  }
  const last = current[states - 1]! + (states > 1 ? current[states - 2]! : 0)
  return last > 0 ? Math.log(last) + logScale : -Infinity
}

/** Divides by the sum; its logarithm, or −∞ where all is 0. */
function rescale(values: Float64Array): number {
  let sum = 0
  for (let index = 0; index < values.length; index++) sum += values[index]!
  if (sum <= 0) return -Infinity
  for (let index = 0; index < values.length; index++) values[index] = values[index]! / sum
  return Math.log(sum)
}
