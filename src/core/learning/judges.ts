/**
 * Which fields judge what a reader learns, and are never learnt from: of those that came at random, or in a table of decisions, one
 * in ten by its draw. Half of them choose, the others decide. What shows the same follows, however it came.
 */
import { JUDGES } from '../store/arrivals'
import { picturesOf, type Taught } from '../store/generations'

export type Part = 'train' | 'choose' | 'judge' | 'undecided'

/** With a lower draw they choose. */
const CHOOSE = JUDGES / 2
/** With fewer, the learner judges by a part of the others that it keeps back, and none is left unused. */
const ENOUGH = 60

/** The draw that a judge judges by, by each of its pictures; none as long as they are too few to be set apart. */
export type Judges = ReadonlyMap<string, number>

export function judgesAmong(decided: readonly Taught[]): Judges {
  const own = decided.filter(({ came, draw }) => came !== null && draw < JUDGES)
  if (new Set(own.map(({ imageId }) => imageId)).size < ENOUGH) return new Map()
  const drawOf = new Map<string, number>()
  for (const field of own)
    for (const picture of picturesOf(field)) drawOf.set(picture, Math.min(field.draw, drawOf.get(picture) ?? JUDGES))
  return drawOf
}

/** The part of a judge, or null where it is none. */
export function judgeOf(
  judges: Judges,
  field: Pick<Taught, 'sha256' | 'page' | 'contentId'>
): 'choose' | 'judge' | null {
  const draws = picturesOf(field).flatMap((picture) => judges.get(picture) ?? [])
  return draws.length ? (Math.min(...draws) < CHOOSE ? 'choose' : 'judge') : null
}
