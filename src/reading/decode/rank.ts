/** Candidate texts of one field by what the network and the language model say of them together. */
import type { SuggestionSource } from '../../shared/domain'
import type { Frames } from './frames'
import { languageCost, type Fusion } from './fusion'
import { STEPS } from './language-model'
import { logPosteriorOf } from './posterior'

export interface Candidate {
  classes: readonly number[]
  /** Natural logarithm of the exact CTC probability. */
  logProbability: number
  /** Natural logarithm of what is laid over it: language model, length, lists. */
  logFactor: number
  /** Mean natural logarithm a character (its end included) by the language model; 0 without one. */
  perCharacter: number
  /** That it is this text and none of the others; see `shareOut`. */
  probability: number
  /** Where it was suggested, if not by the network alone. */
  source?: SuggestionSource
}

/**
 * Best first; of equals the one given first.
 * @param known `logProbability` of some of the texts
 */
export function rankTexts(
  texts: readonly (readonly number[])[],
  frames: Frames,
  blank: number,
  fusion: Fusion | null,
  known: ReadonlyMap<readonly number[], number> = new Map()
): Candidate[] {
  return shareOut(
    texts.map((classes) => {
      const log = fusion ? -languageCost(classes, fusion) / STEPS : 0
      return {
        classes,
        logProbability: known.get(classes) ?? logPosteriorOf(classes, frames, blank),
        logFactor: fusion ? log * fusion.weight + classes.length * fusion.lengthBonus : 0,
        perCharacter: log / (classes.length + 1)
      }
    })
  )
}

/**
 * Gives each candidate i its probability, p being CTC probabilities and g the factors:
 *
 *     P(i) = p(i) g(i) / Σ p g · Σ p
 *
 * What the candidates leave of the CTC probability, 1 − Σ p, stays with "something else", so that all add up to 1.
 * Without factors these are the CTC probabilities themselves.
 */
export function shareOut(candidates: Omit<Candidate, 'probability'>[]): Candidate[] {
  const highest = Math.max(...candidates.map(({ logFactor }) => logFactor))
  let covered = 0
  let sum = 0
  const weighed = candidates.map((candidate) => {
    const probability = Math.exp(candidate.logProbability)
    const weight = probability * Math.exp(candidate.logFactor - highest)
    covered += probability
    sum += weight
    return { candidate, weight }
  })
  const scale = sum > 0 ? Math.min(1, covered) / sum : 0
  return weighed
    .map(({ candidate, weight }) => ({ ...candidate, probability: Math.min(1, weight * scale) }))
    .sort((a, b) => b.probability - a.probability)
}
