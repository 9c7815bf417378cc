import type { lexiconEndpoints } from '../../shared/contract/lexicon'
import type { HandlersOf } from './types'

export const lexiconHandlers: HandlersOf<keyof typeof lexiconEndpoints> = {}
