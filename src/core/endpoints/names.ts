import type { namesEndpoints } from '../../shared/contract/names'
import type { HandlersOf } from './types'

export const namesHandlers: HandlersOf<keyof typeof namesEndpoints> = {}
