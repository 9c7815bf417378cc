import { availableParallelism, platform, release } from 'node:os'
import type { modelsAppEndpoints, modelsEndpoints } from '../../shared/contract/models'
import { learnByItself } from '../learning'
import {
  announceProject,
  projectInfo,
  refreshOwnModels,
  type AppHandlers,
  type Project,
  type ProjectHandlers
} from '../project'
import { startRecognition } from '../recognise/stage'
import { describeModels, refreshModels } from './installed'
import { leaveNewer, readWith, takeNewer } from './newer'

export const modelsAppHandlers: AppHandlers<keyof typeof modelsAppEndpoints> = {
  'models.list': async (app, { rescan }, { project }) => {
    if (rescan) {
      await refreshModels(app)
      // What it reads with may be installed no more, and then it is the kept one that is needed.
      if (project) await refreshOwnModels(project).then(() => announceProject(project))
    }
    return describeModels(app, project)
  },
  'engine.report': ({ engine }) => ({
    ...engine.report(),
    cores: availableParallelism(),
    platform: `${platform()} ${release()}`
  })
}

export const modelsHandlers: ProjectHandlers<keyof typeof modelsEndpoints> = {
  'models.select': async (project, { recognise, ...choice }) => {
    const isReading = await readWith(project, choice)
    if (recognise && !isReading) startRecognition(project)
    return changed(project)
  },
  'models.newer': async (project, { hash, take }) => {
    if (take) await takeNewer(project, hash)
    else leaveNewer(project, hash)
    learnByItself(project)
    return changed(project)
  }
}

function changed(project: Project): ReturnType<typeof projectInfo> {
  announceProject(project)
  project.app.events.emit('models.changed', describeModels(project.app, null))
  project.events.emit('learning.changed', { arrived: null })
  project.tellFields(null)
  return projectInfo(project)
}
