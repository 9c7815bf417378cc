/** From the ink that is no print to the probability that there is no handwriting: logistic regression, its numbers as data. */
import type { Handwriting } from '../crop/handwriting'
import type { View } from '../crop/view'
import model from './model.json'

export type BlankFeature = keyof typeof model.weights

/** Units of a 200th of an inch on A4: a speck is smaller, a letter's stroke is longer. */
const leastStroke = 11

/** Logarithms: a name has a thousand times the ink of a speck, and one letter is no less handwriting than ten. */
export function featuresOfField({ pieces, unit }: Handwriting, { field }: View): Record<BlankFeature, number> {
  // Dirt is small however much of it there is.
  const strokes = pieces.filter(({ width, height }) => Math.hypot(width, height) >= leastStroke * unit)
  const area = strokes.reduce((sum, piece) => sum + piece.area, 0) / unit ** 2
  const extents = pieces.map(({ width, height }) => Math.hypot(width, height) / unit)
  const heights = strokes.map(({ height }) => height)
  return {
    ink: Math.log1p(area),
    largest: Math.log1p(Math.max(0, ...extents)),
    pieces: Math.log1p(extents.filter((extent) => extent >= leastStroke).length),
    height: Math.max(0, ...heights) / field.height
  }
}

/** 0 to 1. */
export function blankProbability(features: Record<BlankFeature, number>): number {
  let sum = model.intercept
  for (const name of Object.keys(features) as BlankFeature[]) sum += model.weights[name] * features[name]
  return 1 / (1 + Math.exp(-sum))
}
