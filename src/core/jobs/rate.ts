/** After so long without a look at the clock the machine was asleep. */
const ASLEEP_MS = 60_000

/** Tells how long a job has worked, in ms: neither a pause counts nor the machine's sleep. It is looked at every few seconds. */
export class WorkClock {
  private worked = 0
  private looked: number
  private stopped = false

  constructor(private readonly now: () => number = () => performance.now()) {
    this.looked = now()
  }

  time(): number {
    const at = this.now()
    const passed = at - this.looked
    this.looked = at
    if (!this.stopped && passed < ASLEEP_MS) this.worked += passed
    return this.worked
  }

  stop(): void {
    this.time()
    this.stopped = true
  }

  goOn(): void {
    this.time()
    this.stopped = false
  }
}

/** Items a second over the last seconds, from cumulative counts. */
export class RateMeter {
  private samples: { at: number; done: number }[] = []

  constructor(
    private readonly windowMs = 8000,
    private readonly now: () => number = () => performance.now()
  ) {}

  add(done: number): void {
    const at = this.now()
    const last = this.samples.at(-1)
    // So many samples are enough; the first and the newest always count.
    const apart = this.windowMs / 32
    if (this.samples.length > 1 && last && at - this.samples[this.samples.length - 2]!.at < apart) this.samples.pop()
    this.samples.push({ at, done })
    while (this.samples.length > 2 && at - this.samples[0]!.at > this.windowMs) this.samples.shift()
  }

  /** After a pause the time in between must not count. */
  reset(): void {
    this.samples = []
  }

  /** Items a second; null until there is enough to say. */
  rate(): number | null {
    const first = this.samples[0]
    const last = this.samples.at(-1)
    if (!first || !last || last.at - first.at < 300) return null
    return ((last.done - first.done) * 1000) / (last.at - first.at)
  }
}
