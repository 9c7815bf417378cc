import type { Progress, RunKind } from '../../shared/domain'
import { messageOf, NominaError, say } from '../../shared/failure'
import { immediate, type Database } from '../store'
import { Teller } from './often'
import { RateMeter, WorkClock } from './rate'
import { endRun, foreignRun, HEARTBEAT_MS, insertRun, keepAlive, setRunStatus } from '../store/jobs'

/** What a long operation is given: who it is, when to stop, when to wait, and where to say how far it is. */
export interface JobControl {
  id: number
  signal: AbortSignal
  /** Resolves at once unless paused; rejects when cancelled. */
  whenNotPaused(): Promise<void>
  report(progress: { done: number; total: number | null; failed: number; message?: string | null }): void
}

export interface Job {
  id: number
  kind: RunKind
  progress(): Progress
  pause(): void
  resume(): void
  /** `interrupted`: stopped with the app, to go on at the next start. */
  stop(how: 'cancelled' | 'interrupted'): void
  finished: Promise<unknown>
}

/** What is left is told by the rate of so long: over days, that of some seconds would be a guess. */
const ESTIMATE_WINDOW_MS = 600_000

/**
 * Starts a long operation with a record, by which it goes on after a kill or a quit.
 * @throws NominaError('busy') where another process runs the same kind on this project.
 */
export function startJob(
  db: Database,
  kind: RunKind,
  parameters: unknown,
  onProgress: (progress: Progress) => void,
  body: (job: JobControl) => Promise<unknown>
): Job {
  // In one transaction: of two processes that start at the same moment one is refused.
  const id = immediate(db, () => {
    const other = foreignRun(db, kind)
    if (other) throw new NominaError('busy', say('otherNomina', { pid: other.pid }))
    return insertRun(db, kind, parameters)
  })
  const clock = new WorkClock()
  const heart = setInterval(() => {
    clock.time()
    keepAlive(db, id)
  }, HEARTBEAT_MS).unref()
  const abort = new AbortController()
  const meter = new RateMeter(8000, () => clock.time())
  const estimate = new RateMeter(ESTIMATE_WINDOW_MS, () => clock.time())
  let state: Progress = {
    runId: id,
    kind,
    status: 'running',
    done: 0,
    total: null,
    failed: 0,
    rate: null,
    timeLeft: null,
    message: null
  }
  let stoppedHow: 'cancelled' | 'interrupted' = 'cancelled'
  let gate: { opened: Promise<void>; open: () => void } | null = null
  const teller = new Teller(() => onProgress(state))
  const openGate = (): void => {
    gate?.open()
    gate = null
  }

  const control: JobControl = {
    id,
    signal: abort.signal,
    async whenNotPaused() {
      while (gate && !abort.signal.aborted) await gate.opened
      abort.signal.throwIfAborted()
    },
    report({ done, total, failed, message }) {
      meter.add(done)
      estimate.add(done)
      const isPaused = gate !== null // what was under way still comes in
      const rate = isPaused ? null : meter.rate()
      const overall = isPaused ? null : estimate.rate()
      const timeLeft = overall && overall > 0 && total !== null ? Math.max(0, total - done) / overall : null
      state = { ...state, done, total, failed, rate, timeLeft, message: message ?? null }
      teller.soon()
    }
  }

  const finished = (async () => {
    await Promise.resolve() // the caller has the run before it can fail
    try {
      const result = await body(control)
      state = { ...state, status: 'done', timeLeft: 0 }
      endRun(db, id, { status: 'done', result })
      return result
    } catch (error) {
      const stopped = abort.signal.aborted
      const message = stopped ? null : messageOf(error)
      state = { ...state, status: stopped ? stoppedHow : 'failed', message }
      try {
        endRun(db, id, { status: state.status, error: message })
      } catch {
        // The store itself failed (a full disk, say): the reason below is the one that matters.
      }
      if (!stopped) throw error
      return null
    } finally {
      clearInterval(heart)
      teller.now()
    }
  })()
  finished.catch(() => {}) // its reason is in the progress; whoever awaits it still gets it

  return {
    id,
    kind,
    finished,
    progress: () => state,
    pause() {
      if (state.status !== 'running') return
      let open = (): void => {}
      gate = { opened: new Promise((resolve) => (open = resolve)), open: () => open() }
      clock.stop()
      state = { ...state, status: 'paused', rate: null, timeLeft: null }
      setRunStatus(db, id, 'paused')
      teller.now()
    },
    resume() {
      if (state.status !== 'paused') return
      meter.reset()
      clock.goOn()
      state = { ...state, status: 'running' }
      setRunStatus(db, id, 'running')
      openGate()
      teller.now()
    },
    stop(how) {
      stoppedHow = how
      abort.abort(new NominaError('cancelled', say('stopped')))
      openGate()
    }
  }
}
