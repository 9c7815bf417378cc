import { closeSync, copyFileSync, existsSync, fsyncSync, mkdirSync, openSync } from 'node:fs'
import { join } from 'node:path'
import type { Core, Project } from '../src/core'
import { currentModel } from '../src/core/project'
import { closeStore, databaseName, openStore, type Database } from '../src/core/store'
import { makeProject, type BigProject } from '../test/fixtures/big-project'
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

/** A made-up project in a folder of the scratch's, open; with `--made` it is made once, kept there, and copied. */
export function madeProject({ options, scratch }: Setting, name: string, request: BigProject): Database {
  const folder = join(scratch, name)
  if (options.made === null) return makeProject(folder, request)
  const kept = join(options.made, Object.entries(request).flat().join('-'))
  closeStore(existsSync(join(kept, databaseName)) ? openStore(kept, { create: false }) : makeProject(kept, request))
  mkdirSync(folder, { recursive: true })
  copyToDisk(join(kept, databaseName), join(folder, databaseName))
  return openStore(folder, { create: false })
}

/** A gigabyte that is still on its way to the disk would make each decision wait for it. */
function copyToDisk(from: string, to: string): void {
  copyFileSync(from, to)
  const file = openSync(to, 'r+')
  fsyncSync(file)
  closeSync(file)
}
