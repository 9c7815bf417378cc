/** Intervals and tests on counts. Levels are 1 − alpha; every function is exact unless it says otherwise. */
import type { Interval } from '../../shared/contract/quality'

/** Wilson's score interval of a share, 95 % (approximate; E. B. Wilson, 1927). */
export function wilson(hits: number, total: number): Interval {
  if (total === 0) return { value: 0, low: 0, high: 1 }
  const z = 1.959964
  const share = hits / total
  const middle = (share + (z * z) / (2 * total)) / (1 + (z * z) / total)
  const half = (z * Math.sqrt((share * (1 - share)) / total + (z * z) / (4 * total * total))) / (1 + (z * z) / total)
  return { value: share, low: Math.max(0, middle - half), high: Math.min(1, middle + half) }
}

/**
 * How many of `rest` unseen fields are wrong, where `wrong` of `sampled` fields were, drawn uniformly from both together:
 * the numbers that a hypergeometric test at `alpha` / 2 a side does not reject (T. Wright, "Exact Confidence Bounds when
 * Sampling from Small Finite Universes", 1991). As the Clopper–Pearson interval, for the fields that are there.
 */
export function wrongAmongRest(wrong: number, sampled: number, rest: number, alpha: number): Interval {
  const all = sampled + rest
  const atMost = (errors: number): number => hypergeometricAtMost(wrong, all, errors, sampled)
  const atLeast = (errors: number): number =>
    1 - (wrong === 0 ? 0 : hypergeometricAtMost(wrong - 1, all, errors, sampled))
  const [least, most] = [wrong, wrong + rest]
  // Fewest errors for which so many wrong ones are no surprise; most for which so few are none.
  const low = bisect(least, most, (errors) => atLeast(errors) > alpha / 2)
  const high = most - bisect(0, most - least, (fewer) => atMost(most - fewer) > alpha / 2)
  const value = sampled === 0 ? rest / 2 : (rest * wrong) / sampled
  return { value, low: low - wrong, high: high - wrong }
}

/** The first whole number from `from` to `to` for which `holds`, which holds from there on; `to` where none is. */
function bisect(from: number, to: number, holds: (value: number) => boolean): number {
  let [low, high] = [from, to]
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    if (holds(middle)) high = middle
    else low = middle + 1
  }
  return low
}

/** P(at most `wrong` of `sampled` fields drawn without replacement from `all`, of which `errors` are wrong). */
function hypergeometricAtMost(wrong: number, all: number, errors: number, sampled: number): number {
  const least = Math.max(0, sampled - (all - errors))
  const base = logChoose(all, sampled)
  let sum = 0
  for (let hits = least; hits <= Math.min(wrong, errors); hits++)
    sum += Math.exp(logChoose(errors, hits) + logChoose(all - errors, sampled - hits) - base)
  return Math.min(1, sum)
}

/**
 * An interval of an error rate that may be looked at after every single check: the rates against which a bettor, with a
 * uniform mixture over all higher (lower) rates, has not made 2 / `alpha` of 1 (H. Robbins, 1970; by Ville's inequality the
 * true rate ever falls outside with probability `alpha` at most). Numerical, to 1e-4.
 */
export function anytimeErrorRate(wrong: number, checked: number, alpha: number): Interval {
  const value = checked === 0 ? 0 : wrong / checked
  const stake = Math.log(2 / alpha)
  const low = edge(0, value, (rate) => logWealth(wrong, checked, rate, rate, 1) < stake)
  const high = 1 - edge(0, 1 - value, (rate) => logWealth(wrong, checked, 1 - rate, 0, 1 - rate) < stake)
  return { value, low, high }
}

/** The least value in [from, to] for which `holds`, which holds from there on. */
function edge(from: number, to: number, holds: (value: number) => boolean): number {
  if (holds(from)) return from
  let [low, high] = [from, to]
  while (high - low > 1e-4) {
    const middle = (low + high) / 2
    if (holds(middle)) high = middle
    else low = middle
  }
  return high
}

/** Logarithm of the mean, over rates q evenly in (from, to), of the likelihood of q over that of `rate`. */
function logWealth(wrong: number, checked: number, rate: number, from: number, to: number): number {
  const steps = 150
  const right = checked - wrong
  const held = Math.min(1 - 1e-12, Math.max(1e-12, rate))
  const terms = Array.from({ length: steps }, (_, step) => {
    const q = from + ((step + 0.5) / steps) * (to - from)
    return wrong * Math.log(q / held) + right * Math.log((1 - q) / (1 - held))
  })
  const top = Math.max(...terms)
  return top + Math.log(terms.reduce((sum, term) => sum + Math.exp(term - top), 0) / steps)
}

/** Two-sided exact McNemar test: probability of so uneven a split of the fields on which only one of two is right. */
export function mcnemar(onlyA: number, onlyB: number): number {
  const total = onlyA + onlyB
  const few = Math.min(onlyA, onlyB)
  let tail = 0
  for (let hits = 0; hits <= few; hits++) tail += Math.exp(logChoose(total, hits) - total * Math.LN2)
  return Math.min(1, 2 * tail)
}

const logFactorials: number[] = [0]

export function logChoose(of: number, take: number): number {
  if (take < 0 || take > of) return -Infinity
  return logFactorial(of) - logFactorial(take) - logFactorial(of - take)
}

function logFactorial(value: number): number {
  for (let next = logFactorials.length; next <= value; next++)
    logFactorials.push(logFactorials[next - 1]! + Math.log(next))
  return logFactorials[value]!
}

/** Numbers 0 … 1 in a fixed sequence (mulberry32). */
export function sequence(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
