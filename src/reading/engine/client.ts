/** The core's side of recognition: one engine process, started when it is needed and again when it is gone. */
import type { ProviderReport } from '../../shared/domain'
import { messageOf, NominaError, say } from '../../shared/failure'
import type { Model } from '../models'
import { Connection, EngineGone } from './connection'
import { SpeedMeter } from './speed'
import type { EngineItem, EngineResult, Excluded, SpawnEngine } from './protocol'

export interface Loaded {
  provider: string
  providers: ProviderReport[]
  /** What a person should know: a fallback, mostly. */
  note: string | null
}

export interface EngineReport {
  running: boolean
  provider: string | null
  /** Measured over the last images that were read, else in the warm-up; null before that. */
  fieldsPerSecond: number | null
  providers: ProviderReport[]
}

export interface Engine {
  /**
   * Opens a model; null: on the fastest provider. Nothing is done where it is open already.
   * @throws NominaError `refused` (the model, with what and where), `invalid-input` (an unknown provider), `engine`
   */
  load(model: Model, provider: string | null): Promise<Loaded>
  /**
   * Reads images with the loaded model, in order; several calls may be under way at once. An image that can't be read
   * is answered with its reason.
   * @throws NominaError `engine` where the process can't be kept running; the signal's reason
   */
  read(items: EngineItem[], signal?: AbortSignal): Promise<EngineResult[]>
  report(): EngineReport
  stop(): Promise<void>
}

export interface EngineOptions {
  /** ms without a word after which a process that has something to do is taken to hang. */
  silenceMs?: number
}

/** Crashes in a row, nothing read in between, after which the engine is given up; splitting a batch takes some. */
const GIVE_UP_AFTER = 16
/** Crashes in a row after which a provider other than the CPU gets the blame, where it was chosen by itself. */
const BLAME_PROVIDER_AFTER = 4
/** Times that a process may end while it starts, no provider to blame: it may have been killed from outside. */
const STARTS = 3

export function createEngine(spawn: SpawnEngine, { silenceMs = 120_000 }: EngineOptions = {}): Engine {
  return new EngineClient(spawn, silenceMs)
}

interface Wanted {
  model: Model
  provider: string | null
}

class EngineClient implements Engine {
  private connection: Connection | null = null
  /** What is loaded, or being loaded, in the current connection. */
  private wanted: Wanted | null = null
  private loading: Promise<Loaded> | null = null
  private loaded: Loaded | null = null
  private excluded: Excluded[] = []
  private readonly reads = new Set<Promise<unknown>>()
  private readonly speed = new SpeedMeter()
  private crashes = 0
  private nextId = 1
  private stopped = false

  constructor(
    private readonly spawn: SpawnEngine,
    private readonly silenceMs: number
  ) {}

  async load(model: Model, provider: string | null): Promise<Loaded> {
    const same = this.wanted?.model.hash === model.hash && this.wanted.provider === provider
    if (same && this.wanted!.model.manifestPath === model.manifestPath) return this.ensure()
    // What is being read belongs to the model before.
    await Promise.allSettled([...this.reads, this.loading])
    this.wanted = { model, provider }
    this.loading = this.loaded = null
    this.excluded = []
    this.crashes = 0
    this.speed.reset()
    return this.ensure()
  }

  async read(items: EngineItem[], signal?: AbortSignal): Promise<EngineResult[]> {
    if (!items.length) return []
    if (!this.wanted) throw new NominaError('refused', say('noModel'))
    const reading = this.readSafely(items, 0, signal)
    this.reads.add(reading)
    try {
      return await reading
    } finally {
      this.reads.delete(reading)
    }
  }

  report(): EngineReport {
    const running = this.connection?.alive ?? false
    const chosen = this.loaded?.providers.find(({ status }) => status === 'chosen')
    return {
      running,
      provider: this.loaded?.provider ?? null,
      fieldsPerSecond: this.speed.perSecond() ?? chosen?.fieldsPerSecond ?? null,
      providers: this.loaded?.providers ?? []
    }
  }

  async stop(): Promise<void> {
    this.stopped = true
    await this.connection?.stop()
    this.connection = null
  }

