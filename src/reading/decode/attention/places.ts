/** Where characters stand, from where the model looked while it wrote them. */
import type { ModelOutput } from '../../models'
import type { Geometry } from '../../preprocess'
import type { Run } from '../greedy'
import type { Hypothesis } from './search'

/** Characters are at least so much of their mean distance apart. */
const LEAST_GAP = 0.5

/**
 * A run of one position a character, in positions of the input, as `characterSpans` takes them: the middle of what was
 * looked at, smoothed so that the characters stand in order. Equal parts of the crop where the model does not tell, or
 * looked to and fro.
 * @param positions of the memory, rows of positions counted
 */
export function writtenRuns(
  { classes, probabilities, weights }: Hypothesis,
  positions: number,
  frames: ModelOutput['frames'],
  geometry: Geometry
): Run[] {
  const columns = Math.max(1, Math.floor(positions / (frames?.rows ?? 1)))
  const known = weights.filter((row): row is Float32Array => row !== null)
  const middles =
    (known.length === classes.length ? inOrder(known.map((row) => middleOf(row, columns))) : null) ??
    equalParts(classes.length, columns, frames, geometry)
  return classes.map((index, at) => ({
    class: index,
    start: middles[at]! - 0.5,
    end: middles[at]! + 0.5,
    confidence: probabilities[at]!
  }))
}

/** The mean column, from 0 at the left edge of the first to `columns` at the right edge of the last. */
function middleOf(weights: Float32Array, columns: number): number {
  let sum = 0
  let total = 0
  weights.forEach((weight, position) => {
    sum += weight * ((position % columns) + 0.5)
    total += weight
  })
  return total > 0 ? sum / total : columns / 2
}

/**
 * The nearest rising middles by least squares (isotonic regression by pooling adjacent violators, Ayer et al. 1955);
 * null where they had to be moved further than characters stand apart: such looks say nothing.
 */
export function inOrder(middles: number[]): number[] | null {
  if (middles.length < 2) return middles
  const pitch = (middles.at(-1)! - middles[0]!) / (middles.length - 1)
  if (!(pitch > 0)) return null
  const gap = pitch * LEAST_GAP
  const pools: { sum: number; count: number }[] = []
  middles.forEach((middle, index) => {
    pools.push({ sum: middle - index * gap, count: 1 })
    for (let last = pools.length - 1; last > 0 && mean(pools[last - 1]!) > mean(pools[last]!); last--) {
      const { sum, count } = pools.pop()!
      pools[last - 1]!.sum += sum
      pools[last - 1]!.count += count
    }
  })
  const level = pools.flatMap((pool) => Array<number>(pool.count).fill(mean(pool)))
  const rising = level.map((value, index) => value + index * gap)
  const moved = rising.reduce((sum, value, index) => sum + Math.abs(value - middles[index]!), 0) / middles.length
  return moved > pitch ? null : rising
}

const mean = ({ sum, count }: { sum: number; count: number }): number => sum / count

function equalParts(count: number, columns: number, frames: ModelOutput['frames'], geometry: Geometry): number[] {
  const stride = frames?.stride ?? geometry.inputWidth / columns
  const offset = frames?.offset ?? 0
  return Array.from({ length: count }, (_, index) => {
    const px = geometry.left + (geometry.width * (index + 0.5)) / count
    return (px - offset) / stride
  })
}
