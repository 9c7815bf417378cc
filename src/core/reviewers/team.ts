/** Who reviews here: the people with a link, who of them is connected, and what each has done. */
import type { Output } from '../../shared/contract'
import type { Team } from '../project/team'
import type { ReadOnlyDatabase } from '../store'
import { holdings } from '../store/leases'

type Person = Output<'team.list'>['people'][number]

interface Work {
  name: string
  decided: number
  decidedToday: number
  lastAt: string
}

/** Everybody with a link, and everybody who has decided something here; today is the day of this machine. */
export function readTeam(db: ReadOnlyDatabase, team: Team | null, self: string, now = new Date()): Person[] {
  const midnight = new Date(now.getFullYear(), now.getMonth(), now.getDate()).toISOString()
  const work = new Map(
    db
      .prepare<[string], Work>(
        `SELECT reviewer AS name, sum(size) AS decided, sum(iif(at >= ?, size, 0)) AS decidedToday, max(at) AS lastAt
         FROM actions WHERE kind <> 'undo' GROUP BY reviewer`
      )
      .all(midnight)
      .map((row) => [row.name, row])
  )
  const held = holdings(db, now.getTime())
  const names = new Set([...(team?.names ?? []), self, ...work.keys()])
  return [...names]
    .sort((a, b) => a.localeCompare(b))
    .map((name) => {
      const done = work.get(name)
      return {
        name,
        here: name === self || (team?.isHere(name) ?? false),
        decidedToday: done?.decidedToday ?? 0,
        decided: done?.decided ?? 0,
        lastAt: done?.lastAt ?? null,
        holding: held.get(name) ?? 0
      }
    })
}
