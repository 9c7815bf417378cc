import type { formsEndpoints } from '../../shared/contract/forms'
import type { HandlersOf } from './types'

export const formsHandlers: HandlersOf<keyof typeof formsEndpoints> = {}
