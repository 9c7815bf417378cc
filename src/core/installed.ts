/** The models that are installed, as the windows show them. */
import type { ModelInfo, RefusedModel } from '../shared/domain'
import type { Context } from './context'
import { NominaError } from '../shared/failure'
import { currentModel } from './jobs'
import { loadRegistry, type Model } from '../reading/models'

/** Looks into every models folder again. */
export async function refreshModels(context: Context): Promise<void> {
  context.registry = await loadRegistry([...new Set(context.options.modelsDirs)])
  context.bus.emit('models.changed', describeModels(context))
}

/** Some faults of a model only show when it is run: wrong shapes, missing classes, numbers that are none. */
export async function tryModels(context: Context): Promise<void> {
  const { models, refused } = context.registry
  const broken: RefusedModel[] = []
  for (const model of models) {
    try {
      await context.engine.load(model, 'cpu')
    } catch (error) {
      // An engine that can't be started at all is no fault of the model.
      if (!(error instanceof NominaError && error.code === 'refused')) return
      broken.push({ path: model.manifestPath, reason: error.message })
    }
  }
  const isWhole = ({ manifestPath }: Model): boolean => broken.every(({ path }) => path !== manifestPath)
  context.registry = { models: models.filter(isWhole), refused: [...refused, ...broken] }
}

export function describeModels(context: Context): { models: ModelInfo[]; refused: RefusedModel[]; folder: string } {
  const current = context.project ? currentModel(context) : null
  const models = context.registry.models.map((model) => describe(model, model.hash === current?.hash))
  return { models, refused: context.registry.refused, folder: context.modelsFolder }
}

function describe({ manifest, hash, folder, bytes, second }: Model, current: boolean): ModelInfo {
  const { height, width } = manifest.input
  const size = typeof width === 'number' ? `${width} × ${height} px` : `${width.min}–${width.max} × ${height} px`
  return {
    id: manifest.id,
    title: manifest.title,
    hash,
    folder,
    licence: manifest.licence ?? null,
    bytes: bytes + (second?.bytes ?? 0),
    charset: manifest.charset.join(''),
    input: `${size}, ${manifest.input.fit === 'stretch' ? 'stretched' : 'aspect kept'}`,
    metrics: manifest.metrics ?? {},
    credits: (manifest.credits ?? []).map((credit) => (typeof credit === 'string' ? credit : JSON.stringify(credit))),
    current
  }
}
