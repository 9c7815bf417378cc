/** A model's output as probabilities a frame. */
import type { ModelOutput } from '../models'

/** Frames × classes, row by row; each row sums to 1. */
export interface Frames {
  probabilities: Float64Array
  count: number
  classes: number
}

/** Where one item of a batch lies in the output tensor. */
export interface OutputShape {
  batch: number
  frames: number
  classes: number
}

/**
 * Item `index` of a batch, normalised: softmax of logits or log-probabilities, division by the sum for probabilities
 * (float32 rows sum to 1 only nearly).
 * @param probabilities where they are put, for a caller that needs them no longer than until the next item
 */
export function framesOf(
  data: Float32Array,
  shape: OutputShape,
  index: number,
  output: ModelOutput,
  probabilities = new Float64Array(shape.frames * shape.classes)
): Frames {
  const { batch, frames, classes } = shape
  const first = output.layout === 'NTC' ? index * frames * classes : index * classes
  const step = output.layout === 'NTC' ? classes : batch * classes
  const fill = output.activation === 'probabilities' ? fillShares : fillSoftmax
  for (let frame = 0; frame < frames; frame++) fill(data, first + frame * step, classes, probabilities, frame * classes)
  return { probabilities, count: frames, classes }
}

function fillSoftmax(data: Float32Array, from: number, classes: number, out: Float64Array, to: number): void {
  let highest = -Infinity
  for (let index = 0; index < classes; index++) {
    const value = data[from + index]!
    if (value > highest) highest = value
  }
  let sum = 0
  for (let index = 0; index < classes; index++) {
    const value = Math.exp(data[from + index]! - highest)
    out[to + index] = value
    sum += value
  }
  for (let index = 0; index < classes; index++) out[to + index] = out[to + index]! / sum
}

function fillShares(data: Float32Array, from: number, classes: number, out: Float64Array, to: number): void {
  let sum = 0
  for (let index = 0; index < classes; index++) {
    const value = Math.max(0, data[from + index]!)
    out[to + index] = value
    sum += value
  }
  const scale = sum > 0 ? 1 / sum : 0
  for (let index = 0; index < classes; index++) out[to + index] = sum > 0 ? out[to + index]! * scale : 1 / classes
}
