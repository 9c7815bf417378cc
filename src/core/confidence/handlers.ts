import type { calibrationEndpoints } from '../../shared/contract/quality'
import type { ProjectHandlers } from '../project'
import { calibrationState, fitProject, forgetProject } from '.'

export const calibrationHandlers: ProjectHandlers<keyof typeof calibrationEndpoints> = {
  'calibration.read': (project) => calibrationState(project.db),
  'calibration.use': async (project, { source }) => {
    const fit = source === 'project' ? fitProject : forgetProject
    const state = await project.jobs.quick.run('calibration', null, ({ signal }) => fit(project.db, signal))
    project.events.emit('calibration.changed', {})
    project.tellFields(null)
    return state
  }
}
