import { closeSync, copyFileSync, existsSync, fsyncSync, mkdirSync, openSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Core, Project } from '../src/core'
import { currentModel } from '../src/core/project'
import { closeStore, databaseName, immediate, openStore, type Database } from '../src/core/store'
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

/** Gives made-up fields their pictures, in a folder of their own, as if these were what was imported. */
export function putPictures(db: Database, folder: string, files: readonly string[], ids: readonly number[]): void {
  const sourceOf = db.prepare<[number], { id: number; path: string }>(
    'SELECT sources.id, sources.path FROM fields JOIN sources ON sources.id = fields.source_id WHERE fields.id = ?'
  )
  const note = db.prepare('UPDATE sources SET size = ?, modified_ms = ?, changed_ms = NULL WHERE id = ?')
  immediate(db, () => {
    db.prepare('UPDATE roots SET path = ?').run(folder)
    ids.forEach((id, index) => {
      const source = sourceOf.get(id)!
      const path = join(folder, source.path)
      mkdirSync(dirname(path), { recursive: true })
      copyFileSync(files[index % files.length]!, path)
      const { size, mtimeMs } = statSync(path)
      note.run(size, mtimeMs, source.id)
    })
  })
}
