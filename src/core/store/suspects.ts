/** Suspected labels, as the last search stored them: worst first, so that a place says how probable. */
import type { EvidenceKind, Suspect, SuspectsState } from '../../shared/contract/quality'
import type { Database, ReadOnlyDatabase } from './handle'
import { isShown } from './removals'
import { reading, writing } from './statements'

/** The first place of those that are less probable than this; all before it are at least so. */
export function placeBelow(db: ReadOnlyDatabase, probability: number): number {
  const next = reading<[number], { place: number; probability: number }>(
    db,
    'SELECT place, probability FROM suspects WHERE place >= ? ORDER BY place LIMIT 1'
  )
  let from = 0
  let to = (reading<[], { last: number | null }>(db, 'SELECT max(place) AS last FROM suspects').get()!.last ?? -1) + 1
  while (from < to) {
    const middle = Math.floor((from + to) / 2)
    const found = next.get(middle)!
    if (found.probability >= probability) from = found.place + 1
    else to = middle
  }
  return from
}

/** Fields before a place, worst first. */
export const suspectsBefore = (db: ReadOnlyDatabase, place: number): number[] =>
  reading<[number], number>(db, 'SELECT field_id FROM suspects WHERE place < ? ORDER BY place').pluck().all(place)

/** How many are before a place, without those that were taken out of the project since. */
export const countBefore = (db: ReadOnlyDatabase, place: number): number =>
  reading<[{ place: number }], { count: number }>(
    db,
    `SELECT (SELECT count(*) FROM suspects WHERE place < @place) - (
       SELECT count(*) FROM fields f JOIN suspects x ON x.field_id = f.id
       WHERE f.source_id IN (SELECT source_id FROM removed_sources) AND x.place < @place) AS count`
  ).get({ place })!.count

/** How often a kind of evidence was found. */
export interface KindCount {
  kind: EvidenceKind
  count: number
}

/** `end`: those before this place. `kind`: null for any. */
interface Which {
  end: number
  undecided: 0 | 1
  kind: EvidenceKind | null
}

export type StoredSuspect = Omit<Suspect, 'decided' | 'evidence'> & { decided: number; evidence: string }

const condition = `
  WHERE x.place < @end AND ${isShown('f')}
    AND (NOT @undecided OR f.status = 'undecided') AND (@kind IS NULL OR instr(x.evidence, '"kind":"' || @kind || '"') > 0)`

export const countSuspects = (db: ReadOnlyDatabase, which: Which): number =>
  db
    .prepare<object, number>(`SELECT count(*) FROM suspects x JOIN fields f ON f.id = x.field_id ${condition}`)
    .pluck()
    .get(which)!

/** Worst first. */
export const readSuspects = (db: ReadOnlyDatabase, which: Which, from: number, limit: number): StoredSuspect[] =>
  db
    .prepare<object, StoredSuspect>(
      `SELECT f.id, f.ink, s.path AS file, f.imported AS label, f.imported_state AS state, coalesce(r.text, '') AS reading,
         coalesce(f.confidence, 0) AS confidence, x.probability, (f.decision_id IS NOT NULL) AS decided, x.evidence
       FROM suspects x JOIN fields f ON f.id = x.field_id JOIN sources s ON s.id = f.source_id
       LEFT JOIN readings r ON r.id = f.reading_id ${condition} ORDER BY x.place LIMIT @limit OFFSET @from`
    )
    .all({ ...which, limit, from })

/** Of a search from before it was kept with the search. */
export const countKinds = (db: ReadOnlyDatabase): KindCount[] =>
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

export const dropSuspects = (db: Database): void => void db.prepare('DELETE FROM suspects').run()

/** Further ones, from this place on. */
export function insertSuspects(
  db: Database,
  place: number,
  some: readonly { id: number; probability: number; evidence: unknown }[]
): void {
  const insert = writing(db, 'INSERT INTO suspects (field_id, place, probability, evidence) VALUES (?, ?, ?, ?)')
  for (const [index, { id, probability, evidence }] of some.entries())
    insert.run(id, place + index, probability, JSON.stringify(evidence))
}

/** What is kept of a search beside its rows; `marks`: what it was made of, to tell when it is stale. */
export interface StoredSearch extends Omit<
  SuspectsState,
  'stale' | 'running' | 'labelled' | 'foundAt' | 'trainingKnown'
> {
  foundAt: string
  marks: SearchMarks
  /** Most frequent first; absent in searches from before it was kept. */
  kinds?: KindCount[]
}

export interface SearchMarks {
  model: number | null
  /** The newest run of readings, and how many fields are read. */
  run: number
  read: number
  label: number
  labelled: number
}
