import type { Evidence, EvidenceKind, Suspect } from '../../shared/contract/quality'
import { getSetting, type ReadOnlyDatabase } from '../store'
import { countBefore, countKinds, countSuspects, placeBelow, readSuspects, type KindCount } from '../store/suspects'

export interface ListRequest {
  from: number
  limit: number
  undecided: boolean
  kind?: EvidenceKind | undefined
  minProbability: number
}

/** Suspects worst first, as the last search found them; none before the first search. */
export function listSuspects(
  db: ReadOnlyDatabase,
  request: ListRequest
): { total: number; suspects: Suspect[]; kinds: KindCount[] } {
  const { from, limit, undecided, kind = null } = request
  const end = placeBelow(db, request.minProbability)
  const which = { end, undecided: undecided ? (1 as const) : (0 as const), kind }
  return {
    total: undecided || kind ? countSuspects(db, which) : countBefore(db, end),
    suspects: readSuspects(db, which, from, limit).map((row) => ({
      ...row,
      decided: row.decided === 1,
      evidence: JSON.parse(row.evidence) as Evidence[]
    })),
    kinds: getSetting(db, 'suspects')?.kinds ?? countKinds(db)
  }
}
