import type { QuickJob } from '../../shared/contract/jobs'
import type { QuickKind } from '../../shared/job-kinds'
import { NominaError, say } from '../../shared/failure'
import { Teller } from './often'

/** What something quick may be given: when to stop, and where to say how far it is. */
export interface Control {
  signal?: AbortSignal
  /** @param total null while nobody knows */
  onProgress?: (done: number, total: number | null) => void
}

interface UnderWay {
  job: QuickJob
  result: Promise<unknown>
  abort: AbortController
}

/** Jobs without a record: nothing of them goes on after the project's end, so they are quick or can be asked for again. */
export class QuickJobs {
  private readonly underWay = new Map<string, UnderWay>()
  private readonly teller: Teller
  private last = 0
  private ended: Error | null = null

  constructor(tell: (all: QuickJob[]) => void) {
    this.teller = new Teller(() => tell(this.all))
  }

  get all(): QuickJob[] {
    return [...this.underWay.values()].map(({ job }) => ({ ...job }))
  }

  isUnderWay(kind: QuickKind): boolean {
    return this.all.some((job) => job.kind === kind)
  }

  /** Does it, or waits for what is under way already with the same question. */
  run<T>(kind: QuickKind, question: unknown, work: (control: Required<Control>) => Promise<T>): Promise<T> {
    const key = JSON.stringify([kind, question])
    const found = this.underWay.get(key)
    if (found) return found.result as Promise<T>
    if (this.ended) return Promise.reject(this.ended)
    const abort = new AbortController()
    const job: QuickJob = { id: ++this.last, kind, done: 0, total: null }
    const onProgress = (done: number, total: number | null): void => {
      Object.assign(job, { done, total })
      this.teller.soon()
    }
    const result = work({ signal: abort.signal, onProgress }).finally(() => {
      this.underWay.delete(key)
      this.teller.now()
    })
    this.underWay.set(key, { job, result, abort })
    this.teller.now()
    return result
  }

  /** One that is over already is left alone. */
  cancel(id: number): void {
    const found = [...this.underWay.values()].find(({ job }) => job.id === id)
    found?.abort.abort(new NominaError('cancelled', say('stopped')))
  }

  /** Stops all; resolves when none touches the store any more. */
  async end(reason: Error): Promise<void> {
    this.ended = reason
    const all = [...this.underWay.values()]
    for (const { abort } of all) abort.abort(reason)
    await Promise.allSettled(all.map(({ result }) => result))
  }
}
