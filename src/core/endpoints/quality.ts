import type { qualityEndpoints } from '../../shared/contract/quality'
import type { HandlersOf } from './types'

export const qualityHandlers: HandlersOf<keyof typeof qualityEndpoints> = {}
