/** The long operations of an open project: import, recognition, and how the two run beside each other. */
import type { ImportPreview, LabelColumns } from '../shared/domain'
import { collectChanges } from './changes'
import { openedProject, type Context } from './context'
import { NominaError } from '../shared/failure'
import { recutImage, registerPages } from './forms/pipeline'
import { assignModels } from './forms/templates'
import { importPaths, previewImport, retrySources, type ImportHooks, type ImportOptions } from './ingest'
import type { Model } from '../reading/models'
import { recogniseFields } from './recognise'
import { startRun, type Run, type RunControl } from './runs'
import { getSetting } from './store'
import { modelsOfFields } from './store/field-models'
import { modelHash } from './store/models'
import { pageCounts } from './store/pages'

export interface ImportInput {
  paths: string[]
  labels: LabelColumns | null
  recognise: boolean
  /** Every image is a page to be laid on the project's templates. */
  pages?: boolean | undefined
}

export function startImport(context: Context, input: ImportInput): Run {
  const { db } = openedProject(context)
  const options = { ...input, ...lookingInto(context), asPages: input.pages === true }
  return startIngest(context, input, input.recognise, (run, hooks) => importPaths(db, options, run, hooks))
}

export function startRetry(context: Context, sourceIds: number[] | null): Run {
  const { db } = openedProject(context)
  return startIngest(context, { retry: sourceIds }, true, (run, hooks) =>
    retrySources(db, sourceIds, run, hooks, lookingInto(context))
  )
}

/** What `startImport` would do with these. Nothing is written. @throws as it */
export const previewOfImport = (
  context: Context,
  { paths, pages }: Pick<ImportInput, 'paths' | 'pages'>
): Promise<ImportPreview> =>
  previewImport(openedProject(context).db, { paths, asPages: pages === true, ...lookingInto(context) })

/** Files of pages are opened in the pages processes. */
const lookingInto = ({ pages }: Context): Required<Pick<ImportOptions, 'countPages' | 'identify'>> => ({
  countPages: (path) => pages.call('open', { path }),
  identify: async (path, options) => (await pages.call('identify', { path, ...options })).pages
})

