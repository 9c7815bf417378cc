interface Waiting {
  key: unknown
  go(): void
}

/** Work with one key goes side by side; work with another waits until that has ended, and whoever waits is next. */
export class Turns {
  private key: unknown = null
  private under = 0
  private waiting: Waiting[] = []

  async with<T>(key: unknown, work: () => T | Promise<T>): Promise<T> {
    if (this.under > 0 && (key !== this.key || this.waiting.length))
      await new Promise<void>((go) => this.waiting.push({ key, go }))
    else this.begin(key)
    try {
      return await work()
    } finally {
      this.under--
      if (this.under === 0) this.next()
    }
  }

  private begin(key: unknown): void {
    this.key = key
    this.under++
  }

  private next(): void {
    const [first] = this.waiting
    if (!first) return
    const together = this.waiting.filter(({ key }) => key === first.key)
    this.waiting = this.waiting.filter(({ key }) => key !== first.key)
    for (const { key, go } of together) {
      this.begin(key)
      go()
    }
  }
}
