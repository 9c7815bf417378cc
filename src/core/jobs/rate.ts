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
    // One sample a quarter of a second is enough; the first and the newest always count.
    if (this.samples.length > 1 && last && at - this.samples[this.samples.length - 2]!.at < 250) this.samples.pop()
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
