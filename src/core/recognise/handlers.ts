import type { recogniseEndpoints } from '../../shared/contract/models'
import type { ProjectHandlers } from '../project'
import { startRecognition } from './stage'

export const recogniseHandlers: ProjectHandlers<keyof typeof recogniseEndpoints> = {
  'recognise.start': (project) => ({ runId: startRecognition(project).id })
}
