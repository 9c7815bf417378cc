/** The long operations of an open project: import, recognition, and how the two run beside each other. */
import type { ImportPreview, LabelColumns } from '../shared/domain'
import { announceEngine, currentModel, modelsInUse, type Project } from './project'
import { NominaError } from '../shared/failure'
import { recutImage, registerPages } from './forms/pipeline'
import { assignModels } from './forms/templates'
import { importPaths, previewImport, retrySources, type ImportHooks, type ImportOptions } from './ingest'
import type { Model } from '../reading/models'
import { recogniseFields } from './recognise'
import { startRun, type Run, type RunControl } from './runs'
import { pageCounts } from './store/pages'

export interface ImportInput {
  paths: string[]
  labels: LabelColumns | null
  recognise: boolean
  /** Every image is a page to be laid on the project's templates. */
  pages?: boolean | undefined
}

export function startImport(project: Project, input: ImportInput): Run {
  const { db } = project
  const options = { ...input, ...lookingInto(project), asPages: input.pages === true }
  return startIngest(project, input, input.recognise, (run, hooks) => importPaths(db, options, run, hooks))
}

export function startRetry(project: Project, sourceIds: number[] | null): Run {
  const { db } = project
  return startIngest(project, { retry: sourceIds }, true, (run, hooks) =>
    retrySources(db, sourceIds, run, hooks, lookingInto(project))
  )
}

/** What `startImport` would do with these. Nothing is written. @throws as it */
export const previewOfImport = (
  project: Project,
  { paths, pages }: Pick<ImportInput, 'paths' | 'pages'>
): Promise<ImportPreview> =>
  previewImport(project.db, { paths, asPages: pages === true, ...lookingInto(project) })

/** Files of pages are opened in the pages processes. */
const lookingInto = ({ pages }: Project): Required<Pick<ImportOptions, 'countPages' | 'identify'>> => ({
  countPages: (path) => pages.call('open', { path }),
  identify: async (path, options) => (await pages.call('identify', { path, ...options })).pages
})

function startIngest(
  project: Project,
  parameters: unknown,
  recognise: boolean,
  body: (run: RunControl, hooks: ImportHooks) => Promise<unknown>
): Run {
  refuseSecond(project, 'import')
  const { db } = project
  const fields = createSignal()
  const pages = createSignal()
  let ingesting = true
  let paging = false
  const startPaging = (): void => {
    pages.raise()
    if (paging || running(project, 'pages') || pageCounts(db).pending === 0) return
    paging = true
    const run = startPages(project, {
      moreToCome: () => ingesting,
      waitForMore: () => pages.next(),
      onFields: () => fields.raise()
    })
    const over = (): void => {
      paging = false
      fields.raise()
    }
    run.finished.then(over, over)
  }
  const run = start(project, 'import', parameters, (control) =>
    body(control, {
      onFields: (ids) => {
        project.changes.add(ids)
        fields.raise()
      },
      onPages: startPaging
    })
  )
  const over = (): void => {
    ingesting = false
    project.changes.flush()
    // Also what an earlier import left: it was cut off, or there was no template yet.
    if (db.open && run.progress().status === 'done') startPaging()
    pages.raise()
    fields.raise()
  }
  run.finished.then(over, over)
  // Without a model the import is still worth its while: the names can be typed, and read later.
  if (recognise && !currentModel(project)) announceEngine(project, noModel(project))
  else if (recognise && !running(project, 'recognise')) {
    startRecognition(project, { moreToCome: () => ingesting || paging, waitForMore: () => fields.next() })
  }
  return run
}

export interface PagesArrivals {
  moreToCome?: () => boolean
  waitForMore?: () => Promise<void>
  onFields?: () => void
}

/** Registers every page that waits, and cuts its fields. */
export function startPages(project: Project, { onFields, ...arrivals }: PagesArrivals = {}): Run {
  refuseSecond(project, 'pages')
  const { db } = project
  const run = start(project, 'pages', {}, (control) =>
    registerPages(db, { client: project.pages, ...arrivals }, control, {
      onFields: (ids) => {
        project.changes.add(ids)
        onFields?.()
      },
      onPages: (ids) => announcePages(project, ids)
    })
  )
  const over = (): void => {
    project.changes.flush()
    announcePages(project, null)
  }
  run.finished.then(over, over)
  return run
}

