import type { Evidence, EvidenceKind, Suspect } from '../../shared/contract/quality'
import { getSetting, type ReadOnlyDatabase } from '../store'
import { isShown } from '../store/removals'
import { countBefore, placeBelow } from '../store/suspects'

export interface ListRequest {
  from: number
  limit: number
  undecided: boolean
  kind?: EvidenceKind | undefined
  minProbability: number
}

/** How often a kind of evidence was found. */
export interface KindCount {
  kind: EvidenceKind
  count: number
}

type Row = Omit<Suspect, 'decided' | 'evidence'> & { decided: number; evidence: string }

const condition = `
  WHERE x.place < @end AND ${isShown('f')}
    AND (NOT @undecided OR f.status = 'undecided') AND (@kind IS NULL OR instr(x.evidence, '"kind":"' || @kind || '"') > 0)`

/** Suspects worst first, as the last search found them; none before the first search. */
export function listSuspects(
  db: ReadOnlyDatabase,
  request: ListRequest
): { total: number; suspects: Suspect[]; kinds: KindCount[] } {
  const { from, limit, undecided, kind = null } = request
  const end = placeBelow(db, request.minProbability)
  const values = { end, undecided: undecided ? 1 : 0, kind }
  const total =
    undecided || kind
      ? db
          .prepare<object, number>(`SELECT count(*) FROM suspects x JOIN fields f ON f.id = x.field_id ${condition}`)
          .pluck()
          .get(values)!
      : countBefore(db, end)
  const rows = db
    .prepare<object, Row>(
      `SELECT f.id, max(f.ink, f.text_as_of) AS ink, s.path AS file, f.imported AS label, f.imported_state AS state, coalesce(r.text, '') AS reading,
         coalesce(f.confidence, 0) AS confidence, x.probability, (f.decision_id IS NOT NULL) AS decided, x.evidence
       FROM suspects x JOIN fields f ON f.id = x.field_id JOIN sources s ON s.id = f.source_id
       LEFT JOIN readings r ON r.id = f.reading_id ${condition} ORDER BY x.place LIMIT @limit OFFSET @from`
    )
    .all({ ...values, limit, from })
  return {
    total,
    suspects: rows.map((row) => ({
      ...row,
      decided: row.decided === 1,
      evidence: JSON.parse(row.evidence) as Evidence[]
    })),
    kinds: getSetting<{ kinds?: KindCount[] }>(db, 'suspects')?.kinds ?? countKinds(db)
  }
}

/** Of a search from before it was kept with the search. */
const countKinds = (db: ReadOnlyDatabase): KindCount[] =>
  db
    .prepare<[], KindCount>(
      `SELECT json_extract(e.value, '$.kind') AS kind, count(*) AS count FROM suspects x, json_each(x.evidence) e
       WHERE x.evidence <> '[]' GROUP BY kind ORDER BY count DESC`
    )
    .all()

/** Fields with an imported label that the last search could say nothing of: without a reading, or labelled since. */
export const unjudgedLabels = (db: ReadOnlyDatabase): { file: string; label: string }[] =>
  db
    .prepare<[], { file: string; label: string }>(
      `SELECT s.path AS file, f.imported AS label FROM fields f JOIN sources s ON s.id = f.source_id
       WHERE f.imported_state IS NOT NULL AND f.id NOT IN (SELECT field_id FROM suspects) ORDER BY f.position, f.id`
    )
    .all()
