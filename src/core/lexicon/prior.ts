/**
 * How likely a text is before the image is looked at: a mixture of the language model and the lists, so that a name on no
 * list stays possible.
 *
 *     P(text) = (1 − share) · P(language model) + share · mean over lists of count / (total + unseen)
 *     factor  = weight · ln P(text) + lengthBonus · characters
 */
import type { Manifest } from '../../reading/models'
import { fusionOf, languageCost, type Fusion } from '../../reading/decode/fusion'
import { STEPS, type LanguageModel } from '../../reading/decode/language-model'
import type { List } from './lists'

/** As if so many names, or rows, that are on no list had been counted too: a short list says little. */
const UNSEEN_NAMES = 1000
export const UNSEEN_ROWS = 100
/** Where a manifest says nothing. */
const DEFAULT = { share: 0.1, weight: 0.3 }
/** Of a roster, whose rows are known to be on the forms. */
export const ROSTER_SHARE = 0.5

export interface Prior {
  share: number
  weight: number
  lengthBonus: number
  fusion: Fusion | null
  /** Natural logarithm of the number of classes: what a character costs without a language model. */
  perCharacter: number
}

export function priorOf(manifest: Manifest, languageModel: LanguageModel | null): Prior {
  const fusion = fusionOf(manifest, languageModel)
  const { share, weight } = manifest.decoder?.lexicon ?? DEFAULT
  return {
    share,
    weight,
    lengthBonus: fusion?.lengthBonus ?? 0,
    fusion,
    perCharacter: Math.log(manifest.charset.length + 1)
  }
}

/** Natural logarithm of the language model's probability of a text, its end included. */
export const languageLog = ({ fusion, perCharacter }: Prior, classes: readonly number[]): number =>
  fusion ? -languageCost(classes, fusion) / STEPS : -perCharacter * (classes.length + 1)

/** What fusion multiplies a text's CTC probability by, as a logarithm. */
export function listFactor(prior: Prior, lists: readonly List[], classes: readonly number[]): number {
  const { weight, lengthBonus } = prior
  const share = lists.some(({ lexicon }) => lexicon.kind === 'roster') ? ROSTER_SHARE : prior.share
  const language = languageLog(prior, classes)
  if (lists.length === 0) return weight * (Math.log(1 - share) + language) + lengthBonus * classes.length
  const listed = lists.reduce((sum, list) => sum + shareOf(list, classes), 0) / lists.length
  const probability = (1 - share) * Math.exp(language) + share * listed
  return weight * Math.log(Math.max(probability, Number.MIN_VALUE)) + lengthBonus * classes.length
}

const shareOf = ({ lexicon, trie }: List, classes: readonly number[]): number =>
  trie.countOf(classes) / (lexicon.total + (lexicon.kind === 'roster' ? UNSEEN_ROWS : UNSEEN_NAMES))
