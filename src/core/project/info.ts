import { existsSync } from 'node:fs'
import { basename } from 'node:path'
import type { ProjectInfo } from '../../shared/domain'
import { absence, readCounts, readingOnly } from '../store'
import { listRootsShown } from '../store/sources'
import { copyOf } from './identity'
import { currentModel } from './model'
import { offeredReaders } from './readers'
import type { Project } from './project'

export function projectInfo(project: Project): ProjectInfo {
  const { path, name, db, damage } = project
  const original = copyOf(db)
  const roots = listRootsShown(db).map((root) => ({ path: root.path, reachable: existsSync(root.path) }))
  return {
    path,
    name,
    counts: readCounts(db),
    currentModel: currentModel(project)?.manifest.id ?? null,
    newer: offeredReaders(project),
    roots,
    problem: absence(db) ?? damage,
    readingOnly: readingOnly(db),
    copyOf: original && { name: basename(original.path), at: original.at }
  }
}

/** Tells the project's windows that it is another than before: its folders, its model. */
export const announceProject = (project: Project): void =>
  project.events.emit('project.changed', { project: projectInfo(project) })

/** Tells them of the engine, and of what a person should know. */
export function announceEngine({ app, events }: Project, note: string | null = null): void {
  const { provider, fieldsPerSecond } = app.engine.report()
  events.emit('engine.changed', { provider, fieldsPerSecond, note })
}
