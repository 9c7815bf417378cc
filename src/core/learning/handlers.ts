import type { learningAppEndpoints, learningEndpoints } from '../../shared/contract/learning'
import type { AppHandlers, Project, ProjectHandlers } from '../project'
import { learnByItself } from './due'
import { beginNextWith, giveGeneration } from './give'
import { setupState, startInstalling, stopInstalling, uninstall } from './installing'
import { changeSettings } from './settings'
import { learningState } from './state'
import { useGeneration } from './use'

export const learningAppHandlers: AppHandlers<keyof typeof learningAppEndpoints> = {
  'learning.setup': (app) => setupState(app),
  'learning.install': (app, { python }) => startInstalling(app, { python }),
  'learning.stopInstall': async (app) => {
    await stopInstalling(app)
    return setupState(app)
  },
  'learning.remove': async (app) => {
    await uninstall(app)
    return setupState(app)
  }
}

export const learningHandlers: ProjectHandlers<keyof typeof learningEndpoints> = {
  'learning.status': (project) => learningState(project),
  'learning.settings': (project, settings) => {
    changeSettings(project.db, settings)
    learnByItself(project)
    return changed(project)
  },
  'learning.use': async (project, { generation, reader }) => {
    await useGeneration(project, generation, reader)
    return changed(project)
  },
  'learning.give': async (project, { generation, reader, folder }) => ({
    files: await giveGeneration(project, { number: generation, reader }, folder)
  }),
  'learning.beginNext': async (project, { generation, reader }) => {
    await beginNextWith(project, generation === null ? null : { number: generation, reader })
    return changed(project)
  }
}

function changed(project: Project): ReturnType<typeof learningState> {
  project.events.emit('learning.changed', { arrived: null })
  return learningState(project)
}
