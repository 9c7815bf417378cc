/** Where each character of a given text stands: the best of its CTC paths (Viterbi). */
import type { Frames } from './frames'
import type { Run } from './greedy'

/** Least probability, so that a path over frames of 0 exists. */
const FLOOR = 1e-30

/**
 * A run for each class of the text, in order; empty where the text needs more frames than there are.
 * Of equal paths the one that moves on later.
 */
export function alignText(text: readonly number[], { probabilities, count, classes }: Frames, blank: number): Run[] {
  // States: blank, character 1, blank, character 2, … blank
  const states = text.length * 2 + 1
  const classAt = (state: number): number => (state % 2 === 0 ? blank : text[(state - 1) / 2]!)
  const steps = new Uint8Array(count * states)
  let current = new Float64Array(states).fill(-Infinity)
  let next = new Float64Array(states)
  const log = (frame: number, state: number): number =>
    Math.log(Math.max(FLOOR, probabilities[frame * classes + classAt(state)]!))
  if (count > 0) {
    current[0] = log(0, 0)
    if (states > 1) current[1] = log(0, 1)
  }
  for (let frame = 1; frame < count; frame++) {
    for (let state = 0; state < states; state++) {
      let best = current[state]!
      let step = 0
      if (state > 0 && current[state - 1]! > best) [best, step] = [current[state - 1]!, 1]
      const mayPass = state > 2 && state % 2 === 1 && classAt(state) !== classAt(state - 2)
      if (mayPass && current[state - 2]! > best) [best, step] = [current[state - 2]!, 2]
      next[state] = best + log(frame, state)
      steps[frame * states + state] = step
    }
    const swap = current
    current = next
    next = swap
  }
  let state = states > 1 && current[states - 2]! > current[states - 1]! ? states - 2 : states - 1
  if (count === 0 || current[state] === -Infinity) return []
  const runs: Run[] = text.map((index) => ({ class: index, start: count, end: 0, confidence: 0 }))
  for (let frame = count - 1; frame >= 0; frame--) {
    if (state % 2 === 1) {
      const run = runs[(state - 1) / 2]!
      run.start = Math.min(run.start, frame)
      run.end = Math.max(run.end, frame + 1)
      run.confidence = Math.max(run.confidence, probabilities[frame * classes + run.class]!)
    }
    state -= steps[frame * states + state]!
  }
  return runs
}
