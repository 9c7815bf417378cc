/** One at a time of what can't be used side by side, such as the models of an engine; the same one by any number of callers. */
export class Turns<Thing> {
  private current: Thing | null = null
  private users = 0
  /** In the order in which they came. */
  private readonly waiting: { thing: Thing; begin: () => void }[] = []

  /** Runs `work` when it is `thing`'s turn. Whoever comes after one that waits for another thing waits too: nobody is passed over. */
  async take<T>(thing: Thing, work: () => Promise<T>): Promise<T> {
    if (this.waiting.length === 0 && this.isFree(thing)) this.begin(thing)
    else await new Promise<void>((begin) => this.waiting.push({ thing, begin }))
    try {
      return await work()
    } finally {
      this.users--
      while (this.waiting[0] && this.isFree(this.waiting[0].thing)) {
        const next = this.waiting.shift()!
        this.begin(next.thing)
        next.begin()
      }
    }
  }

  private isFree(thing: Thing): boolean {
    return this.users === 0 || this.current === thing
  }

  private begin(thing: Thing): void {
    this.current = thing
    this.users++
  }
}
