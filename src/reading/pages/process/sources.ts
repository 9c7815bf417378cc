/** Files of pages that are open: the last few, one page of each at a time. */
import { openSource, type PageSource } from '../source'

const mostOpen = 2

interface Entry {
  path: string
  source: Promise<PageSource>
  users: number
  /** Settles when the pages asked for so far are read. */
  turn: Promise<unknown>
}

export class Sources {
  private readonly entries: Entry[] = []

  /** Opens the file where it is not open, and calls `work` when nobody else is at it. */
  async use<T>(path: string, work: (source: PageSource) => Promise<T>): Promise<T> {
    const entry = this.entryOf(path)
    entry.users++
    const turn = entry.turn.then(async () => work(await entry.source))
    entry.turn = turn.catch(() => {})
    try {
      return await turn
    } finally {
      entry.users--
      this.closeOld()
    }
  }

  private entryOf(path: string): Entry {
    const found = this.entries.find((entry) => entry.path === path)
    if (found) return found
    const source = openSource(path)
    const entry: Entry = { path, source, users: 0, turn: Promise.resolve() }
    this.entries.push(entry)
    source.catch(() => this.forget(entry))
    return entry
  }

  private forget(entry: Entry): void {
    const at = this.entries.indexOf(entry)
    if (at >= 0) this.entries.splice(at, 1)
  }

  private closeOld(): void {
    const idle = this.entries.filter((entry) => entry.users === 0)
    for (const entry of idle.slice(0, Math.max(0, this.entries.length - mostOpen))) {
      this.forget(entry)
      entry.source.then((source) => source.close()).catch(() => {})
    }
  }
}
