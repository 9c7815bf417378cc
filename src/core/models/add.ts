/** A model from elsewhere among those of this machine. */
import { copyFile, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { writeWhole } from '../../reading/images'
import { filesOf, loadModel, type Model } from '../../reading/models'
import { NominaError, say } from '../../shared/failure'
import type { App } from '../app'
import { refreshModels } from './installed'

/**
 * Copies a model into the app's folder, its manifest last, so that a copy that was cut off is no model. One that is there
 * already is left as it is.
 * @param manifest path of its .json; its other files lie beside it
 * @throws NominaError `refused` it is no model, or can't be run; `exists` another one has its name or a file of its
 */
export async function addModel(app: App, manifest: string): Promise<Model> {
  const model = await loadModel(manifest)
  await app.engine.load(model, 'cpu')
  const there = app.registry.models.find((other) => other.manifest.id === model.manifest.id)
  if (there?.hash === model.hash) return there
  if (there) throw new NominaError('exists', say('modelIdTaken', { id: model.manifest.id, path: there.manifestPath }))
  const folder = app.modelsFolder
  const card = model.manifestPath.replace(/\.json$/, '.md')
  for (const file of filesOf(model.manifest)) await copyNew(join(dirname(manifest), file), join(folder, file))
  await copyFile(card, join(folder, `${model.manifest.id}.md`)).catch(() => undefined)
  await copyNew(manifest, join(folder, `${model.manifest.id}.json`))
  await refreshModels(app)
  return loadModel(join(folder, `${model.manifest.id}.json`))
}

/** Whole or not at all; never over another file. */
async function copyNew(from: string, to: string): Promise<void> {
  const [bytes, there] = await Promise.all([readFile(from), readFile(to).catch(() => null)])
  if (there?.equals(bytes)) return
  if (there) throw new NominaError('exists', say('otherFileThere', { path: to }))
  await writeWhole(to, bytes)
}
