import type { AppEvent } from '../../shared/contract'
import type { CannotUpdate, Newer, UpdateFault, UpdateState } from '../../shared/contract/updates'
import { messageOf, NominaError, say } from '../../shared/failure'
import type { EventBus } from './events'
import type { Preferences } from './preferences'

/** How a shell gets a newer Nomina. Nothing of it is called, nor asks anybody anything, before a person wants it. */
export interface Updater {
  readonly unable: CannotUpdate | null
  /** Where whoever made the package has newer ones looked for. */
  readonly feed: string | null
  /** @returns null where there is none. @throws UpdateFailure */
  look(feed: string): Promise<Newer | null>
  /** Fetches what was found last. @throws UpdateFailure */
  fetch(progressed: (bytes: number, total: number) => void, signal: AbortSignal): Promise<void>
  /** Quits and installs what was fetched. `failed` is called where it could not. */
  install(failed: (why: unknown) => void): void
}

export class UpdateFailure extends Error {
  constructor(
    readonly fault: UpdateFault,
    detail: string
  ) {
    super(detail)
    this.name = 'UpdateFailure'
  }
}

type Step = UpdateState['step']

interface Parts {
  options: { version: string }
  preferences: Preferences
  events: EventBus<AppEvent>
}

/** One look, or one package being fetched, at a time. */
export class Updates {
  private step: Step = { at: 'idle' }
  private ending: AbortController | null = null
  /** Set by a shell that can get a newer Nomina; it tells of changes. */
  updater: Updater | null = null

  constructor(private readonly app: Parts) {}

  get state(): UpdateState {
    return {
      version: this.app.options.version,
      unable: this.updater === null ? 'browser' : this.updater.unable,
      feed: this.feed,
      step: this.step
    }
  }

  private get feed(): UpdateState['feed'] {
    const chosen = this.app.preferences.values.updateFeed
    if (chosen !== null && isFeed(chosen)) return { url: chosen, by: 'person' }
    const packaged = this.updater?.feed
    return packaged ? { url: packaged, by: 'package' } : null
  }

  /** @throws NominaError `invalid-input` */
  async setFeed(url: string | null): Promise<void> {
    const chosen = url?.trim() || null
    if (chosen !== null && !isFeed(chosen)) throw new NominaError('invalid-input', say('updateFeed'))
    this.stop()
    this.app.preferences.setValue('updateFeed', chosen)
    await this.app.preferences.written()
    this.go({ at: 'idle' })
  }

  /** @throws NominaError `refused` where this Nomina can't, or where no address is set */
  look(): void {
    const { updater, url } = this.able()
    if (this.ending || this.step.at === 'ready') return
    this.work({ at: 'looking' }, null, async () => {
      const newer = await updater.look(url)
      return newer ? { at: 'found', newer } : { at: 'newest', since: new Date().toISOString() }
    })
  }

  fetch(): void {
    const { updater } = this.able()
    const { step } = this
    const newer = step.at === 'found' || step.at === 'failed' ? step.newer : null
    if (!newer || this.ending) return
    this.work({ at: 'fetching', newer, bytes: 0, total: newer.bytes }, newer, async (signal) => {
      await updater.fetch((bytes, total) => {
        if (!signal.aborted) this.go({ at: 'fetching', newer, bytes, total })
      }, signal)
      return { at: 'ready', newer }
    })
  }

  /** What was found stays found. */
  stop(): void {
    if (!this.ending) return
    this.ending.abort()
    this.ending = null
    this.go(this.step.at === 'fetching' ? { at: 'found', newer: this.step.newer } : { at: 'idle' })
  }

  install(): void {
    const { updater } = this.able()
    const { step } = this
    if (step.at !== 'ready') return
    updater.install((why) => this.go(failedStep(why, step.newer, 'notInstalled')))
  }

  private able(): { updater: Updater; url: string } {
    if (!this.updater || this.updater.unable) throw new NominaError('refused', say('updatesNotHere'))
    const { feed } = this
    if (!feed) throw new NominaError('refused', say('updatesNowhere'))
    return { updater: this.updater, url: feed.url }
  }

  /** @param newer what stays known where it fails */
  private work(step: Step, newer: Newer | null, act: (signal: AbortSignal) => Promise<Step>): void {
    const ending = (this.ending = new AbortController())
    this.go(step)
    const done = (next: Step): void => {
      if (this.ending !== ending) return // it was stopped meanwhile
      this.ending = null
      this.go(next)
    }
    act(ending.signal).then(done, (error: unknown) => done(failedStep(error, newer, 'other')))
  }

  private go(step: Step): void {
    this.step = step
    this.app.events.emit('updates.changed', this.state)
  }
}

const failedStep = (error: unknown, newer: Newer | null, fault: UpdateFault): Step => ({
  at: 'failed',
  fault: error instanceof UpdateFailure ? error.fault : fault,
  detail: messageOf(error),
  newer
})

const loopback = ['localhost', '127.0.0.1', '[::1]']

/** Over a connection that nobody can change on its way, and without a secret in it. */
function isFeed(url: string): boolean {
  if (!URL.canParse(url)) return false
  const { protocol, hostname, username, password } = new URL(url)
  if (username || password) return false
  return protocol === 'https:' || (protocol === 'http:' && loopback.includes(hostname))
}
