/** Decisions that stand, by day and reviewer. */
import type { DecisionKind, Filter } from '../../../shared/domain'
import type { ReadOnlyDatabase } from '../../store'
import { standingDecisionsAfter } from '../../store/figures'
import { yielding } from '../../store/slices'

export interface Day {
  /** Local date, as 2026-01-31. */
  day: string
  reviewer: string
  origin: 'person' | 'rule'
  kinds: { kind: DecisionKind; count: number }[]
  count: number
  filter: Filter
}

/** Decisions at a time: some 10 ms. */
const SLICE = 5000

/** Oldest day first. Counted are the decisions that fields have now. */
export async function throughput(db: ReadOnlyDatabase, signal?: AbortSignal): Promise<Day[]> {
  const days = new Map<string, Day>()
  let after = 0
  for await (const rows of yielding(db, () => standingDecisionsAfter(db, after, SLICE), signal)) {
    after = rows.at(-1)!.id
    for (const { at, reviewer, origin, kind } of rows) {
      const day = localDay(at)
      const key = `${day} ${origin} ${reviewer}`
      let entry = days.get(key)
      if (!entry)
        days.set(key, (entry = { day, reviewer, origin, kinds: [], count: 0, filter: filterOf(day, reviewer) }))
      entry.count++
      const tally = entry.kinds.find((other) => other.kind === kind)
      if (tally) tally.count++
      else entry.kinds.push({ kind, count: 1 })
    }
  }
  return [...days.values()].sort((a, b) =>
    a.day === b.day ? (a.reviewer < b.reviewer ? -1 : 1) : a.day < b.day ? -1 : 1
  )
}

const known = new Map<string, string>()

/** The hour of a day is enough to tell its local date, wherever that is half an hour off too. */
function localDay(at: string): string {
  const quarter = at.slice(0, 16)
  let day = known.get(quarter)
  if (day === undefined) {
    const date = new Date(at)
    day = `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`
    if (known.size > 10_000) known.clear()
    known.set(quarter, day)
  }
  return day
}

function filterOf(day: string, reviewer: string): Filter {
  const [year, month, date] = day.split('-').map(Number) as [number, number, number]
  return {
    reviewer,
    decidedFrom: new Date(year, month - 1, date).toISOString(),
    decidedTo: new Date(year, month - 1, date + 1).toISOString()
  }
}

const pad = (value: number): string => String(value).padStart(2, '0')
