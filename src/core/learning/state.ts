/** How a project's learning stands, for its windows. */
import type { LearningState } from '../../shared/contract/learning'
import { lastJobOfKind } from '../jobs'
import { ownModelsFolder, type Project } from '../project'
import { generationsOf } from './describe'
import { dueOf } from './due'
import { beginsNext } from './give'
import { learningFolder } from './rows'
import { settingsOf } from './settings'
import { sizeOf } from './setup'

export async function learningState(project: Project): Promise<LearningState> {
  const { app, db } = project
  const sizes = await Promise.all([ownModelsFolder(project), learningFolder(project)].map(sizeOf))
  const last = lastJobOfKind(db, 'learn')
  return {
    ...generationsOf(project),
    ...dueOf(project),
    settings: settingsOf(db),
    problem: last?.status === 'failed' ? last.error : null,
    bytes: sizes.reduce((sum, bytes) => sum + bytes, 0),
    beginsNext: beginsNext(app)
  }
}
