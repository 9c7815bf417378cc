/** Bars of the confidence histogram. */
export interface Bar {
  /** Bounds of the bin as fractions. */
  from: number
  to: number
  count: number
  /** Height as a share of the tallest bar; a bin that is not empty never vanishes. */
  height: number
  kind: 'doubtful' | 'between' | 'certain'
}

/** Below a half more likely wrong than right; from 0.95 up what most would call certain. */
const doubtfulBelow = 0.5
const certainFrom = 0.95

export function bars(bins: readonly number[]): Bar[] {
  const tallest = Math.max(1, ...bins)
  return bins.map((count, index) => {
    const from = index / bins.length
    const to = (index + 1) / bins.length
    const kind = to <= doubtfulBelow ? 'doubtful' : from >= certainFrom - 1e-9 ? 'certain' : 'between'
    return { from, to, count, height: count === 0 ? 0 : Math.max(0.02, count / tallest), kind }
  })
}
