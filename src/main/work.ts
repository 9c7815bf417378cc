import { Notification, powerSaveBlocker, type BrowserWindow } from 'electron'
import type { EventPayload } from '../shared/contract'
import type { QuickJob } from '../shared/contract/jobs'
import { isBackground, quickTraits } from '../shared/job-kinds'
import type { Words } from './words'

type Progress = EventPayload<'run.progress'>

/** Work that took less is seen to end by whoever started it. */
const LONG_MS = 20_000

/**
 * What the system shows of long work: progress on the icon, no sleep while it goes on, and a word when it
 * ends behind other windows.
 */
export class LongWork {
  private readonly running = new Map<number, Progress>()
  private readonly since = new Map<number, number>()
  private quick: readonly QuickJob[] = []
  private blocker: number | null = null

  constructor(
    private readonly window: () => BrowserWindow | null,
    private readonly words: () => Words,
    private readonly now: () => number = Date.now
  ) {}

  /** What goes on now, and what becomes of it when the app is quit; null where nothing does. */
  get summary(): string | null {
    const { first } = this
    if (!first) return null
    const { done, total, kind } = first
    const { doing, goesOn, startsAnew } = this.words()
    return `${doing[kind]} ${done}${total === null ? '' : ` / ${total}`}. ${'runId' in first ? goesOn : startsAnew}`
  }

  /** Work with a record goes on after a quit: what does not is told of first. */
  private get first(): Progress | QuickJob | undefined {
    return this.quick[0] ?? [...this.running.values()][0]
  }

  progressed(progress: Progress): void {
    const { runId, status, kind } = progress
    if (isBackground(kind)) return
    if (status === 'running') {
      this.running.set(runId, progress)
      if (!this.since.has(runId)) this.since.set(runId, this.now())
    } else {
      this.running.delete(runId)
      if (status === 'done' || status === 'failed') this.ended(progress)
      if (status !== 'paused') this.since.delete(runId)
    }
    this.show()
  }

  quickChanged(jobs: readonly QuickJob[]): void {
    this.quick = jobs.filter(({ kind }) => quickTraits(kind).shownIn !== null)
    this.show()
  }

  /** Another project is shown, or none: what went on in the other is not this window's any more. */
  forget(): void {
    this.running.clear()
    this.quick = []
    this.since.clear()
    this.show()
  }

  private ended({ runId, kind, status, done }: Progress): void {
    const window = this.window()
    const long = this.now() - (this.since.get(runId) ?? this.now()) >= LONG_MS
    if (!long || window?.isFocused() || !Notification.isSupported()) return
    const { doing, hasEnded, hasFailed } = this.words()
    const body = status === 'failed' ? hasFailed : `${hasEnded} ${done}`
    const notice = new Notification({ title: doing[kind], body })
    notice.on('click', () => {
      window?.show()
      window?.focus()
    })
    notice.show()
  }

  private show(): void {
    const { first } = this
    const window = this.window()
    if (window && !window.isDestroyed()) {
      const share = first?.total ? first.done / first.total : null
      window.setProgressBar(first ? (share ?? 2) : -1) // above 1: it goes on, and nobody knows how long
    }
    if (first && this.blocker === null) this.blocker = powerSaveBlocker.start('prevent-app-suspension')
    if (!first && this.blocker !== null) {
      powerSaveBlocker.stop(this.blocker)
      this.blocker = null
    }
  }
}
