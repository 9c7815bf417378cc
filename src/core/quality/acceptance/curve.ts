/**
 * What accepting everything from a confidence on would mean, for a fixed grid of thresholds. Intervals are exact for the
 * fields that are there (hypergeometric) and hold for all thresholds at once (Bonferroni), so that the threshold may be
 * chosen by looking at them.
 */
import type { AcceptancePoint, Interval } from '../../../shared/contract/quality'
import { wrongAmongRest } from '../../confidence'

export interface Sampled {
  confidence: number
  right: boolean
}

export interface Evidence {
  /** Confidences of the undecided fields that a rule may accept, sampled ones left out; highest first. */
  open: readonly number[]
  /** All undecided fields. */
  undecided: number
  /** Of sampled fields that a rule could have accepted. */
  sampled: readonly Sampled[]
}

export type By = 'bound' | 'estimate'

/** Shares of the open fields that are accepted, strictest first: equal steps, finer where a rule mostly ends. */
const SHARES = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 1]
const ALPHA = 0.05
/** More sample fields than this are nothing to ask of anybody. */
const MOST_ASKED = 100_000

export interface Curve {
  points: AcceptancePoint[]
  chosen: number | null
  moreNeeded: number | null
  method: { interval: 'hypergeometric'; level: number; thresholds: number; correction: 'bonferroni' }
}

export function curveOf(evidence: Evidence, promise: number, by: By): Curve {
  const thresholds = gridOf(evidence.open)
  const alpha = ALPHA / Math.max(1, thresholds.length)
  const points = thresholds.map((threshold) => pointAt(threshold, evidence, alpha))
  const keeps = ({ accuracy }: AcceptancePoint): boolean =>
    accuracy !== null && (by === 'bound' ? accuracy.low : accuracy.value) >= promise
  const chosen = points.findLastIndex(keeps)
  return {
    points,
    chosen: chosen === -1 ? null : chosen,
    moreNeeded: chosen === -1 ? furtherFields(points, evidence, promise, alpha) : 0,
    method: { interval: 'hypergeometric', level: 1 - ALPHA, thresholds: thresholds.length, correction: 'bonferroni' }
  }
}

/** Different thresholds only: where all confidences are equal there is one. */
function gridOf(open: readonly number[]): number[] {
  const at = SHARES.map((share) => open[Math.max(0, Math.round(share * open.length) - 1)])
  return [...new Set(at.filter((threshold) => threshold !== undefined))]
}

function pointAt(threshold: number, { open, undecided, sampled }: Evidence, alpha: number): AcceptancePoint {
  const accepted = countFrom(open, threshold)
  const above = sampled.filter(({ confidence }) => confidence >= threshold)
  const wrong = above.filter(({ right }) => !right).length
  const errors = above.length ? wrongAmongRest(wrong, above.length, accepted, alpha) : null
  return {
    threshold,
    accepted,
    remaining: undecided - accepted,
    sampled: above.length,
    wrong,
    accuracy: errors && accuracyOf(errors, accepted),
    errors
  }
}

const accuracyOf = ({ value, low, high }: Interval, accepted: number): Interval =>
  accepted === 0
    ? { value: 1, low: 0, high: 1 }
    : { value: 1 - value / accepted, low: 1 - high / accepted, high: 1 - low / accepted }

/** How many of these, highest first, are at or above the threshold. */
export function countFrom(open: readonly number[], threshold: number): number {
  let [low, high] = [0, open.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (open[middle]! >= threshold) low = middle + 1
    else high = middle
  }
  return low
}

/**
 * The fewest further sample fields that would show the promise kept at some threshold, if errors come as they did until
 * now (half an error assumed where there was none). Null: at no threshold do they come rarely enough.
 */
function furtherFields(
  points: AcceptancePoint[],
  { open, sampled }: Evidence,
  promise: number,
  alpha: number
): number | null {
  const needs = points.map(({ accepted, sampled: checked, wrong }) => {
    const rate = (wrong + (wrong ? 0 : 0.5)) / Math.max(checked, 1 / (1 - promise))
    if (wrong && rate >= 1 - promise) return Infinity
    const share = accepted / Math.max(1, open.length)
    const enough = (total: number): boolean => {
      const errors = wrong ? Math.ceil(rate * total) : 0
      const rest = Math.max(1, accepted + checked - total)
      return 1 - wrongAmongRest(errors, total, rest, alpha).high / rest >= promise
    }
    let total = Math.max(50, checked)
    while (total < MOST_ASKED && !enough(total)) total = Math.ceil(total * 1.05)
    return total >= MOST_ASKED ? Infinity : Math.ceil((total - checked) / Math.max(share, 1e-6))
  })
  const fewest = Math.min(Infinity, ...needs)
  if (!Number.isFinite(fewest)) return null
  return Math.min(Math.max(1, fewest), open.length + sampled.length)
}
