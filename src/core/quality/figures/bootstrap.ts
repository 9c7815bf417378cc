/** Intervals of ratios by the bootstrap over fields: characters of one field are not independent of each other. */
import type { Interval } from '../../../shared/contract/quality'
import { sequence } from '../../confidence'
import { turn } from '../../store/slices'

/** Sum of `above` over sum of `below` over all fields, such as edits over characters. */
export interface Ratio {
  above: Float64Array
  below: Float64Array
}

const ROUNDS = 1000
/** Draws in all; with more fields there are fewer rounds, at least 200: their intervals are narrow anyway. */
const MOST_DRAWS = 2e7
const SEED = 20_260_101

/**
 * Percentile intervals, 95 %, of several ratios over the same fields, each round drawing the same fields for all of them:
 * differences of two ratios are thus paired. `combine` makes of the ratios of one round the values wanted.
 */
export async function bootstrap(
  ratios: readonly Ratio[],
  combine: (values: number[]) => number[] = (values) => values
): Promise<Interval[] | null> {
  const fields = ratios[0]?.above.length ?? 0
  if (fields === 0) return null
  const random = sequence(SEED)
  const rounds = Math.min(ROUNDS, Math.max(200, Math.floor(MOST_DRAWS / fields)))
  const drawn: number[][] = []
  const sums = new Float64Array(ratios.length * 2)
  for (let round = 0; round < rounds; round++) {
    if (round % Math.max(1, Math.floor(100_000 / fields)) === 0) await turn()
    sums.fill(0)
    for (let draw = 0; draw < fields; draw++) {
      const field = Math.floor(random() * fields)
      for (let index = 0; index < ratios.length; index++) {
        sums[index * 2]! += ratios[index]!.above[field]!
        sums[index * 2 + 1]! += ratios[index]!.below[field]!
      }
    }
    drawn.push(combine(ratios.map((_, index) => share(sums[index * 2]!, sums[index * 2 + 1]!))))
  }
  const whole = combine(ratios.map(({ above, below }) => share(sum(above), sum(below))))
  return whole.map((value, index) => {
    const sorted = drawn.map((values) => values[index]!).sort((a, b) => a - b)
    const at = (fraction: number): number => sorted[Math.min(rounds - 1, Math.floor(fraction * rounds))]!
    return { value, low: Math.min(value, at(0.025)), high: Math.max(value, at(0.975)) }
  })
}

const share = (above: number, below: number): number => (below === 0 ? 0 : above / below)
const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0)
