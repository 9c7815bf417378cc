import type { Frames } from './frames'

/** Frames in a row whose best class is the same character. */
export interface Run {
  class: number
  /** First frame, and the one after the last. */
  start: number
  end: number
  /** Highest probability of the class in the run. */
  confidence: number
}

/** Greedy CTC (Graves et al. 2006): the best class of every frame, the lower one on ties; repeats merged, blanks removed. */
export function greedyRuns({ probabilities, count, classes }: Frames, blank: number): Run[] {
  const runs: Run[] = []
  let previous = blank
  for (let frame = 0; frame < count; frame++) {
    const row = frame * classes
    let best = 0
    let confidence = probabilities[row]!
    for (let index = 1; index < classes; index++) {
      const probability = probabilities[row + index]!
      if (probability > confidence) {
        best = index
        confidence = probability
      }
    }
    const last = runs.at(-1)
    if (best !== blank) {
      if (best === previous && last) {
        last.end = frame + 1
        last.confidence = Math.max(last.confidence, confidence)
      } else runs.push({ class: best, start: frame, end: frame + 1, confidence })
    }
    previous = best
  }
  return runs
}
