import { availableParallelism, platform, release } from 'node:os'
import type { modelsAppEndpoints, modelsEndpoints } from '../../shared/contract/models'
import { exchangeFor } from '../learning'
import { announceProject, modelsOf, projectInfo, type AppHandlers, type ProjectHandlers } from '../project'
import { startRecognition } from '../recognise/stage'
import { selectTriedModel } from './choose'
import { describeModels, refreshModels } from './installed'

export const modelsAppHandlers: AppHandlers<keyof typeof modelsAppEndpoints> = {
  'models.list': async (app, { rescan }, { project }) => {
    if (rescan) await refreshModels(app)
    return describeModels(app, project)
  },
  'engine.report': ({ engine }) => ({
    ...engine.report(),
    cores: availableParallelism(),
    platform: `${platform()} ${release()}`
  })
}

export const modelsHandlers: ProjectHandlers<keyof typeof modelsEndpoints> = {
  'models.select': async (project, { id, recognise }) => {
    const model = modelsOf(project).find(({ manifest }) => manifest.id === id)
    const isOfSameReader = model !== undefined && (await exchangeFor(project, model))
    if (!isOfSameReader) await selectTriedModel(project, id)
    announceProject(project)
    project.app.events.emit('models.changed', describeModels(project.app, null))
    project.events.emit('learning.changed', { arrived: null })
    project.tellFields(null)
    if (recognise && !isOfSameReader) startRecognition(project)
    return projectInfo(project)
  }
}
