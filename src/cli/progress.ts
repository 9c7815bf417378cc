import type { Progress } from '../shared/domain'
import { whole, type Stream } from './terminal'

/** What the line shows of one operation. */
export type Shown = Pick<Progress, 'done' | 'total' | 'failed' | 'rate' | 'timeLeft'> & { what: string }

const LINE_INTERVAL_MS = 15_000
const BAR_INTERVAL_MS = 120
const BAR_WIDTH = 18

/** A bar that is redrawn on a terminal; elsewhere a plain line now and then, so that a log stays readable. */
export class ProgressLine {
  private readonly shown = new Map<string, Shown>()
  private lastAt = 0
  private drawn = false

  constructor(
    private readonly stream: Stream,
    private readonly now: () => number = () => performance.now()
  ) {
    this.lastAt = stream.isTTY ? 0 : this.now()
  }

  update(progress: Shown): void {
    this.shown.set(progress.what, progress)
    const interval = this.stream.isTTY ? BAR_INTERVAL_MS : LINE_INTERVAL_MS
    if (this.now() - this.lastAt < interval) return
    this.lastAt = this.now()
    const text = [...this.shown.values()].map((one) => describe(one, this.stream.isTTY === true)).join(' · ')
    if (!this.stream.isTTY) return void this.stream.write(`${text}\n`)
    this.stream.write(`\r\u001b[2K${text.slice(0, Math.max(20, (this.stream.columns ?? 80) - 1))}`)
    this.drawn = true
  }

  /** Of an operation that is over, and is not shown beside the next. */
  end(what: string): void {
    this.shown.delete(what)
    this.clear()
  }

  /** Takes the bar away, so that other text can be written. */
  clear(): void {
    if (this.drawn) this.stream.write('\r\u001b[2K')
    this.drawn = false
  }
}

export function describe({ what, done, total, failed, rate, timeLeft }: Shown, withBar: boolean): string {
  const filled = total ? Math.round(BAR_WIDTH * Math.min(1, done / total)) : 0
  const bar = withBar && total ? ` ${'█'.repeat(filled)}${'░'.repeat(BAR_WIDTH - filled)}` : ''
  const parts = [`${what}${bar} ${whole(Math.floor(done))}${total === null ? '' : ` of ${whole(total)}`}`]
  if (rate !== null) parts.push(`${rate < 10 ? rate.toFixed(1) : whole(Math.round(rate))} a second`)
  if (timeLeft !== null && timeLeft >= 1) parts.push(`${duration(timeLeft)} left`)
  if (failed > 0) parts.push(`${whole(failed)} failed`)
  return parts.join(', ')
}

/** Seconds as `45 s`, `3 min 05 s`, `2 h 10 min`, `3 days`. */
export function duration(seconds: number): string {
  const rounded = Math.round(seconds)
  if (rounded < 60) return `${rounded} s`
  const minutes = Math.floor(rounded / 60)
  if (minutes < 60) return `${minutes} min ${String(rounded % 60).padStart(2, '0')} s`
  if (minutes >= 48 * 60) return `${Math.round(minutes / (24 * 60))} days`
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`
}
