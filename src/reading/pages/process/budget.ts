/** Holds work back until the memory it needs is free. */
export class Budget {
  private used = 0
  private readonly waiting: { bytes: number; start: () => void }[] = []

  constructor(private readonly limit: number) {}

  /** Work larger than the whole budget runs by itself. */
  async spend<T>(bytes: number, work: () => Promise<T>): Promise<T> {
    const cost = Math.min(bytes, this.limit)
    if (this.waiting.length || this.used + cost > this.limit)
      await new Promise<void>((start) => this.waiting.push({ bytes: cost, start }))
    else this.used += cost
    try {
      return await work()
    } finally {
      this.used -= cost
      for (let next = this.waiting[0]; next && this.used + next.bytes <= this.limit; next = this.waiting[0]) {
        this.waiting.shift()
        this.used += next.bytes
        next.start()
      }
    }
  }
}
