/** The people a project is shared with while it is served, and how many windows of each are open. */
export class Team {
  private readonly windows = new Map<string, number>()

  constructor(readonly names: readonly string[]) {}

  /** @returns what to call when the window closes */
  arrive(name: string): () => void {
    this.windows.set(name, (this.windows.get(name) ?? 0) + 1)
    let there = true
    return () => {
      if (!there) return
      there = false
      this.windows.set(name, (this.windows.get(name) ?? 1) - 1)
    }
  }

  isHere(name: string): boolean {
    return (this.windows.get(name) ?? 0) > 0
  }
}
