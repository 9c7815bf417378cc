/** The long operations of an open project: import, recognition, and how the two run beside each other. */
import type { LabelColumns } from '../shared/domain'
import { collectChanges } from './changes'
import { openedProject, type Context } from './context'
import { NominaError } from './failure'
import { importPaths, retrySources } from './ingest'
import type { Model } from './models'
import { recogniseFields } from './recognise'
import { startRun, type Run, type RunControl } from './runs'
import { getSetting } from './store'
import { modelHash } from './store/models'

export interface ImportInput {
  paths: string[]
  labels: LabelColumns | null
  recognise: boolean
}

export function startImport(context: Context, input: ImportInput): Run {
  const { db } = openedProject(context)
  return startIngest(context, input, input.recognise, (run, onFields) => importPaths(db, input, run, { onFields }))
}

export function startRetry(context: Context, sourceIds: number[] | null): Run {
  const { db } = openedProject(context)
  return startIngest(context, { retry: sourceIds }, true, (run, onFields) =>
    retrySources(db, sourceIds, run, { onFields })
  )
}

function startIngest(
  context: Context,
  parameters: unknown,
  recognise: boolean,
  body: (run: RunControl, onFields: (ids: number[]) => void) => Promise<unknown>
): Run {
  refuseSecond(context, 'import')
  const changes = collectChanges(context)
  const arrivals = createSignal()
  const run = start(context, 'import', parameters, (control) =>
    body(control, (ids) => {
      changes.add(ids)
      arrivals.raise()
    })
  )
  let ingesting = true
  const over = (): void => {
    ingesting = false
    changes.flush()
    arrivals.raise()
  }
  run.finished.then(over, over)
  // Without a model the import is still worth its while: the names can be typed, and read later.
  if (recognise && !currentModel(context)) announceEngine(context, noModel(context))
  else if (recognise && !running(context, 'recognise')) {
    startRecognition(context, { moreToCome: () => ingesting, waitForMore: () => arrivals.next() })
  }
  return run
}

/** Reads every field that the project's current model has not read yet. */
export function startRecognition(
  context: Context,
  arrivals: { moreToCome?: () => boolean; waitForMore?: () => Promise<void> } = {}
): Run {
  refuseSecond(context, 'recognise')
  const { db } = openedProject(context)
  const model = currentModel(context)
  if (!model) throw new NominaError('not-found', noModel(context))
  const changes = collectChanges(context)
  const run = start(context, 'recognise', { model: model.manifest.id, hash: model.hash }, (control) => {
    const provider = context.options.provider ?? null
    return recogniseFields(db, { engine: context.engine, model, provider, ...arrivals }, control, {
      onFields: changes.add
    })
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
      recognise: stored.recognise ?? true
    })
  }
  if (kind === 'import') return startRetry(context, stored.retry ?? null)
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
  const what = kind === 'import' ? 'An import' : 'Reading'
  throw new NominaError('busy', `${what} is under way already. Wait for it, or cancel it first.`)
}

function noModel(context: Context): string {
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
