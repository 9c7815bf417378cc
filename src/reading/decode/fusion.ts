/** How a language model's opinion joins the network's: shallow fusion (Gulcehre et al. 2015). */
import type { Manifest } from '../models'
import type { LanguageModel } from './language-model'
import { textOf } from './texts'

/** A text counts as its CTC probability × language model^weight × e^(lengthBonus × characters). */
export interface Fusion {
  model: LanguageModel
  /** The language model's symbol of each class; that of the blank is not used. */
  symbols: Int32Array
  weight: number
  lengthBonus: number
}

/** Made once for a manifest and its language model. */
const made = new WeakMap<Manifest, Fusion>()

export function fusionOf(manifest: Manifest, model: LanguageModel | null): Fusion | null {
  const described = manifest.decoder?.languageModel
  if (!described || !model) return null
  const before = made.get(manifest)
  if (before?.model === model) return before
  const blank = manifest.blank ?? 0
  const symbols = Int32Array.from({ length: manifest.charset.length + 1 }, (_, index) =>
    index === blank ? -1 : model.symbolOf(textOf([index], manifest.charset, blank))
  )
  const fusion = { model, symbols, weight: described.weight, lengthBonus: described.lengthBonus }
  made.set(manifest, fusion)
  return fusion
}

/** Cost of the text and its end, in sixteenths of a nat. */
export function languageCost(classes: readonly number[], { model, symbols }: Fusion): number {
  let state = model.start
  let total = 0
  for (const index of classes) {
    const symbol = symbols[index]!
    total += model.cost(state, symbol)
    state = model.next(state, symbol)
  }
  return total + model.cost(state, model.end)
}
