const INTERVAL_MS = 150

/** Tells of what changes often: `soon` at most some times a second, and never too late for the last change; `now` at once. */
export class Teller {
  private last = 0
  private pending: NodeJS.Timeout | null = null

  constructor(private readonly tell: () => void) {}

  now(): void {
    if (this.pending) clearTimeout(this.pending)
    this.pending = null
    this.last = performance.now()
    this.tell()
  }

  soon(): void {
    if (this.pending) return
    const wait = Math.max(0, INTERVAL_MS - (performance.now() - this.last))
    this.pending = setTimeout(() => this.now(), wait)
    this.pending.unref()
  }
}
