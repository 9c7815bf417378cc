import type { Frames } from './frames'

/** Exact probability of a text, 0 where it is too small for a number; see `logPosteriorOf`. */
export const posteriorOf = (text: readonly number[], frames: Frames, blank: number): number =>
  Math.min(1, Math.exp(logPosteriorOf(text, frames, blank)))

/** Frames between two rescalings: their product cannot underflow unless it is 0 for all that counts. */
const RESCALE_EVERY = 8

interface States {
  sums: Float64Array
  classAt: Int32Array
  /** 1 where the blank before a character may be passed over: unless the one before is the same. */
  passes: Uint8Array
}

const statesFor = (many: number): States => ({
  sums: new Float64Array(many),
  classAt: new Int32Array(many),
  passes: new Uint8Array(many)
})

/** Used again by every call. */
let table = statesFor(256)

/**
 * Natural logarithm of a text's exact probability by the CTC forward algorithm: the sum over all frame paths that spell
 * it. Frame by frame in probabilities that are rescaled to sum 1, with the logarithm of the scale kept: nothing
 * underflows however many frames there are.
 */
export function logPosteriorOf(
  text: readonly number[],
  { probabilities, count, classes }: Frames,
  blank: number
): number {
  if (count === 0) return text.length === 0 ? 0 : -Infinity
  // States: blank, character 1, blank, character 2, … blank
  const states = prepare(text, blank)
  const { sums, classAt, passes } = table
  sums[0] = probabilities[blank]!
  if (states > 1) sums[1] = probabilities[classAt[1]!]!
  let logScale = 0
  for (let frame = 1; frame < count; frame++) {
    const row = frame * classes
    // States beyond cannot be reached yet, those before cannot reach the end any more.
    const last = Math.min(states - 1, frame * 2 + 1)
    const first = Math.max(0, states - 2 * (count - frame))
    for (let state = last; state >= first; state--) {
      let sum = sums[state]!
      if (state > 0) sum += sums[state - 1]!
      if (passes[state] === 1) sum += sums[state - 2]!
      sums[state] = sum * probabilities[row + classAt[state]!]!
    }
    if (frame % RESCALE_EVERY === 0) logScale += rescale(sums, first, last)
  }
  const end = sums[states - 1]! + (states > 1 ? sums[states - 2]! : 0)
  return end > 0 ? Math.log(end) + logScale : -Infinity
}

/** Fills the tables of a text; how many states it has. */
function prepare(text: readonly number[], blank: number): number {
  const states = text.length * 2 + 1
  if (states > table.sums.length) table = statesFor(states * 2)
  const { sums, classAt, passes } = table
  sums.fill(0, 0, states)
  for (let state = 0; state < states; state++) {
    const isBlank = state % 2 === 0
    classAt[state] = isBlank ? blank : text[(state - 1) / 2]!
    passes[state] = !isBlank && state > 2 && text[(state - 1) / 2] !== text[(state - 3) / 2] ? 1 : 0
  }
  return states
}

/** Divides these states by their sum; its logarithm, or −∞ where all are 0. */
function rescale(sums: Float64Array, first: number, last: number): number {
  let sum = 0
  for (let state = first; state <= last; state++) sum += sums[state]!
  if (sum <= 0) return -Infinity
  for (let state = first; state <= last; state++) sums[state] = sums[state]! / sum
  return Math.log(sum)
}
