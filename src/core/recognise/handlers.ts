import type { recogniseEndpoints } from '../../shared/contract/models'
import { startRecognition } from '../jobs'
import type { ProjectHandlers } from '../project'

export const recogniseHandlers: ProjectHandlers<keyof typeof recogniseEndpoints> = {
  'recognise.start': (project) => ({ runId: startRecognition(project).id })
}
