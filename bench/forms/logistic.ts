/** Logistic regression by Newton's method with a ridge, so that data that separate do not run away. */

export interface Example<F extends string> {
  features: Record<F, number>
  /** Whether it is what the probability is of. */
  is: boolean
}

/** Standard deviations of the weights' prior, in the features' own spread. */
const priorSpread = 4

/** The intercept and weights of the features as they are, rounded to four digits. */
export function fitLogistic<F extends string>(
  examples: Example<F>[],
  names: F[]
): { intercept: number; weights: Record<F, number> } {
  const means = names.map((name) => mean(examples.map(({ features }) => features[name])))
  const spreads = names.map((name, index) =>
    Math.max(1e-3, Math.sqrt(mean(examples.map(({ features }) => (features[name] - means[index]!) ** 2))))
  )
  const rows = examples.map(({ features }) => [
    1,
    ...names.map((name, index) => (features[name] - means[index]!) / spreads[index]!)
  ])
  // Both kinds count the same: how many of either were made says nothing about real batches.
  const count = { yes: examples.filter(({ is }) => is).length, no: examples.filter(({ is }) => !is).length }
  const weightOf = (is: boolean): number => examples.length / (2 * (is ? count.yes : count.no))
  const size = names.length + 1
  let solution = new Array<number>(size).fill(0)
  for (let iteration = 0; iteration < 60; iteration++) {
    const gradient = new Array<number>(size).fill(0)
    const curvature = Array.from({ length: size }, () => new Array<number>(size).fill(0))
    rows.forEach((row, index) => {
      const probability = 1 / (1 + Math.exp(-dot(row, solution)))
      const weight = weightOf(examples[index]!.is)
      for (let a = 0; a < size; a++) {
        gradient[a]! += weight * row[a]! * ((examples[index]!.is ? 1 : 0) - probability)
        for (let b = 0; b < size; b++) curvature[a]![b]! += weight * row[a]! * row[b]! * probability * (1 - probability)
      }
    })
    for (let a = 0; a < size; a++) {
      const prior = a === 0 ? 1e-4 : 1 / priorSpread ** 2
      gradient[a]! -= prior * solution[a]!
      curvature[a]![a]! += prior
    }
    const step = solve(curvature, gradient)
    solution = solution.map((value, index) => value + step[index]!)
    if (Math.max(...step.map(Math.abs)) < 1e-7) break
  }
  const weights = {} as Record<F, number>
  let intercept = solution[0]!
  names.forEach((name, index) => {
    const weight = solution[index + 1]! / spreads[index]!
    weights[name] = Number(weight.toPrecision(4))
    intercept -= weight * means[index]!
  })
  return { intercept: Number(intercept.toPrecision(4)), weights }
}

const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length
const dot = (a: number[], b: number[]): number => a.reduce((sum, value, index) => sum + value * b[index]!, 0)

/** Gauss's elimination with pivots. */
function solve(matrix: number[][], right: number[]): number[] {
  const rows = matrix.map((row, index) => [...row, right[index]!])
  const size = right.length
  for (let column = 0; column < size; column++) {
    let pivot = column
    for (let row = column + 1; row < size; row++)
      if (Math.abs(rows[row]![column]!) > Math.abs(rows[pivot]![column]!)) pivot = row
    ;[rows[column], rows[pivot]] = [rows[pivot]!, rows[column]!]
    for (let row = 0; row < size; row++) {
      if (row === column) continue
      const factor = rows[row]![column]! / rows[column]![column]!
      for (let k = column; k <= size; k++) rows[row]![k]! -= factor * rows[column]![k]!
    }
  }
  return rows.map((row, index) => row[size]! / row[index]!)
}
