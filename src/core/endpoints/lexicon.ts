import type { lexiconEndpoints } from '../../shared/contract/lexicon'
import { NominaError } from '../failure'
import type { HandlersOf } from './types'

const notYet = (): never => {
  throw new NominaError('refused', 'Lexicons are being built.')
}

export const lexiconHandlers: HandlersOf<keyof typeof lexiconEndpoints> = {
  'lexicon.list': notYet,
  'lexicon.inspect': notYet,
  'lexicon.import': notYet,
  'lexicon.change': notYet,
  'lexicon.remove': notYet,
  'lexicon.apply': notYet,
  'lexicon.complete': notYet
}
