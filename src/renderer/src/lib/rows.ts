/**
 * Rows of a long list, fetched as they come into view and kept by id. Only the newest wish counts: a fast scroll over
 * 100,000 rows asks for what it stopped at, not for everything it passed.
 */
import type { FieldRow } from '../../../shared/domain'

interface Options<Row> {
  fetchRows: (ids: number[]) => Promise<Row[]>
  /** Called after rows came, changed or went stale. */
  onchange: () => void
  onfailure?: (error: unknown) => void
  /** A row is about to take the place of what was known of it. */
  onreplace?: (before: Row, row: Row) => void
  /** Rows asked for at once, at most 500. */
  chunk?: number
  /** Rows kept; the oldest go first. */
  keep?: number
  /** Requests under way at once. */
  parallel?: number
}

const nothing = { ids: [], first: 0, last: -1, chunk: 0 }

export class RowCache<Row extends { id: number } = FieldRow> {
  readonly #rows = new Map<number, Row>()
  readonly #stale = new Set<number>()
  readonly #underWay = new Set<number>()
  /** When a row was last changed here, in ticks: an answer to an older question must not undo it. */
  readonly #changedAt = new Map<number, number>()
  #allChangedAt = 0
  #tick = 0
  #requests = 0
  #wish: { ids: readonly number[]; first: number; last: number; chunk: number } = nothing
  readonly #options: Required<Pick<Options<Row>, 'chunk' | 'keep' | 'parallel'>> & Options<Row>

  constructor(options: Options<Row>) {
    this.#options = { chunk: 200, keep: 5000, parallel: 2, ...options }
  }

  /** The row as last known, perhaps being asked for again; undefined until it came. */
  get(id: number): Row | undefined {
    return this.#rows.get(id)
  }

  /** What is in view now, by index into `ids`: it is fetched first, then a chunk before and after it. */
  want(ids: readonly number[], first: number, last: number, chunk = this.#options.chunk): void {
    this.#wish = { ids, first: Math.max(0, first), last: Math.min(ids.length - 1, last), chunk }
    this.#pump()
  }

  /**
   * Fetches what is lacking of these, at most 500.
   * @throws where they could not be had
   */
  async load(ids: readonly number[]): Promise<void> {
    const lacking = ids.filter((id) => !this.#rows.has(id) || this.#stale.has(id))
    if (lacking.length === 0) return
    const asked = ++this.#tick
    for (const id of lacking) this.#stale.delete(id)
    this.#arrived(await this.#options.fetchRows(lacking), asked)
    this.#options.onchange()
  }

  /** Rows that are known to be so now. */
  patch(rows: readonly Row[]): void {
    const tick = ++this.#tick
    for (const row of rows) {
      this.#store(row)
      this.#changedAt.set(row.id, tick)
    }
    this.#options.onchange()
  }

  /** Rows that changed elsewhere (null: any of them); shown as they are until the new ones come. */
  invalidate(ids: readonly number[] | null): void {
    const tick = ++this.#tick
    if (ids === null) {
      this.#allChangedAt = tick
      for (const id of this.#rows.keys()) this.#stale.add(id)
    } else {
      for (const id of ids) {
        this.#changedAt.set(id, tick)
        if (this.#rows.has(id)) this.#stale.add(id)
      }
    }
    this.#pump()
  }

  clear(): void {
    this.#rows.clear()
    this.#stale.clear()
    this.#changedAt.clear()
    this.#allChangedAt = ++this.#tick
    this.#wish = nothing
  }

  #pump(): void {
    while (this.#requests < this.#options.parallel) {
      const ids = this.#nextIds()
      if (ids.length === 0) return
      void this.#fetch(ids)
    }
  }

  #nextIds(): number[] {
    const { ids, first, last, chunk } = this.#wish
    const lacking = (from: number, to: number): number[] =>
      ids
        .slice(Math.max(0, from), Math.max(0, to))
        .filter((id) => (!this.#rows.has(id) || this.#stale.has(id)) && !this.#underWay.has(id))
    const seen = lacking(first, last + 1)
    const around = [...lacking(last + 1, last + 1 + chunk), ...lacking(first - chunk, first).reverse()]
    // A few rows at the edge of the reserve are not worth a request of their own.
    if (seen.length === 0 && around.length < chunk / 2 && !this.#touchesReserveEnd(around)) return []
    return [...seen, ...around].slice(0, Math.max(chunk, Math.min(seen.length, 500)))
  }

  /** Whether the reserve lacks rows that are the list's very last or first ones, or that went stale. */
  #touchesReserveEnd(ids: number[]): boolean {
    const { ids: all } = this.#wish
    return ids.some((id) => id === all[0] || id === all.at(-1) || this.#stale.has(id))
  }

  async #fetch(ids: number[]): Promise<void> {
    const asked = ++this.#tick
    this.#requests++
    for (const id of ids) {
      this.#underWay.add(id)
      this.#stale.delete(id)
    }
    let failed = false
    try {
      this.#arrived(await this.#options.fetchRows(ids), asked)
    } catch (error) {
      failed = true
      this.#options.onfailure?.(error)
    }
    for (const id of ids) this.#underWay.delete(id)
    this.#requests--
    this.#options.onchange()
    // After a failure the next wish tries again; asking on at once would only fail faster.
    if (!failed) this.#pump()
  }

  #arrived(rows: Row[], asked: number): void {
    for (const row of rows) {
      const changedAt = Math.max(this.#changedAt.get(row.id) ?? 0, this.#allChangedAt)
      // Changed while this was on its way: a patched row is newer, an invalidated one is stale and asked for again.
      if (changedAt > asked && this.#rows.has(row.id)) continue
      this.#store(row)
      if (changedAt > asked) this.#stale.add(row.id)
    }
  }

  #store(row: Row): void {
    const before = this.#rows.get(row.id)
    if (before) this.#options.onreplace?.(before, row)
    this.#rows.delete(row.id)
    this.#rows.set(row.id, row)
    this.#stale.delete(row.id)
    if (this.#rows.size > this.#options.keep) this.#forgetOldest()
  }

  #forgetOldest(): void {
    const { ids, first, last, chunk } = this.#wish
    const needed = new Set(ids.slice(Math.max(0, first - chunk), last + 1 + chunk))
    for (const id of this.#rows.keys()) {
      if (this.#rows.size <= this.#options.keep) return
      if (needed.has(id)) continue
      this.#rows.delete(id)
      this.#stale.delete(id)
      this.#changedAt.delete(id)
    }
  }
}
