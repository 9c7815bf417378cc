import { existsSync, mkdirSync, realpathSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import type { ProjectInfo } from '../shared/domain'
import { followCalibration } from './confidence'
import { announceEngine, currentModel, resumeRun, startImport } from './jobs'
import { openedProject, type Context } from './context'
import { messageOf, NominaError } from '../shared/failure'
import { importTemplate } from './forms/templates'
import { inspectLabels } from './ingest'
import { preferredModel } from '../reading/models'
import { finishUndos } from './review'
import { interruptOrphans } from './runs'
import { closeStore, deriveFields, getSetting, hasStore, immediate, openStore, readCounts, setSetting } from './store'
import { rememberModel } from './store/models'
import { listRoots } from './store/sources'
import { stopTasks, together } from './tasks'

const SAMPLE_NAMES = { fields: 'Sample', forms: 'Sample forms' }

/**
 * Opens a project (closing the one before). Runs that a dead process left are marked interrupted and, with `goOn`,
 * started again where they stopped.
 */
export async function openProject(
  context: Context,
  path: string,
  { create = false, goOn = false }: { create?: boolean; goOn?: boolean } = {}
): Promise<ProjectInfo> {
  const folder = resolve(path)
  if (context.project && existsSync(folder) && context.project.path === realpathSync(folder))
    return projectInfo(context)
  const db = openStore(folder, { create }) // before closing the other: a failure leaves everything as it was
  await closeProject(context)
  const real = realpathSync(folder)
  context.project = { path: real, name: basename(real), db }
  const orphans = interruptOrphans(db)
  chooseModel(context)
  context.preferences.remember(real)
  announceProject(context)
  goOnCalibrating(context)
  goOnUndoing(context)
  if (goOn) {
    for (const run of orphans) {
      try {
        resumeRun(context, run.kind, run.parameters)
      } catch (error) {
        announceEngine(context, messageOf(error))
      }
    }
    warmEngine(context)
  }
  return projectInfo(context)
}

export async function closeProject(context: Context): Promise<void> {
  const { project, runs } = context
  if (!project) return
  for (const run of runs) run.stop('interrupted')
  await Promise.allSettled(runs.map((run) => run.finished))
  await stopTasks(project.db)
  context.runs = []
  context.project = null
  closeStore(project.db)
  announceProject(context)
}

export function createProject(context: Context, path: string): Promise<ProjectInfo> {
  if (hasStore(path)) throw new NominaError('exists', `There is a project in ${path} already. Open it instead.`)
  return openProject(context, path, { create: true })
}

/** A sample project: made at the first call, imported and read by itself. */
export async function openSample(context: Context, sample: 'fields' | 'forms' = 'fields'): Promise<ProjectInfo> {
  const path = join(projectsFolder(context), SAMPLE_NAMES[sample])
  if (hasStore(path)) return openProject(context, path, { goOn: true })
  const samples = join(context.options.samplesDir, sample)
  const first = join(samples, sample === 'fields' ? 'labels.csv' : 'template.json')
  if (!existsSync(first)) throw new NominaError('not-found', `The samples are missing from ${samples}.`)
  mkdirSync(path, { recursive: true })
  const info = await openProject(context, path, { create: true })
  if (sample === 'fields') {
    const { chosen } = await inspectLabels({ path: first, paths: [samples] })
    startImport(context, { paths: [samples], labels: chosen, recognise: true })
  } else {
    await importTemplate(openedProject(context).db, context.pages, first)
    startImport(context, { paths: [join(samples, 'pages')], labels: null, recognise: true, pages: true })
  }
  return info
}

export function projectInfo(context: Context): ProjectInfo {
  const { path, name, db } = openedProject(context)
  const roots = listRoots(db).map((root) => ({ path: root.path, reachable: existsSync(root.path) }))
  return { path, name, counts: readCounts(db), currentModel: currentModel(context)?.manifest.id ?? null, roots }
}

export function announceProject(context: Context): void {
  context.bus.emit('project.changed', { project: context.project ? projectInfo(context) : null })
}

/** Makes `id` the project's model: its readings become the best ones where it has read. */
export function selectModel(context: Context, id: string): void {
  const { db } = openedProject(context)
  const model = context.registry.models.find((candidate) => candidate.manifest.id === id)
  if (!model) {
    const known = context.registry.models.map((candidate) => candidate.manifest.id).join(', ') || 'none'
    const refused = context.registry.refused.map((candidate) => ` ${candidate.reason}`).join('')
    throw new NominaError('not-found', `There is no model ${id}. Installed: ${known}.${refused}`)
  }
  immediate(db, () => {
    const modelId = rememberModel(db, model)
    if (getSetting<number>(db, 'currentModel') === modelId) return
    setSetting(db, 'currentModel', modelId)
    deriveFields(db, 'all', modelId)
  })
}

/**
 * As `selectModel`, once the model has been tried: of one that is broken the project never hears, and keeps its own.
 * Not tried while reading is under way, since the engine holds one model.
 * @throws NominaError `refused` with what is wrong and where, `not-found`
 */
export async function selectTriedModel(context: Context, id: string): Promise<void> {
  const model = context.registry.models.find((candidate) => candidate.manifest.id === id)
  const isReading = context.runs.some(
    (run) => run.kind === 'recognise' && ['running', 'paused'].includes(run.progress().status)
  )
  if (model && !isReading) {
    try {
      await context.engine.load(model, context.options.provider ?? null)
    } catch (error) {
      // An engine that can't be started at all is no fault of the model; the run will tell of it.
      if (error instanceof NominaError && error.code === 'refused') throw error
    }
  }
  selectModel(context, id)
}

export function suggestPath(context: Context, name: string): string {
  const folder = projectsFolder(context)
  const safe = [...name]
    .map((c) => (c < ' ' || '<>:"/\\|?*'.includes(c) ? '-' : c))
    .join('')
    .replace(/^\.+|[. ]+$/g, '')
    .trim()
  const base = safe || 'Project'
  for (let n = 1; ; n++) {
    const path = join(folder, n === 1 ? base : `${base} ${n}`)
    if (!existsSync(path)) return path
  }
}

const projectsFolder = (context: Context): string => join(context.options.dataDir, 'projects')

/** A project keeps its model; where it has none, or that one is gone, the preferred installed one is taken. */
function chooseModel(context: Context): void {
  if (currentModel(context)) return
  const { models } = context.registry
  const { db } = openedProject(context)
  // A project that was read by a model that is not here now keeps its readings: a person chooses another.
  if (getSetting<number>(db, 'currentModel') !== null && readCounts(db).read > 0) return
  const model = preferredModel(models)
  if (model) selectModel(context, model.manifest.id)
}

/** A calibration whose confidences were not all brought to the fields when Nomina was stopped. */
function goOnCalibrating(context: Context): void {
  const { db } = openedProject(context)
  if (getSetting<number>(db, 'calibrationPending') === null) return
  together(db, 'calibration', (signal) => followCalibration(db, signal)).then(
    () => context.bus.emit('calibration.changed', {}),
    (error: unknown) => announceEngine(context, messageOf(error))
  )
}

/** An undo or redo of many fields that was cut off when Nomina was stopped. */
function goOnUndoing(context: Context): void {
  const { db } = openedProject(context)
  finishUndos(db).then(
    (changed) => changed && context.bus.emit('fields.changed', { ids: null, counts: readCounts(db) }),
    (error: unknown) => announceEngine(context, messageOf(error))
  )
}

/** Loads the current model ahead of need, so that a single field is read at once and the provider is known. */
function warmEngine(context: Context): void {
  const model = currentModel(context)
  if (!model) return
  context.engine.load(model, context.options.provider ?? null).then(
    ({ note }) => announceEngine(context, note),
    (error) => announceEngine(context, messageOf(error))
  )
}
