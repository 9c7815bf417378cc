import type { Output } from '../../../shared/contract'
import { wilson } from '../../confidence'
import type { ReadOnlyDatabase } from '../../store'
import { latestKeys } from './keys'
import { same } from './verdicts'

type Report = Output<'second.report'>
type Share = Report['agreement']

function shareOf(count: number, of: number): Share {
  const { low, high } = wilson(count, of)
  return { count, of, share: of === 0 ? null : count / of, interval: [low, high] }
}

/**
 * Agreement of the two keys, and each person's errors. The truth is what both say, or what a third look settled; open
 * differences count for nobody. Errors that both make alike are not seen: each true rate is a little higher.
 */
export function report(db: ReadOnlyDatabase, round: number | null): Report {
  const keys = latestKeys(db, round)
  const tallies = new Map<string, { errors: number; keys: number }>()
  const note = (name: string, wrong: boolean): void => {
    const tally = tallies.get(name) ?? { errors: 0, keys: 0 }
    tallies.set(name, { errors: tally.errors + (wrong ? 1 : 0), keys: tally.keys + 1 })
  }
  let agreed = 0
  let settled = 0
  for (const { first, second, settled: third } of keys) {
    const alike = same(first, second)
    if (alike) agreed++
    else if (third) settled++
    const truth = alike ? first : third
    if (!truth) continue
    note(first.reviewer, !same(first, truth))
    note(second.reviewer, !same(second, truth))
  }
  return {
    agreement: shareOf(agreed, keys.length),
    settled,
    open: keys.length - agreed - settled,
    people: [...tallies]
      .sort(([a], [b]) => a.localeCompare(b))
      .map(([name, tally]) => ({ name, errors: shareOf(tally.errors, tally.keys) }))
  }
}
