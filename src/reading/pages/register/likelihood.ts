/** From evidence to a probability that the template lies there: logistic regression, its numbers as data. */
import model from './score.json'
import type { Evidence } from './verify'

export type Feature = keyof typeof model.weights

/** What the regression sees: evidence as it is, and where it is decisive, squared. */
export function featuresOf(evidence: Evidence): Record<Feature, number> {
  const { found, likeness, worstRegion, secondRegion, worstField, foreign, onPage } = evidence
  return { found, likeness, worstRegion, secondRegion, worstField, foreign, onPage }
}

/** 0 to 1. */
export function likelihoodOf(evidence: Evidence): number {
  const features = featuresOf(evidence)
  let sum = model.intercept
  for (const name of Object.keys(features) as Feature[]) sum += model.weights[name] * features[name]
  return 1 / (1 + Math.exp(-sum))
}
