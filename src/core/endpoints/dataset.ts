import type { datasetEndpoints } from '../../shared/contract/dataset'
import type { Context } from '../context'
import { compareModels, errorsOf, overview, scores, type FigureControl } from '../quality/figures'
import { keepSelection } from '../quality/selections'
import { fewer, together } from '../tasks'
import { db } from './shared'
import type { HandlersOf } from './types'

/** One sum at a time of the same kind and the same question; stopped with the project. */
const summed = <T>(context: Context, question: unknown, sum: (control: FigureControl) => Promise<T>): Promise<T> =>
  together(db(context), `figures ${JSON.stringify(question)}`, (signal) =>
    sum({ signal, onProgress: fewer((done, total) => context.bus.emit('dataset.progress', { done, total })) })
  )

export const datasetHandlers: HandlersOf<keyof typeof datasetEndpoints> = {
  'dataset.overview': (context) => summed(context, 'overview', (control) => overview(db(context), control)),
  'dataset.scores': async (context, { on }) => ({
    models: await summed(context, ['scores', on], (control) => scores(db(context), on, control))
  }),
  'dataset.compare': (context, request) =>
    summed(context, ['compare', request], ({ signal }) => compareModels(db(context), request, signal)),
  'dataset.errors': (context, request) =>
    summed(context, ['errors', request], (control) => errorsOf(db(context), request, control)),
  'fields.select': (context, { ids }) => {
    const selection = keepSelection(db(context), ids)
    return { selection, filter: { selection } }
  }
}
