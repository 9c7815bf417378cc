import { join } from 'node:path'
import type { Core } from '../src/core/app'
import { currentModel } from '../src/core/jobs'
import { createProject as create } from '../src/core/projects'
import type { Setting } from './setting'

let made = 0

/** A fresh, empty project, opened. */
export async function createProject(core: Core, { scratch }: Setting): Promise<string> {
  made += 1
  const path = join(scratch, 'projects', String(made))
  await create(core.context, path)
  return path
}

/** A fresh project with its model loaded, so that no measurement pays for the start of the engine. */
export async function warmProject(core: Core, setting: Setting): Promise<void> {
  await createProject(core, setting)
  const model = currentModel(core.context)
  if (!model) throw new Error('There is no model to read with.')
  await core.context.engine.load(model, null)
}
