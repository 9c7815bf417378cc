/** The models that are installed, as the windows show them. */
import type { ModelInfo, RefusedModel } from '../../shared/domain'
import { NominaError } from '../../shared/failure'
import { loadRegistry, type Model } from '../../reading/models'
import type { App } from '../app'
import { allModelsOf, currentModel, newerReaders, type Project } from '../project'
import { generationNames, type GenerationName } from '../store/generations'

/** Looks into every models folder again. */
export async function refreshModels(app: App): Promise<void> {
  app.registry = await loadRegistry([...new Set(app.options.modelsDirs)])
  app.events.emit('models.changed', describeModels(app, null))
}

/** Some faults of a model only show when it is run: wrong shapes, missing classes, numbers that are none. */
export async function tryModels(app: App): Promise<void> {
  const { models, refused } = app.registry
  const broken: RefusedModel[] = []
  for (const model of models) {
    try {
      await app.engine.load(model, 'cpu')
    } catch (error) {
      // An engine that can't be started at all is no fault of the model.
      if (!(error instanceof NominaError && error.code === 'refused')) return
      broken.push({ path: model.manifestPath, reason: error.message })
    }
  }
  const isWhole = ({ manifestPath }: Model): boolean => broken.every(({ path }) => path !== manifestPath)
  app.registry = { models: models.filter(isWhole), refused: [...refused, ...broken] }
}

/** @param project in which the windows ask: its own model is marked, and what it has learnt is among them */
export function describeModels(
  { registry, modelsFolder }: App,
  project: Project | null
): { models: ModelInfo[]; refused: RefusedModel[]; folder: string } {
  const current = project ? currentModel(project) : null
  const learnt = project ? generationNames(project.db) : new Map<string, GenerationName>()
  const own = project?.ownModels.models.filter(({ hash }) => learnt.has(hash)) ?? []
  const ids = new Set(own.map(({ manifest }) => manifest.id))
  const installed = [...registry.models.filter(({ manifest }) => !ids.has(manifest.id)), ...own]
  const isKept = (model: Model): boolean => model === current || project!.keptModels.includes(model)
  const kept = project ? allModelsOf(project).filter(isKept) : []
  const newer = project ? newerReaders(project).map(({ model }) => model) : []
  const models = [...new Set([...installed, ...kept])].map((model) =>
    describe(model, {
      current: model.hash === current?.hash,
      kept: !installed.includes(model),
      newer: newer.includes(model),
      generation: learnt.get(model.hash) ?? null
    })
  )
  return { models, refused: registry.refused, folder: modelsFolder }
}

function describe(
  { manifest, hash, folder, bytes, second }: Model,
  standing: Pick<ModelInfo, 'current' | 'kept' | 'newer' | 'generation'>
): ModelInfo {
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
    ...standing
  }
}
