/** A language model's opinion of a text, where the reading model brings one. */
import { STEPS } from '../../reading/decode/language-model'
import { languageModelAt } from '../lexicon'
import type { Model } from '../../reading/models'

/** Natural logarithm of a text's probability, its end included; null where the model has no language model. */
export function languageOf(model: Model | null): ((text: string) => number) | null {
  if (!model || model.languageModel === null) return null
  const language = languageModelAt(model.languageModel)
  return (text) => -language.textCost(text) / STEPS
}
