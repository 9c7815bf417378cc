/** What the whole window knows: the app, the open project, its counts, runs and engine. Fed by events. */
import { adoptLanguage, t } from '../i18n'
import { fromCore } from '../i18n/core'
import { keep, kept } from './kept'
import { readKeys } from './changeKeys'
import { chooseKeys } from './keymap'
import { adoptTheme } from './theme.svelte'
import type { EventPayload, Output } from '../../../shared/contract'
import type { QuickJob } from '../../../shared/contract/jobs'
import type { Counts, Filter, Order, Progress, ProjectInfo } from '../../../shared/domain'
import { bringsFields, type QuickKind } from '../../../shared/job-kinds'
import { preferencesOf, type Preferred, type ViewPreferences } from '../../../shared/preferences'
import { type Connection, onConnection } from '../host'
import { call, messageOf, on } from './api'
import { askAgainForPictures } from './images'
import { orToast } from './orToast'
import { toast } from './toasts.svelte'

export type View =
  'home' | 'review' | 'names' | 'list' | 'pages' | 'data' | 'team' | 'import' | 'learning' | 'models' | 'export'
export type AppInfo = Output<'app.info'>
export type EngineReport = Output<'engine.report'>

/** Where the review should open: at a field, with a search. */
export interface ReviewTarget {
  fieldId?: number
  search?: string
  filter?: Filter
  order?: Order
}

class Session {
  /** False until the first answer of the core. */
  ready = $state(false)
  startFailure = $state<string | null>(null)
  info = $state.raw<AppInfo | null>(null)
  project = $state.raw<ProjectInfo | null>(null)
  counts = $state.raw<Counts | null>(null)
  runs = $state.raw<Progress[]>([])
  /** Jobs without a record that are under way. */
  quick = $state.raw<QuickJob[]>([])
  engine = $state.raw<EngineReport | null>(null)
  connection = $state<Connection>('connected')
  view = $state<View>('home')
  homeRequest = $state<'new-from-folder' | 'open-project' | null>(null)
  /** What was dropped on the window or given to the app: the view that takes scans in takes it and clears it. */
  given = $state.raw<string[] | null>(null)
  /** The database that is being brought up to date; null: none is. */
  updating = $state.raw<EventPayload<'project.updating'> | null>(null)
  /** Path of a project that is about to import something by itself: a sample. */
  awaited = $state<string | null>(null)
  reviewTarget = $state.raw<ReviewTarget | null>(null)
  /** Kept by the core for this user, over projects. */
  preferences = $state.raw<ViewPreferences>(preferencesOf({}))

  readonly #anotherProject = new Set<() => void>()

  /** The run that a person waits for now, if any. */
  readonly activeRuns = $derived(this.runs.filter(({ status }) => status === 'running' || status === 'paused'))
  readonly activeRun = $derived(this.activeRuns[0] ?? null)
  /** More fields, or readings of them, are on their way. */
  readonly fieldsAreComing = $derived(this.activeRuns.some(({ kind }) => bringsFields(kind)))
  readonly decided = $derived(this.counts ? this.counts.total - this.counts.undecided - this.counts.failed : 0)

  async start(): Promise<void> {
    on('run.progress', (progress) => this.#progressed(progress))
    on('runs.quick', ({ jobs }) => (this.quick = jobs))
    on('fields.changed', ({ counts }) => (this.counts = counts))
    on('project.updating', (update) => (this.updating = update))
    on('project.changed', ({ project }) => this.setProject(project))
    on('models.changed', () => void this.refresh())
    on('engine.changed', () => void this.refreshEngine())
    onConnection((state) => {
      this.connection = state
      if (state !== 'connected') return
      void this.refresh()
      askAgainForPictures()
    })
    await this.refresh(true)
  }

  /** Asks for everything again: at the start and after a lost connection. */
  async refresh(first = false): Promise<void> {
    try {
      const [info, preferences] = await Promise.all([call('app.info', {}), call('app.preferences', {})])
      this.info = info
      this.preferences = preferences
      adoptLanguage(preferences.language)
      adoptTheme(preferences.theme)
      chooseKeys(readKeys(preferences.keys))
      this.setProject(info.project)
      if (first) this.#comeBack(info.project)
      this.ready = true
      this.startFailure = null
      if (info.project) this.runs = await call('runs.current', {})
      if (info.project && info.role === 'owner') this.quick = await call('runs.quick', {})
      await this.refreshEngine()
    } catch (error) {
      if (!this.ready) this.startFailure = messageOf(error)
    }
  }

  /** Calls `listener` whenever another project is open than before, or none. */
  onAnotherProject(listener: () => void): void {
    this.#anotherProject.add(listener)
  }

  async refreshEngine(): Promise<void> {
    try {
      this.engine = await call('engine.report', {})
    } catch {
      this.engine = null
    }
  }

  setProject(project: ProjectInfo | null): void {
    const another = project?.path !== this.project?.path
    this.project = project
    this.counts = project?.counts ?? null
    if (another) {
      this.runs = []
      this.quick = []
      for (const listener of this.#anotherProject) listener()
    }
    if (!project && this.view !== 'models') this.view = 'home'
    else if (another && project && this.view === 'home' && this.ready) this.view = landingView(project)
  }

  /** Comes back to this view, and in the review to where it is, after the page is loaded again. */
  keepPlace(review: ReviewTarget | null = null): void {
    keep(place, { project: this.project?.path ?? null, view: this.view, review } satisfies Place)
  }

  #comeBack(project: ProjectInfo | null): void {
    const last = kept<Place>(place)
    const here = project !== null && last?.project === project.path
    this.view = here ? last.view : project ? landingView(project) : 'home'
    if (here && last.view === 'review') this.reviewTarget = last.review
  }

  go(view: View): void {
    this.view = view
  }

  /** Shows the projects, and starts what the native menu asked for there: the home view takes `homeRequest` and clears it. */
  goHome(request: 'new-from-folder' | 'open-project'): void {
    this.homeRequest = request
    this.view = 'home'
  }

  /** Opens the review at a field or with a search; the review takes the target and clears it. */
  openInReview(target: ReviewTarget): void {
    this.reviewTarget = target
    this.view = 'review'
  }

  quickOf(kind: QuickKind): QuickJob | undefined {
    return this.quick.find((job) => job.kind === kind)
  }

  async setPreference<Key extends Preferred['key']>(key: Key, value: ViewPreferences[Key]): Promise<void> {
    this.preferences = { ...this.preferences, [key]: value }
    await orToast(
      () => call('app.setPreference', { key, value } as Preferred),
      (reason) => t('common:setting', { reason })
    )
  }

  #progressed(progress: Progress): void {
    const others = this.runs.filter((run) => run.runId !== progress.runId)
    this.runs = [...others, progress].sort((a, b) => a.runId - b.runId)
    if (progress.status === 'failed')
      toast('failure', progress.message ? fromCore(progress.message) : t(`jobs:failed.${progress.kind}`))
  }
}

/** A project without fields starts with import, any other with its review. */
const landingView = (project: ProjectInfo): View => (project.counts.total === 0 ? 'import' : 'review')

const place = 'place'

interface Place {
  project: string | null
  view: View
  review: ReviewTarget | null
}

export const session = new Session()
