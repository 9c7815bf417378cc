import type { datasetEndpoints } from '../../shared/contract/dataset'
import type { HandlersOf } from './types'

export const datasetHandlers: HandlersOf<keyof typeof datasetEndpoints> = {}
