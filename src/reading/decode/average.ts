/** What two networks say of one field together. */
import type { Frames } from './frames'

/** No network rules a class out altogether. */
const LEAST = 1e-9

/** Weighted geometric mean of each frame's probabilities (a product of experts, Hinton 2002), normalised. Same shape. */
export function averageFrames(first: Frames, second: Frames, weight: number): Frames {
  const { count, classes } = first
  const probabilities = new Float64Array(count * classes)
  for (let row = 0; row < probabilities.length; row += classes) {
    let sum = 0
    for (let at = row; at < row + classes; at++) {
      const one = Math.log(Math.max(LEAST, first.probabilities[at]!))
      const other = Math.log(Math.max(LEAST, second.probabilities[at]!))
      sum += probabilities[at] = Math.exp((1 - weight) * one + weight * other)
    }
    for (let at = row; at < row + classes; at++) probabilities[at] = probabilities[at]! / sum
  }
  return { probabilities, count, classes }
}
