/**
 * What several looks at one field say together. The same, step by step, as
 * training/nomina_training/decoding/together.py.
 */
import type { Frames } from './frames'

/** No look rules a class out altogether. */
const LEAST = 1e-9
/** Least probability that two frames, or a frame and the blank, are the same. */
const LEAST_MATCH = 1e-6
/** How far from where it lies by proportion a frame is looked for, as a share of the other's frames. */
const BAND = 0.12
/** Frames that the band is wider than that. */
const SLACK = 3

/**
 * Weighted geometric mean of each frame's probabilities (a product of experts, Hinton 2002), normalised. All have one
 * shape; the weights sum to 1.
 */
export function productOf(looks: Frames[], weights: number[]): Frames {
  const { count, classes } = looks[0]!
  const probabilities = new Float64Array(count * classes)
  for (let row = 0; row < probabilities.length; row += classes) {
    let sum = 0
    for (let at = row; at < row + classes; at++) {
      let log = 0
      for (let look = 0; look < looks.length; look++)
        log += weights[look]! * Math.log(Math.max(LEAST, looks[look]!.probabilities[at]!))
      sum += probabilities[at] = Math.exp(log)
    }
    for (let at = row; at < row + classes; at++) probabilities[at] = probabilities[at]! / sum
  }
  return { probabilities, count, classes }
}

/**
 * The other's frames, each where these frames show the same part of the field; as many as these.
 *
 * Dynamic time warping (Sakoe and Chiba 1978) within a band. Two frames cost the logarithm of the probability that they
 * have the same class; a frame of the other that is passed over costs that of the blank, so no character is passed over
 * for nothing.
 */
export function matched(frames: Frames, other: Frames, blank: number): Frames {
  const { classes, count } = frames
  const probabilities = new Float64Array(count * classes)
  matchFrames(frames, other, blank).forEach((from, at) => {
    probabilities.set(other.probabilities.subarray(from * classes, (from + 1) * classes), at * classes)
  })
  return { probabilities, count, classes }
}

/** For each of the frames the one of `other` that is matched with it: they rise. */
export function matchFrames(frames: Frames, other: Frames, blank: number): Int32Array {
  const { count, classes } = frames
  const others = other.count
  const most = Math.min(Math.ceil((2 * others) / count), others - 1)
  const passed = new Float64Array(others + 1)
  for (let at = 0; at < others; at++) passed[at + 1] = passed[at]! + costOf(other.probabilities[at * classes + blank]!)
  const moves = new Uint8Array(count * others)
  let best = new Float64Array(others).fill(Infinity)
  let next = new Float64Array(others)
  for (let at = 0; at < count; at++) {
    next.fill(Infinity)
    const middle = ((at + 0.5) * others) / count
    const reach = BAND * others + SLACK
    const last = Math.min(others - 1, Math.floor(middle + reach))
    for (let to = Math.max(0, Math.ceil(middle - reach)); to <= last; to++) {
      let found = at === 0 ? passed[to]! : best[to]!
      for (let move = 1; at > 0 && move <= most && move <= to; move++) {
        const moved = best[to - move]! + (passed[to]! - passed[to - move + 1]!)
        if (moved < found) {
          found = moved
          moves[at * others + to] = move
        }
      }
      if (found < Infinity) next[to] = found + costOf(same(frames, at, other, to))
    }
    ;[best, next] = [next, best]
  }
  return traced(best, passed, moves, count)
}

function traced(best: Float64Array, passed: Float64Array, moves: Uint8Array, count: number): Int32Array {
  const others = best.length
  const end = (at: number): number => best[at]! + (passed[others]! - passed[at + 1]!)
  let at = 0
  for (let one = 1; one < others; one++) if (end(one) < end(at)) at = one
  const found = new Int32Array(count)
  for (let number = count - 1; number >= 0; number--) {
    found[number] = at
    at -= moves[number * others + at]!
  }
  return found
}

const costOf = (probability: number): number => -Math.log(Math.max(LEAST_MATCH, probability))

/** Probability that both frames have one class. */
function same(frames: Frames, at: number, other: Frames, to: number): number {
  const { classes, probabilities } = frames
  let sum = 0
  for (let index = 0, one = at * classes, two = to * classes; index < classes; index++)
    sum += probabilities[one + index]! * other.probabilities[two + index]!
  return sum
}
