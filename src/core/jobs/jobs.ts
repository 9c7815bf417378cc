import type { Progress, RunKind } from '../../shared/domain'
import { NominaError } from '../../shared/failure'
import type { QuickJob } from '../../shared/contract/jobs'
import { doing, earlierStages } from '../../shared/job-kinds'
import { refuseClosing, refuseReadingOnly, type Database } from '../store'
import { startJob, type Job, type JobControl } from './job'
import { QuickJobs } from './quick'

/** A kind of long operation with a record: what it is called, and how it begins again. */
export interface Kind<Owner> {
  name: RunKind
  /** What waits for it is in the store: a later job of this kind works off what an earlier one left. */
  isStage: boolean
  /** Whether it goes on when the project is opened again; absent: always. */
  goesOnByItself?(owner: Owner): boolean
  /** Begins again from the parameters that were stored: what was done stays done, so only the rest is worked on. */
  again(owner: Owner, parameters: unknown): Job
}

/** One that a person can start with no more to say. */
export interface Started<Owner> extends Kind<Owner> {
  start(owner: Owner): Job
}

/** What is to come from earlier stages while they run. */
export interface Arrivals {
  moreToCome(): boolean
  /** Resolves when something has come, or an earlier stage is over. */
  waitForMore(): Promise<void>
}

/** The long operations of one project: those with a record, of each kind one at a time, and quick ones without. */
export class Jobs {
  /** The newest of each kind with a record, also where it is over. */
  all: readonly Job[] = []
  readonly quick: QuickJobs
  private readonly signals = new Map<RunKind, Signal>()

  constructor(
    private readonly db: Database,
    private readonly tell: (progress: Progress) => void,
    tellQuick: (all: QuickJob[]) => void
  ) {
    this.quick = new QuickJobs(tellQuick)
  }

  running(kind: RunKind): Job | undefined {
    return this.all.find((job) => job.kind === kind && ['running', 'paused'].includes(job.progress().status))
  }

  /**
   * @throws NominaError('busy') where one of this kind is under way, here or in another process; ('read-only') the project is
   *   open for reading only
   */
  start({ name }: Pick<Kind<never>, 'name'>, parameters: unknown, body: (job: JobControl) => Promise<unknown>): Job {
    refuseClosing(this.db)
    refuseReadingOnly(this.db)
    if (this.running(name))
      throw new NominaError('busy', `${doing(name)} is under way already. Wait for it, or cancel it first.`)
    const job = startJob(this.db, name, parameters, this.tell, body)
    this.all = [...this.all.filter((other) => other.kind !== name), job]
    this.tell(job.progress())
    const over = (): void => this.wake()
    job.finished.then(over, over)
    return job
  }

  /** Something has come that a later stage may wait for. */
  wake(): void {
    for (const signal of this.signals.values()) signal.raise()
  }

  /** For a stage that works while those before it do. */
  arrivals(stage: RunKind): Arrivals {
    const earlier = earlierStages(stage)
    const signal = createSignal()
    this.signals.set(stage, signal)
    return {
      moreToCome: () => earlier.some((kind) => this.running(kind)),
      waitForMore: () => signal.next()
    }
  }

  /** Stops all of them; what has a record goes on at the next start. Resolves when none touches the store any more. */
  async end(reason: Error): Promise<void> {
    for (const job of this.all) job.stop('interrupted')
    await Promise.allSettled([...this.all.map((job) => job.finished), this.quick.end(reason)])
  }
}

interface Signal {
  raise(): void
  next(): Promise<void>
}

/** One that is raised while nobody waits is not lost. */
function createSignal(): Signal {
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
