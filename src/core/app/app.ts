import { mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { AppEvent } from '../../shared/contract'
import type { RefusedModel } from '../../shared/domain'
import { openReader, type Reader } from '../../reading'
import type { Engine, SpawnEngine } from '../../reading/engine'
import type { Model } from '../../reading/models'
import type { PagesClient, SpawnPages } from '../../reading/pages/process'
import { createLearner, type Learner } from '../learning/client'
import { owner, type Caller } from './caller'
import { createEventBus, type EventBus } from './events'
import { Preferences } from './preferences'
import type { Sharing } from './sharing'
import { Updates } from './updates'
import { Turns } from '../../reading/turns'

export interface CoreOptions {
  /** The user's data folder: preferences, `models/`, `projects/`. */
  dataDir: string
  /** Models folders, shipped first; on equal ids the later wins. The user's own folder is always the last but the caller's. */
  modelsDirs: string[]
  samplesDir: string
  /** The built engine process, for Node. */
  enginePath: string
  spawnEngine?: SpawnEngine
  /** The built pages process, for Node. */
  pagesPath: string
  spawnPages?: SpawnPages
  shell: 'electron' | 'browser'
  version: string
  /** An execution provider to insist on; null: the fastest that works. */
  provider?: string | null
  /** Overrides the preferred reviewer's name. */
  reviewer?: string
  /** Where the machine has its power from; absent: nobody knows, so that it counts as the mains. */
  power?: Power
}

export interface Power {
  onBattery(): boolean
  /** Tells of a change. @returns how to stop that */
  onChange(listener: () => void): () => void
}

/** What is the app's and no project's. Projects use it side by side, and nothing in it says which of them are open. */
export interface App {
  readonly options: CoreOptions
  readonly preferences: Preferences
  readonly modelsFolder: string
  /** The processes in which files become texts. */
  readonly reader: Reader
  readonly engine: Engine
  /** The processes in which files become pages, and pages fields. */
  readonly pages: PagesClient
  /** The process in which projects learn. */
  readonly learner: Learner
  /** Between projects that need different models, or lay pages on different templates. */
  readonly turns: { engine: Turns; pages: Turns }
  readonly events: EventBus<AppEvent>
  registry: { models: Model[]; refused: RefusedModel[] }
  /** Set by a shell that can let other people in. */
  sharing: Sharing | null
  /** A newer Nomina, where a person asks for one. */
  readonly updates: Updates
}

export function createApp(given: CoreOptions): App {
  const modelsFolder = join(given.dataDir, 'models')
  mkdirSync(modelsFolder, { recursive: true })
  const [shipped, ...others] = given.modelsDirs
  const reader = openReader(given)
  const own = {
    options: { ...given, modelsDirs: [...(shipped ? [shipped] : []), modelsFolder, ...others] },
    preferences: new Preferences(given.dataDir),
    events: createEventBus<AppEvent>()
  }
  return {
    ...own,
    modelsFolder,
    reader,
    engine: reader.engine,
    pages: reader.pages,
    learner: createLearner(),
    turns: { engine: new Turns(), pages: new Turns() },
    registry: { models: [], refused: [] },
    sharing: null,
    updates: new Updates(own)
  }
}

/** The name that a caller's decisions carry. */
export const reviewerOf = ({ options, preferences }: App, caller: Caller = owner): string =>
  caller.reviewer ?? options.reviewer ?? preferences.reviewer

/** Hashes of the installed models that ship with Nomina. */
export function shippedModels({ registry, options, modelsFolder }: App): ReadonlySet<string> {
  const [first] = options.modelsDirs
  if (first === undefined || first === modelsFolder) return new Set()
  const folder = resolve(first)
  return new Set(registry.models.filter((model) => model.folder === folder).map(({ hash }) => hash))
}