/** Registers what waits, where nothing is at it already, and reads what comes of it. @returns null where nothing waits */
export function startPagesAndReading(project: Project, recognise: boolean): Run | null {
  const { db } = project
  const under = running(project, 'pages')
  if (under || pageCounts(db).pending === 0) return under ?? null
  const fields = createSignal()
  let paging = true
  const run = startPages(project, { onFields: () => fields.raise() })
  const over = (): void => {
    paging = false
    fields.raise()
  }
  run.finished.then(over, over)
  if (recognise && currentModel(project) && !running(project, 'recognise'))
    startRecognition(project, { moreToCome: () => paging, waitForMore: () => fields.next() })
  return run
}

export function announcePages(project: Project, ids: number[] | null): void {
  if (project.db.open) project.events.emit('pages.changed', { ids, counts: pageCounts(project.db) })
}

/** Reads every field that its model, the project's or its own, has not read yet. */
export function startRecognition(
  project: Project,
  arrivals: { moreToCome?: () => boolean; waitForMore?: () => Promise<void> } = {}
): Run {
  refuseSecond(project, 'recognise')
  const { db } = project
  const model = currentModel(project)
  if (!model) throw new NominaError('not-found', noModel(project))
  project.changes.add(assignModels(db, project.app.registry.models))
  const run = start(project, 'recognise', { model: model.manifest.id, hash: model.hash }, (control) => {
    const provider = project.app.options.provider ?? null
    const recut = (imageId: number): Promise<void> => recutImage(db, project.pages, imageId)
    const others = (): Model[] => modelsInUse(project).filter((other) => other !== model)
    const options = { engine: project.engine, model, others, provider, recut, ...arrivals }
    return recogniseFields(db, options, control, { onFields: project.changes.add })
  })
  const over = (): void => {
    project.changes.flush()
    announceEngine(project)
  }
  run.finished.then(over, over)
  return run
}

/** Starts again what a killed process left behind; what was done stays done, so only the rest is worked on. */
export function resumeRun(project: Project, kind: Run['kind'], parameters: string): Run | null {
  const stored = JSON.parse(parameters) as Partial<ImportInput> & { retry?: number[] | null }
  if (kind === 'import' && stored.paths) {
    return startImport(project, {
      paths: stored.paths,
      labels: stored.labels ?? null,
      recognise: stored.recognise ?? true,
      pages: stored.pages
    })
  }
  if (kind === 'import') return startRetry(project, stored.retry ?? null)
  if (kind === 'pages') return running(project, 'pages') ?? startPages(project)
  if (kind === 'recognise' && !running(project, 'recognise')) return startRecognition(project)
  return null
}

function start(
  project: Project,
  kind: Run['kind'],
  parameters: unknown,
  body: (run: RunControl) => Promise<unknown>
): Run {
  const { db } = project
  const emit = (progress: ReturnType<Run['progress']>): void => project.events.emit('run.progress', progress)
  const run = startRun(db, kind, parameters, emit, body)
  project.runs = [...project.runs.filter((other) => other.kind !== kind), run]
  emit(run.progress())
  return run
}

function running(project: Project, kind: Run['kind']): Run | undefined {
  return project.runs.find((run) => run.kind === kind && ['running', 'paused'].includes(run.progress().status))
}

function refuseSecond(project: Project, kind: Run['kind']): void {
  if (!running(project, kind)) return
  const what = { import: 'An import', pages: 'Finding fields' }[kind as string] ?? 'Reading'
  throw new NominaError('busy', `${what} is under way already. Wait for it, or cancel it first.`)
}

function noModel(project: Project): string {
  const installed = project.app.registry.models.map(({ manifest }) => manifest.id)
  if (installed.length) {
    return (
      'The model that this project was read with is not installed any more. Its readings and all decisions are kept; ' +
      `to read more, choose a model: ${installed.join(', ')}.`
    )
  }
  const refused = project.app.registry.refused.map((model) => model.reason).join(' ')
  return `There is no model to read with. Put one into ${project.app.modelsFolder}. ${refused}`.trim()
}

function createSignal(): { raise(): void; next(): Promise<void> } {
  let wake = (): void => {}
  let pending = false
  return {
    raise() {
      pending = true
      wake()
    },
    async next() {
      if (!pending) await new Promise<void>((resolve) => (wake = resolve))
      pending = false
    }
  }
}
