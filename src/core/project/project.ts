import { basename } from 'node:path'
import type { Engine } from '../../reading/engine'
import type { PagesClient } from '../../reading/pages/process'
import type { Model } from '../../reading/models'
import type { ProjectEvent } from '../../shared/contract'
import type { RefusedModel } from '../../shared/domain'
import { NominaError, say } from '../../shared/failure'
import { createEventBus, type App } from '../app'
import { Jobs } from '../jobs'
import { closesWith, closeStore, readCounts, type Database } from '../store'
import { collectChanges } from './changes'
import { identify } from './identity'
import { lendEngine, lendPages } from './lent'
import type { Team } from './team'

/**
 * One open project with all that is its own: database, jobs, events, people. Whoever is handed it need not ask which one is
 * meant. What it shares with others, it has of the app.
 */
export class Project {
  /** Kept in its file: the same wherever its folder lies. */
  readonly id: string
  readonly name: string
  readonly events = createEventBus<ProjectEvent>()
  /** Tells of fields that jobs change, a few times a second. */
  readonly changes = collectChanges((ids) => this.tellFields(ids))
  /** The engine, with the model that this project loaded last. */
  readonly engine: Engine
  /** The pages processes, with this project's templates. */
  readonly pages: PagesClient
  readonly jobs: Jobs
  /** Who the project is shared with; null: nobody, the one person at this machine reviews. */
  team: Team | null = null
  /** What lies in its own models folder: see `refreshOwnModels`. */
  ownModels: { models: Model[]; refused: RefusedModel[] } = { models: [], refused: [] }
  /** Those that its generations began from: see `keepModel`. */
  keptModels: Model[] = []
  /** What was found wrong with its file after it was opened, in words. */
  damage: string | null = null
  private readonly underWay = new Set<Promise<unknown>>()
  private readonly ending = new AbortController()
  private closed: Promise<void> | null = null

  constructor(
    readonly app: App,
    readonly path: string,
    readonly db: Database
  ) {
    closesWith(db, this.ending.signal)
    this.id = identify(db)
    this.name = basename(path)
    this.jobs = new Jobs(
      db,
      (progress) => this.events.emit('run.progress', progress),
      (jobs) => this.events.emit('runs.quick', { jobs })
    )
    this.engine = lendEngine(app.engine, app.turns.engine)
    this.pages = lendPages(app.pages, app.turns.pages)
  }

  /** Given when the project is being closed. */
  get signal(): AbortSignal {
    return this.ending.signal
  }

  /**
   * Does something with the project, which is not closed before that has ended.
   * @throws NominaError('no-project') where it is being closed already
   */
  async use<T>(work: () => T | Promise<T>): Promise<T> {
    this.ending.signal.throwIfAborted()
    const result = (async () => work())()
    this.underWay.add(result)
    try {
      return await result
    } finally {
      this.underWay.delete(result)
    }
  }

  /** Tells every window of this project that these fields are others now; null: too many to name. */
  tellFields(ids: number[] | null): void {
    this.events.emit('fields.changed', { ids, counts: readCounts(this.db) })
  }

  /** Stops what it does and lets go of its file. What was cut off goes on when it is opened again. */
  close(): Promise<void> {
    this.closed ??= this.end()
    return this.closed
  }

  private async end(): Promise<void> {
    const reason = new NominaError('no-project', say('closed'))
    this.ending.abort(reason)
    await this.jobs.end(reason)
    while (this.underWay.size) await Promise.allSettled(this.underWay)
    this.changes.flush()
    closeStore(this.db)
  }
}
