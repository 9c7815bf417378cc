/** The people a project is shared with while it is served, and how many windows of each are open. */
export class Team {
  private readonly windows = new Map<string, number>()

  private readonly invited: Set<string>

  constructor(names: readonly string[]) {
    this.invited = new Set(names)
  }

  get names(): string[] {
    return [...this.invited]
  }

  join(name: string): void {
    this.invited.add(name)
  }

  leave(name: string): void {
    this.invited.delete(name)
  }

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
