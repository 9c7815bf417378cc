/** Fitting a calibration to decisions, and judging each decision by a fit that did not see it. */
import { calibrated, ownWeights, sigmoid } from './calibration'
import { turn } from '../store/slices'

/** A reading with its inputs, and whether a person found its whole text right. */
export interface Example {
  inputs: number[]
  right: boolean
}

/** How strongly a weight is held to the model's own word, as so many decisions' worth; the offset is freer. */
const SHRINKAGE = [1, 8, 8, 8, 8]
const STEPS = 25
const FOLDS = 10

/**
 * Logistic regression by Newton's method, each weight drawn to the model's own word (a Gaussian prior around it): with few
 * decisions little moves, with many they decide. Examples that are all right or all wrong are no trouble.
 */
export function fitWeights(examples: readonly Example[]): number[] {
  let weights = [...ownWeights]
  let loss = lossOf(examples, weights)
  for (let step = 0; step < STEPS; step++) {
    const { gradient, curvature } = slopeOf(examples, weights)
    const change = solve(curvature, gradient)
    // Far from the optimum a whole step can overshoot: the first half of a half that helps is taken.
    let share = 1
    let next = moved(weights, change, share)
    while (lossOf(examples, next) > loss && share > 1e-6) next = moved(weights, change, (share /= 2))
    const better = lossOf(examples, next)
    if (better > loss) break
    const isDone = loss - better < 1e-9 * (1 + loss)
    weights = next
    loss = better
    if (isDone) break
  }
  return weights
}

const moved = (weights: readonly number[], change: readonly number[], share: number): number[] =>
  weights.map((weight, index) => weight - share * change[index]!)

const score = (inputs: readonly number[], weights: readonly number[]): number => {
  let sum = 0
  for (let index = 0; index < weights.length; index++) sum += inputs[index]! * weights[index]!
  return sum
}

/** Negative logarithm of likelihood and prior, but for a constant. */
function lossOf(examples: readonly Example[], weights: readonly number[]): number {
  let loss = 0
  weights.forEach((weight, index) => (loss += (SHRINKAGE[index]! * (weight - ownWeights[index]!) ** 2) / 2))
  for (const { inputs, right } of examples) {
    const against = right ? -score(inputs, weights) : score(inputs, weights)
    loss += against > 30 ? against : Math.log1p(Math.exp(against))
  }
  return loss
}

function slopeOf(
  examples: readonly Example[],
  weights: readonly number[]
): { gradient: number[]; curvature: number[][] } {
  const size = weights.length
  const gradient = weights.map((weight, index) => SHRINKAGE[index]! * (weight - ownWeights[index]!))
  const curvature = Array.from({ length: size }, (_, row) =>
    Array.from({ length: size }, (_, column) => (row === column ? SHRINKAGE[row]! : 0))
  )
  for (const { inputs, right } of examples) {
    const probability = sigmoid(score(inputs, weights))
    const spread = probability * (1 - probability)
    for (let row = 0; row < size; row++) {
      gradient[row]! += (probability - (right ? 1 : 0)) * inputs[row]!
      for (let column = 0; column < size; column++) curvature[row]![column]! += spread * inputs[row]! * inputs[column]!
    }
  }
  return { gradient, curvature }
}

/** For each example its probability by a fit on nine tenths that it is not among; the event loop is free between fits. */
export async function crossFitted(examples: readonly Example[]): Promise<number[]> {
  const probabilities = new Array<number>(examples.length)
  for (let fold = 0; fold < FOLDS; fold++) {
    await turn()
    const weights = fitWeights(examples.filter((_, index) => index % FOLDS !== fold))
    for (let index = fold; index < examples.length; index += FOLDS)
      probabilities[index] = calibrated(examples[index]!.inputs, weights)
  }
  return probabilities
}

/** Gaussian elimination with pivoting; the matrix is positive definite here. */
function solve(matrix: number[][], right: number[]): number[] {
  const rows = matrix.map((row, index) => [...row, right[index]!])
  const size = rows.length
  for (let column = 0; column < size; column++) {
    const pivot = rows
      .slice(column)
      .reduce((best, row) => (Math.abs(row[column]!) > Math.abs(best[column]!) ? row : best))
    const at = rows.indexOf(pivot)
    ;[rows[column], rows[at]] = [rows[at]!, rows[column]!]
    for (let row = column + 1; row < size; row++) {
      const share = rows[row]![column]! / rows[column]![column]!
      for (let k = column; k <= size; k++) rows[row]![k]! -= share * rows[column]![k]!
    }
  }
  const solution = new Array<number>(size).fill(0)
  for (let row = size - 1; row >= 0; row--) {
    let sum = rows[row]![size]!
    for (let k = row + 1; k < size; k++) sum -= rows[row]![k]! * solution[k]!
    solution[row] = sum / rows[row]![row]!
  }
  return solution
}
