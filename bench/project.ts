import { join } from 'node:path'
import type { Core, Project } from '../src/core'
import { currentModel } from '../src/core/project'
import type { Setting } from './setting'

let made = 0

/** A fresh, empty project, opened. */
export async function createProject(core: Core, { scratch }: Setting): Promise<Project> {
  made += 1
  return core.open(join(scratch, 'projects', String(made)), { create: true })
}

/** A fresh project with its model loaded, so that no measurement pays for the start of the engine. */
export async function warmProject(core: Core, setting: Setting): Promise<void> {
  const project = await createProject(core, setting)
  const model = currentModel(project)
  if (!model) throw new Error('There is no model to read with.')
  await core.app.engine.load(model, null)
}