  /** The model loaded in a living process; at most one attempt at a time. */
  private ensure(): Promise<Loaded> {
    if (this.loading && this.connection?.alive) return this.loading
    if (this.loading && !this.loaded) return this.loading // it is being started just now
    if (!this.wanted) return Promise.reject(new NominaError('engine', say('engineGone')))
    const wanted = this.wanted
    this.loaded = null
    const loading = this.start(wanted)
    this.loading = loading
    loading.then(
      (loaded) => {
        if (this.loading === loading) this.loaded = loaded
      },
      () => {
        if (this.loading !== loading) return
        this.loading = null
        this.wanted = null // a second attempt may find it mended
      }
    )
    return loading
  }

  private async start({ model, provider }: Wanted): Promise<Loaded> {
    for (let starts = 1; ; starts++) {
      if (this.stopped) throw new NominaError('engine', say('engineStopped'))
      if (!this.connection?.alive) this.connection = new Connection(this.spawn, this.silenceMs)
      try {
        const answer = await this.connection.ask({
          type: 'load',
          id: this.nextId++,
          manifestPath: model.manifestPath,
          hash: model.hash,
          provider,
          excluded: this.excluded
        })
        if (answer.type === 'loaded') return answer
        const { code, reason } = answer as { code: string; reason: string }
        throw new NominaError(code, reason)
      } catch (error) {
        if (!(error instanceof EngineGone)) throw error
        const blamed = error.provider !== null && error.provider !== 'cpu'
        if (!blamed && starts < STARTS) continue
        this.excludeAfterCrash(error.provider, `${error.message} while it was tried`, error)
      }
    }
  }

  /** @throws NominaError `engine` where there is nothing left to exclude */
  private excludeAfterCrash(provider: string | null, reason: string, cause: EngineGone): void {
    if (this.stopped) throw new NominaError('engine', say('engineStopped'))
    const known = this.excluded.some(({ name }) => name === provider)
    if (!provider || provider === 'cpu' || known) {
      throw new NominaError('engine', `The engine process can’t be started: ${cause.message}.`, { cause })
    }
    this.excluded = [...this.excluded, { name: provider, reason: `The engine process: ${reason}.` }]
  }

  /** @param attempts how often the process ended on these items */
  private async readSafely(items: EngineItem[], attempts: number, signal?: AbortSignal): Promise<EngineResult[]> {
    for (;;) {
      signal?.throwIfAborted()
      await this.ensure()
      try {
        const results = await this.ask(items, signal)
        this.crashes = 0
        return results
      } catch (error) {
        if (!(error instanceof EngineGone)) throw error
        if (error.atFault) {
          attempts++
          this.countCrash(error)
        }
        if (attempts < 2) continue
        if (items.length === 1) {
          return [
            { key: items[0]!.key, ok: false, reason: `The engine process ended while reading it: ${error.message}.` }
          ]
        }
        const half = Math.ceil(items.length / 2)
        // One more crash splits a half again.
        const first = await this.readSafely(items.slice(0, half), 1, signal)
        return [...first, ...(await this.readSafely(items.slice(half), 1, signal))]
      }
    }
  }

  private countCrash(error: EngineGone): void {
    if (this.stopped) throw new NominaError('engine', say('engineStopped'))
    this.crashes++
    const provider = this.loaded?.provider ?? 'cpu'
    if (this.crashes === BLAME_PROVIDER_AFTER && provider !== 'cpu' && this.wanted?.provider === null) {
      this.excludeAfterCrash(provider, `${error.message}, again and again`, error)
    }
    if (this.crashes >= GIVE_UP_AFTER) {
      this.crashes = 0
      throw new NominaError('engine', `The engine process ends again and again: ${error.message}.`, { cause: error })
    }
  }

  private async ask(items: EngineItem[], signal?: AbortSignal): Promise<EngineResult[]> {
    const { connection } = this
    const id = this.nextId++
    const asked = performance.now()
    const answer = await untilAborted(connection!.ask({ type: 'read', id, items }), signal, () =>
      connection!.cancel(id)
    )
    if (answer.type === 'results') {
      this.speed.add(answer.results.length, asked)
      return answer.results
    }
    const { code, reason } = answer as { code: string; reason: string }
    throw new NominaError(code, reason)
  }
}

/** Rejects with the signal's reason as soon as it is given. */
function untilAborted<T>(work: Promise<T>, signal: AbortSignal | undefined, onAbort: () => void): Promise<T> {
  if (!signal) return work
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      onAbort()
      reject(signal.reason instanceof Error ? signal.reason : new Error(messageOf(signal.reason)))
    }
    if (signal.aborted) return abort()
    signal.addEventListener('abort', abort, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })
}
