/** What a reviewer is told: where things lie on the owner's machine is nobody else's business. */
import { homedir } from 'node:os'
import { dirname } from 'node:path'
import type { App } from '../app'
import type { Project } from '../project'
import { listRoots } from '../store/sources'

/** Shorter ones, such as a whole disk, would be found in what people write. */
const SHORTEST = 5

/** The answer or event with every known folder of this machine taken off its paths; the project's own is its identity. */
export function withoutPlaces<T>(told: T, app: App, project: Project | null): T {
  const written = JSON.stringify(told)
  const hidden = placesOf(app, project)
    .filter(([folder]) => folder.length >= SHORTEST)
    .sort(([a], [b]) => b.length - a.length)
    .reduce((text, [folder, shown]) => text.replaceAll(inJson(folder), shown), written)
  return hidden === written ? told : (JSON.parse(hidden) as T)
}

function placesOf({ options, modelsFolder }: App, project: Project | null): [folder: string, shown: string][] {
  const roots = project ? listRoots(project.db).map((root) => root.path) : []
  const own = [options.dataDir, modelsFolder, options.samplesDir, ...options.modelsDirs, dirname(options.enginePath)]
  return [
    ...(project ? [[project.path, project.id] satisfies [string, string]] : []),
    ...[...roots, ...own, homedir()].map((folder): [string, string] => [folder, '…'])
  ]
}

const inJson = (text: string): string => JSON.stringify(text).slice(1, -1)
