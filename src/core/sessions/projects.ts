import { existsSync, realpathSync } from 'node:fs'
import { resolve } from 'node:path'
import { messageOf } from '../../shared/failure'
import { clearHalfMade } from '../../reading/images'
import type { App } from '../app'
import { followCalibration } from '../confidence'
import { cropsFolder } from '../crop'
import { nameOldPages } from '../ingest'
import { cutOffJobs, interruptOrphans } from '../jobs'
import { dropUnusedReadings, learnByItself, leaveLostGeneration } from '../learning'
import { chooseModel, warmEngine } from '../models'
import { tidyExportsOf } from '../export'
import { announceEngine, announceProject, keepReaders, Project, refreshOwnModels } from '../project'
import { finishUndos } from '../review'
import {
  bytesToUpdate,
  checkLater,
  getSetting,
  migrateBeside,
  openStore,
  readCounts,
  readingOnly,
  type Step
} from '../store'
import { kinds } from './kinds'

/** Whoever needs a project to stay open: a window that shows it, a server that shares it. */
export type Holder = object

interface Opened {
  project: Project
  holders: Set<Holder>
  /** Settled when its models are known. */
  ready: Promise<void>
}

/** Bytes of a database that is brought up to date, and how far that is. */
export interface Updating {
  bytes: number
  step?: Step
}

/** The open projects of an app: one folder is opened once, and closed when nobody holds it any more. */
export class OpenProjects {
  private readonly opened = new Map<string, Opened>()
  /** Of each folder whose project is brought up to date. */
  private readonly updates = new Map<string, Promise<void>>()

  constructor(private readonly app: App) {}

  /**
   * @param updating told before the project is brought up to date, and how far that is
   * @throws NominaError as `openStore`
   */
  async open(
    path: string,
    holder: Holder,
    { create = false, updating }: { create?: boolean; updating?: (update: Updating) => void } = {}
  ): Promise<Project> {
    const folder = resolve(path)
    const bytes = updating && !this.at(folder) ? bytesToUpdate(folder) : null
    if (bytes !== null && updating) {
      updating({ bytes })
      await this.update(realpathSync(folder), (step) => updating({ bytes, step }))
    }
    for (let known = this.at(folder); known; known = this.at(folder)) {
      if (known.holders.size) {
        known.holders.add(holder)
        await known.ready
        return known.project
      }
      await known.project.close() // by whoever was the last to hold it
    }
    const db = openStore(folder, { create })
    const project = new Project(this.app, realpathSync(folder), db)
    if (readingOnly(db) === null) interruptOrphans(db)
    const ready = refreshOwnModels(project).then(async () => {
      if (readingOnly(db) !== null) return
      await clearHalfMade(cropsFolder(db)).catch(() => {}) // what can't go now is left for another time
      leaveLostGeneration(project)
      chooseModel(project)
    })
    this.opened.set(project.path, { project, holders: new Set([holder]), ready })
    await ready
    this.app.preferences.remember(project.path)
    return project
  }

  /** Two windows that open it at the same time wait for one and the same. */
  private update(folder: string, stepped: (step: Step) => void): Promise<void> {
    const known = this.updates.get(folder)
    if (known) return known
    const update = migrateBeside(folder, stepped).finally(() => this.updates.delete(folder))
    this.updates.set(folder, update)
    return update
  }

  isOpen(path: string): boolean {
    return this.at(resolve(path)) !== undefined
  }

  isAt(project: Project, path: string): boolean {
    return this.at(resolve(path))?.project === project
  }

  /** Closes the project where nobody else holds it. */
  async release(project: Project, holder: Holder): Promise<void> {
    const known = this.opened.get(project.path)
    if (known?.project !== project || !known.holders.delete(holder) || known.holders.size) return
    await project.close()
    this.opened.delete(project.path)
  }

  /** Starts what was cut off, by a kill or by a quit: what was done stays done, so only the rest is worked on. */
  goOn(project: Project): void {
    if (readingOnly(project.db) === null) this.goOnWriting(project)
    learnByItself(project)
    warmEngine(project)
  }

  private goOnWriting(project: Project): void {
    goOnCalibrating(project)
    goOnUndoing(project)
    goOnNaming(project)
    lookForDamage(project)
    // Those of a project that was read before readers were kept.
    if (readCounts(project.db).read > 0) keepReaders(project)
    // What can't be tidied up now, as on a disk that is gone, is left for another time.
    void project.use(() => tidyExportsOf(project.path)).catch(() => {})
    for (const { kind, parameters } of cutOffJobs(project.db, (kind) => kinds[kind].isStage)) {
      if (project.jobs.running(kind) || kinds[kind].goesOnByItself?.(project) === false) continue
      try {
        kinds[kind].again(project, JSON.parse(parameters))
      } catch (error) {
        announceEngine(project, messageOf(error))
      }
    }
    // Closed meanwhile: the next opening goes on.
    dropUnusedReadings(project).catch(() => {})
  }

  async closeAll(): Promise<void> {
    await Promise.all([...this.opened.values()].map(({ project }) => project.close()))
    this.opened.clear()
  }

  private at(folder: string): Opened | undefined {
    return existsSync(folder) ? this.opened.get(realpathSync(folder)) : undefined
  }
}

/** A calibration whose confidences were not all brought to the fields when Nomina was stopped. */
function goOnCalibrating(project: Project): void {
  const { db, jobs } = project
  if (getSetting(db, 'calibrationPending') === null) return
  jobs.quick
    .run('calibration', null, ({ signal }) => followCalibration(db, signal))
    .then(
      () => project.events.emit('calibration.changed', {}),
      (error: unknown) => announceEngine(project, messageOf(error))
    )
}

/** An undo or redo of many fields that was cut off when Nomina was stopped. */
function goOnUndoing(project: Project): void {
  project
    .use(() => finishUndos(project.db))
    .then(
      (changed) => changed && project.tellFields(null),
      (error: unknown) => announceEngine(project, messageOf(error))
    )
}

/** What it could not do is done by the next start. */
function goOnNaming({ db, jobs, pages }: Project): void {
  const identify = async (path: string, options: { decode: boolean }) =>
    (await pages.call('identify', { path, ...options })).pages
  jobs.quick.run('pageNames', null, ({ signal }) => nameOldPages(db, identify, signal)).catch(() => {})
}

/** Of a large project, which is open long before all of its file was looked through. */
function lookForDamage(project: Project): void {
  const looked = project.jobs.quick.run('damage', null, ({ signal }) => checkLater(project.db, signal))
  looked.then(
    (damage) => {
      project.damage = damage
      if (damage !== null) announceProject(project)
    },
    () => undefined // closed meanwhile: the next start looks again
  )
}
