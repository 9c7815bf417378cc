/** Fields a second while the engine has work, over about the last ten seconds of it. */
export class SpeedMeter {
  private fields = 0
  private busyMs = 0
  private lastAnswer = -Infinity

  /** @param asked `performance.now()` when the answered request was sent: what lies before it was not work for it */
  add(fields: number, asked: number, now = performance.now()): void {
    this.fields += fields
    this.busyMs += now - Math.max(asked, this.lastAnswer)
    this.lastAnswer = now
    if (this.busyMs < 10_000) return
    this.fields /= 2
    this.busyMs /= 2
  }

  /** Null until there is enough to say. */
  perSecond(): number | null {
    return this.busyMs < 200 ? null : (this.fields * 1000) / this.busyMs
  }

  reset(): void {
    this.fields = this.busyMs = 0
    this.lastAnswer = -Infinity
  }
}
