import type { RefusedModel } from '../shared/domain'
import { owner, type Caller } from './caller'
import { createEventBus, type EventBus } from './events'
import { NominaError } from '../shared/failure'
import type { Model } from '../reading/models'
import { Preferences } from './preferences'
import type { PagesClient } from '../reading/pages/process'
import type { Engine } from '../reading/engine'
import type { Team } from './reviewers'
import type { Run } from './runs'
import type { Database } from './store'

export interface CoreOptions {
  /** The user's data folder: preferences, `models/`, `projects/`. */
  dataDir: string
  /** Models folders, shipped first; on equal ids the later wins. The user's own folder is always the last but the caller's. */
  modelsDirs: string[]
  samplesDir: string
  /** The built engine process, for Node. */
  enginePath: string
  spawnEngine?: import('../reading/engine').SpawnEngine
  /** The built pages process, for Node. */
  pagesPath: string
  spawnPages?: import('../reading/pages/process').SpawnPages
  shell: 'electron' | 'browser'
  version: string
  /** An execution provider to insist on; null: the fastest that works. */
  provider?: string | null
  /** Overrides the preferred reviewer's name. */
  reviewer?: string
}

export interface OpenProject {
  path: string
  name: string
  db: Database
}

/** Everything an endpoint can reach. One core has at most one project open. */
export interface Context {
  readonly options: CoreOptions
  readonly bus: EventBus
  readonly preferences: Preferences
  readonly modelsFolder: string
  readonly engine: Engine
  /** The process in which files become pages, and pages fields. */
  readonly pages: PagesClient
  registry: { models: Model[]; refused: RefusedModel[] }
  project: OpenProject | null
  runs: Run[]
  /** Who the project is shared with; null: nobody, the one person at this machine reviews. */
  team: Team | null
}

export function createContext(options: CoreOptions, engine: Engine, pages: PagesClient, modelsFolder: string): Context {
  return {
    options,
    bus: createEventBus(),
    preferences: new Preferences(options.dataDir),
    modelsFolder,
    engine,
    pages,
    registry: { models: [], refused: [] },
    project: null,
    runs: [],
    team: null
  }
}

/** The name that a caller's decisions carry. */
export const reviewerOf = (context: Context, caller: Caller = owner): string =>
  caller.reviewer ?? context.options.reviewer ?? context.preferences.reviewer

/** @throws NominaError('no-project') */
export function openedProject(context: Context): OpenProject {
  if (!context.project) throw new NominaError('no-project', 'No project is open.')
  return context.project
}
