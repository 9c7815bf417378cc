/** Who reviews here: the people with a link, who of them is connected, and what each has done. */
import type { Output } from '../../shared/contract'
import type { Team } from '../project/team'
import type { ReadOnlyDatabase } from '../store'
import { workOfReviewers } from '../store/acts'
import { holdings } from '../store/leases'

type Person = Output<'team.list'>['people'][number]

/** Everybody with a link, and everybody who has decided something here; today is the day of this machine. */
export function readTeam(db: ReadOnlyDatabase, team: Team | null, self: string, now = new Date()): Person[] {
  const midnight = new Date(now.getFullYear(), now.getMonth(), now.getDate()).toISOString()
  const work = new Map(workOfReviewers(db, midnight).map((row) => [row.name, row]))
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