function startIngest(
  context: Context,
  parameters: unknown,
  recognise: boolean,
  body: (run: RunControl, hooks: ImportHooks) => Promise<unknown>
): Run {
  refuseSecond(context, 'import')
  const { db } = openedProject(context)
  const changes = collectChanges(context)
  const fields = createSignal()
  const pages = createSignal()
  let ingesting = true
  let paging = false
  const startPaging = (): void => {
    pages.raise()
    if (paging || running(context, 'pages') || pageCounts(db).pending === 0) return
    paging = true
    const run = startPages(context, {
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
  const run = start(context, 'import', parameters, (control) =>
    body(control, {
      onFields: (ids) => {
        changes.add(ids)
        fields.raise()
      },
      onPages: startPaging
    })
  )
  const over = (): void => {
    ingesting = false
    changes.flush()
    // Also what an earlier import left: it was cut off, or there was no template yet.
    if (context.project?.db === db && db.open && run.progress().status === 'done') startPaging()
    pages.raise()
    fields.raise()
  }
  run.finished.then(over, over)
  // Without a model the import is still worth its while: the names can be typed, and read later.
  if (recognise && !currentModel(context)) announceEngine(context, noModel(context))
  else if (recognise && !running(context, 'recognise')) {
    startRecognition(context, { moreToCome: () => ingesting || paging, waitForMore: () => fields.next() })
  }
  return run
}

export interface PagesArrivals {
  moreToCome?: () => boolean
  waitForMore?: () => Promise<void>
  onFields?: () => void
}

/** Registers every page that waits, and cuts its fields. */
export function startPages(context: Context, { onFields, ...arrivals }: PagesArrivals = {}): Run {
  refuseSecond(context, 'pages')
  const { db } = openedProject(context)
  const changes = collectChanges(context)
  const run = start(context, 'pages', {}, (control) =>
    registerPages(db, { client: context.pages, ...arrivals }, control, {
      onFields: (ids) => {
        changes.add(ids)
        onFields?.()
      },
      onPages: (ids) => announcePages(context, ids)
    })
  )
  const over = (): void => {
    changes.flush()
    announcePages(context, null)
  }
  run.finished.then(over, over)
  return run
}

/** Registers what waits, where nothing is at it already, and reads what comes of it. @returns null where nothing waits */
export function startPagesAndReading(context: Context, recognise: boolean): Run | null {
  const { db } = openedProject(context)
  const under = running(context, 'pages')
  if (under || pageCounts(db).pending === 0) return under ?? null
  const fields = createSignal()
  let paging = true
  const run = startPages(context, { onFields: () => fields.raise() })
  const over = (): void => {
    paging = false
    fields.raise()
  }
  run.finished.then(over, over)
  if (recognise && currentModel(context) && !running(context, 'recognise'))
    startRecognition(context, { moreToCome: () => paging, waitForMore: () => fields.next() })
  return run
}

export function announcePages(context: Context, ids: number[] | null): void {
  if (context.project?.db.open) context.bus.emit('pages.changed', { ids, counts: pageCounts(context.project.db) })
}

/** Reads every field that its model, the project's or its own, has not read yet. */
export function startRecognition(
  context: Context,
  arrivals: { moreToCome?: () => boolean; waitForMore?: () => Promise<void> } = {}
): Run {
  refuseSecond(context, 'recognise')
  const { db } = openedProject(context)
  const model = currentModel(context)
  if (!model) throw new NominaError('not-found', noModel(context))
  const changes = collectChanges(context)
  changes.add(assignModels(db, context.registry.models))
  const run = start(context, 'recognise', { model: model.manifest.id, hash: model.hash }, (control) => {
    const provider = context.options.provider ?? null
    const recut = (imageId: number): Promise<void> => recutImage(db, context.pages, imageId)
    const others = (): Model[] => modelsInUse(context).filter((other) => other !== model)
    const options = { engine: context.engine, model, others, provider, recut, ...arrivals }
    return recogniseFields(db, options, control, { onFields: changes.add })
  })
  const over = (): void => {
    changes.flush()
    announceEngine(context)
  }
  run.finished.then(over, over)
  return run
}

/** Starts again what a killed process left behind; what was done stays done, so only the rest is worked on. */
export function resumeRun(context: Context, kind: Run['kind'], parameters: string): Run | null {
  const stored = JSON.parse(parameters) as Partial<ImportInput> & { retry?: number[] | null }
  if (kind === 'import' && stored.paths) {
    return startImport(context, {
      paths: stored.paths,
      labels: stored.labels ?? null,
      recognise: stored.recognise ?? true,
      pages: stored.pages
    })
  }
  if (kind === 'import') return startRetry(context, stored.retry ?? null)
  if (kind === 'pages') return running(context, 'pages') ?? startPages(context)
  if (kind === 'recognise' && !running(context, 'recognise')) return startRecognition(context)
  return null
}

/** The model that the project reads with, as long as it is installed. */
export function currentModel(context: Context): Model | null {
  const { db } = openedProject(context)
  const id = getSetting<number>(db, 'currentModel')
  const hash = id === null ? null : modelHash(db, id)
  return context.registry.models.find((model) => model.hash === hash) ?? null
}

/** The project's model, and those that its fields ask for, as far as they are installed. */
export function modelsInUse(context: Context): Model[] {
  const { db } = openedProject(context)
  const hashes = modelsOfFields(db).map((id) => modelHash(db, id))
  const own = currentModel(context)
  return [...(own ? [own] : []), ...context.registry.models.filter((one) => one !== own && hashes.includes(one.hash))]
}

export function announceEngine(context: Context, note: string | null = null): void {
  const { provider, fieldsPerSecond } = context.engine.report()
  context.bus.emit('engine.changed', { provider, fieldsPerSecond, note })
}

function start(
  context: Context,
  kind: Run['kind'],
  parameters: unknown,
  body: (run: RunControl) => Promise<unknown>
): Run {
  const { db } = openedProject(context)
  const emit = (progress: ReturnType<Run['progress']>): void => context.bus.emit('run.progress', progress)
  const run = startRun(db, kind, parameters, emit, body)
  context.runs = [...context.runs.filter((other) => other.kind !== kind), run]
  emit(run.progress())
  return run
}

function running(context: Context, kind: Run['kind']): Run | undefined {
  return context.runs.find((run) => run.kind === kind && ['running', 'paused'].includes(run.progress().status))
}

function refuseSecond(context: Context, kind: Run['kind']): void {
  if (!running(context, kind)) return
  const what = { import: 'An import', pages: 'Finding fields' }[kind as string] ?? 'Reading'
  throw new NominaError('busy', `${what} is under way already. Wait for it, or cancel it first.`)
}

function noModel(context: Context): string {
  const installed = context.registry.models.map(({ manifest }) => manifest.id)
  if (installed.length) {
    return (
      'The model that this project was read with is not installed any more. Its readings and all decisions are kept; ' +
      `to read more, choose a model: ${installed.join(', ')}.`
    )
  }
  const refused = context.registry.refused.map((model) => model.reason).join(' ')
  return `There is no model to read with. Put one into ${context.modelsFolder}. ${refused}`.trim()
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
