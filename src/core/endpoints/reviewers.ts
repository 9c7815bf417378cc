import type { reviewersEndpoints } from '../../shared/contract/reviewers'
import type { HandlersOf } from './types'

export const reviewersHandlers: HandlersOf<keyof typeof reviewersEndpoints> = {}
