import type { datasetEndpoints } from '../../../shared/contract/dataset'
import { shippedModels } from '../../app'
import type { Control } from '../../jobs'
import type { Project, ProjectHandlers } from '../../project'
import { keepSelection } from '../../store/selections'
import { compareModels, errorsOf, overview, readRight, scores } from '.'

const summed = <T>(project: Project, question: unknown, sum: (control: Control) => Promise<T>): Promise<T> =>
  project.jobs.quick.run('figures', question, sum)

export const datasetHandlers: ProjectHandlers<keyof typeof datasetEndpoints> = {
  'dataset.overview': (project) => summed(project, 'overview', (control) => overview(project.db, control)),
  'dataset.scores': async (project, { on }) => ({
    models: await summed(project, ['scores', on], (control) =>
      scores(project.db, on, control, shippedModels(project.app))
    )
  }),
  'dataset.readRight': async (project) => ({
    periods: await summed(project, 'read right', (control) => readRight(project.db, control))
  }),
  'dataset.compare': (project, request) =>
    summed(project, ['compare', request], (control) =>
      compareModels(project.db, request, control, shippedModels(project.app))
    ),
  'dataset.errors': (project, request) =>
    summed(project, ['errors', request], (control) => errorsOf(project.db, request, control)),
  'fields.select': (project, { ids }) => {
    const selection = keepSelection(project.db, ids)
    return { selection, filter: { selection } }
  }
}
