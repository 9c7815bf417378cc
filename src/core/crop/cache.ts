/** Least recently used entries go first; bounded by the bytes they hold. */
export class ByteCache<T extends { bytes: Buffer }> {
  private readonly entries = new Map<string, T>()
  private held = 0

  constructor(private readonly limit: number) {}

  get(key: string): T | undefined {
    const entry = this.entries.get(key)
    if (!entry) return undefined
    // A Map keeps the order of insertion: the last is the most recently used.
    this.entries.delete(key)
    this.entries.set(key, entry)
    return entry
  }

  set(key: string, entry: T): void {
    this.delete(key)
    this.entries.set(key, entry)
    this.held += entry.bytes.length
    for (const oldest of this.entries.keys()) {
      if (this.held <= this.limit) break
      this.delete(oldest)
    }
  }

  get size(): number {
    return this.held
  }

  private delete(key: string): void {
    const entry = this.entries.get(key)
    if (!entry) return
    this.entries.delete(key)
    this.held -= entry.bytes.length
  }
}
