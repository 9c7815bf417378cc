import { EventEmitter } from 'node:events'
import type { EventName, EventPayload, ImageSize, Reply, EndpointName } from '../../shared/contract'
import { projectEvents } from '../../shared/contract'
import type { PageImageSize } from '../../shared/contract/forms'
import { NominaError, say } from '../../shared/failure'
import { owner, reviewerOf, type App, type Caller } from '../app'
import type { FieldImage } from '../crop'
import { downloadOf, type Download } from '../export'
import { cropImage, pageImage, shownTemplate } from '../forms/images'
import { learnByItself } from '../learning'
import { describeModels } from '../models'
import { projectInfo, type OpenOptions, type Project, type Session } from '../project'
import { answer } from './dispatch'
import { withoutPlaces } from './private'
import type { OpenProjects } from './projects'

/** What a shell gives to a window, or to whoever comes by a link: calls are answered and events told of its project alone. */
export class WindowSession implements Session {
  private shown: Project | null = null
  private readonly emitter = new EventEmitter().setMaxListeners(0)
  private stops: (() => void)[] = []
  private last: Promise<unknown> = Promise.resolve()
  private readonly stopsOfApp: (() => void)[]

  constructor(
    private readonly app: App,
    private readonly projects: OpenProjects,
    readonly caller: Caller = owner
  ) {
    this.stopsOfApp = [
      app.events.on('models.changed', () => this.tell('models.changed', describeModels(app, this.shown))),
      ...(caller.role === 'owner'
        ? (['learning.setup', 'updates.changed'] as const).map((name) =>
            app.events.on(name, (state) => this.tell(name, state as never))
          )
        : [])
    ]
  }

  get project(): Project | null {
    return this.shown
  }

  /** Validates, runs and answers; never throws. */
  async call(name: string, input: unknown): Promise<Reply<EndpointName>> {
    return this.forCaller(await answer(this.app, this, name, input))
  }

  on<N extends EventName>(name: N, listener: (payload: EventPayload<N>) => void): () => void {
    this.emitter.on(name, listener)
    return () => void this.emitter.off(name, listener)
  }

  /** @throws NominaError('not-found' | 'no-project') */
  image(fieldId: number, size: ImageSize, signal?: AbortSignal): Promise<FieldImage> {
    return this.use((project) => cropImage(project, fieldId, size, signal))
  }

  /** @throws NominaError('not-found' | 'no-project' | 'unreadable') */
  pageImage(pageId: number, size: PageImageSize): Promise<FieldImage> {
    return this.use((project) => pageImage(project, pageId, size))
  }

  /** @throws NominaError('not-found' | 'no-project') */
  templateImage(templateId: number): Promise<FieldImage> {
    return this.use((project) => shownTemplate(project, templateId))
  }

  /** A file of an export; only for whoever may export. @throws NominaError('not-found' | 'no-project' | 'refused') */
  exported(exportId: number, index: number): Promise<Download> {
    if (this.caller.role !== 'owner') return Promise.reject(new NominaError('refused', 'Your link is for reviewing.'))
    return this.use(({ db }) => downloadOf(db, exportId, index))
  }

  open(path: string, { create = false, goOn = false }: OpenOptions = {}): Promise<Project> {
    return this.inTurn(async () => {
      // Opened before the other is closed: a failure leaves everything as it was.
      const project = await this.projects.open(path, this, {
        create,
        updating: (update) => this.tell('project.updating', update)
      })
      if (project === this.shown) return project
      await this.leave()
      this.show(project)
      if (goOn) this.projects.goOn(project)
      return project
    })
  }

  whileClosed<T>(path: string, work: () => Promise<T>): Promise<T> {
    return this.inTurn(async () => {
      if (this.shown && this.projects.isAt(this.shown, path)) await this.leave()
      if (this.projects.isOpen(path))
        throw new NominaError('busy', 'Another window or a link has this project open. Close it there first.')
      return work()
    })
  }

  close(): Promise<void> {
    return this.inTurn(() => this.leave())
  }

  /** One project is shown at a time, whatever is asked for meanwhile. */
  private inTurn<T>(change: () => Promise<T>): Promise<T> {
    const changed = this.last.then(change)
    this.last = changed.catch(() => undefined)
    return changed
  }

  private async leave(): Promise<void> {
    const before = this.shown
    if (!before) return
    this.shown = null
    for (const stop of this.stops.splice(0)) stop()
    await this.projects.release(before, this)
    this.tell('project.changed', { project: null })
  }

  /** The window is gone. */
  async end(): Promise<void> {
    this.emitter.removeAllListeners()
    for (const stop of this.stopsOfApp) stop()
    await this.close()
  }

  /** Somebody is here, until the answer is called: a window of this link is open. */
  arrive(): () => void {
    return this.shown?.team?.arrive(reviewerOf(this.app, this.caller)) ?? (() => {})
  }

  private show(project: Project): void {
    this.shown = project
    const names = Object.keys(projectEvents) as (keyof typeof projectEvents)[]
    this.stops = names.map((name) => project.events.on(name, (payload) => this.tell(name, payload)))
    this.tell('project.changed', { project: projectInfo(project) })
    learnByItself(project)
  }

  private tell<N extends EventName>(name: N, payload: EventPayload<N>): void {
    // What a reviewer is told is searched for paths. That takes time, and is not done where nobody listens.
    if (this.emitter.listenerCount(name) > 0) this.emitter.emit(name, this.forCaller(payload))
  }

  private forCaller<T>(told: T): T {
    return this.caller.role === 'owner' ? told : withoutPlaces(told, this.app, this.shown)
  }

  private use<T>(work: (project: Project) => Promise<T>): Promise<T> {
    const project = this.shown
    if (!project) return Promise.reject(new NominaError('no-project', say('noProject')))
    return project.use(() => work(project))
  }
}
