/** Samples of fields as they were drawn, and what was decided on them blind. */
import type { DecisionKind } from '../../shared/states'
import { contentOfField } from './contents'
import type { Database, ReadOnlyDatabase } from './handle'
import { isShown } from './removals'
import { currentModelId } from './settings'

export interface Sample {
  id: number
  kind: 'accuracy' | 'audit'
  ruleId: number | null
  seed: number
  population: number
  drawnAt: string
  /** `models.id` of what read the project then; null: not known. */
  modelId: number | null
}

/** A sampled field: what would have been accepted, and what a person said of it without seeing how sure the reader is. */
export interface Answer {
  position: number
  fieldId: number
  confidence: number | null
  /** Whether the rule may accept it at all: read, and not contradicted by its imported label. */
  eligible: boolean
  candidate: string
  /** Null: not decided blind yet. */
  kind: DecisionKind | null
  text: string | null
}

const columns = 'id, kind, rule_id AS ruleId, seed, population, drawn_at AS drawnAt, model_id AS modelId'

export const newestSample = (db: ReadOnlyDatabase): Sample | null =>
  db.prepare<[], Sample>(`SELECT ${columns} FROM samples WHERE kind = 'accuracy' ORDER BY id DESC LIMIT 1`).get() ??
  null

export const readSample = (db: ReadOnlyDatabase, id: number): Sample =>
  db.prepare<[number], Sample>(`SELECT ${columns} FROM samples WHERE id = ?`).get(id)!

export const auditOf = (db: ReadOnlyDatabase, ruleId: number): Sample | null =>
  db.prepare<[number], Sample>(`SELECT ${columns} FROM samples WHERE kind = 'audit' AND rule_id = ?`).get(ruleId) ??
  null

export function makeSample(db: Database, sample: Pick<Sample, 'kind' | 'ruleId' | 'seed' | 'population'>): number {
  const { lastInsertRowid } = db
    .prepare(
      `INSERT INTO samples (kind, rule_id, seed, population, drawn_at, model_id)
       VALUES (@kind, @ruleId, @seed, @population, @at, @modelId)`
    )
    .run({ ...sample, at: new Date().toISOString(), modelId: currentModelId(db) })
  return Number(lastInsertRowid)
}

/** Undecided fields with a reading: all that a rule could touch, and those it could not, which need a person anyway. */
export const undecidedIds = (db: ReadOnlyDatabase): number[] =>
  db
    .prepare<[], number>(
      `SELECT id FROM fields INDEXED BY fields_by_confidence WHERE confidence IS NOT NULL AND status = 'undecided' ORDER BY id`
    )
    .pluck()
    .all()

/** Those of them that their imported label does not contradict, with their confidence, the surest first. */
export const undecidedByConfidence = (db: ReadOnlyDatabase): [number, number][] =>
  db
    .prepare<[], [number, number]>(
      `SELECT id, confidence FROM fields INDEXED BY fields_by_confidence
       WHERE confidence IS NOT NULL AND status = 'undecided' AND differs = 0 ORDER BY confidence DESC, position DESC, id DESC`
    )
    .raw()
    .all()

/** How many fields a sample has. */
export const sampledIn = (db: ReadOnlyDatabase, id: number): number =>
  db.prepare<[number], number>('SELECT count(*) FROM sample_fields WHERE sample_id = ?').pluck().get(id)!

/** Fields that a sample has. */
export const sampledIds = (db: ReadOnlyDatabase, id: number): Set<number> =>
  new Set(db.prepare<[number], number>('SELECT field_id FROM sample_fields WHERE sample_id = ?').pluck().all(id))

/** Further fields of a sample, from this position on. */
export function appendToSample(db: Database, id: number, from: number, fieldIds: readonly number[]): void {
  const insert = db.prepare('INSERT INTO sample_fields (sample_id, position, field_id) VALUES (?, ?, ?)')
  for (const [place, fieldId] of fieldIds.entries()) insert.run(id, from + place, fieldId)
}

type Row = Omit<Answer, 'eligible' | 'candidate'> & {
  differs: number
  imported: string | null
  importedState: string | null
  reading: string | null
  ruled: string | null
}

/**
 * In the drawn order. The candidate is the label as it was before any decision; for an audit, what the rule decided.
 */
export function answersOf(db: ReadOnlyDatabase, { id, kind }: Pick<Sample, 'id' | 'kind'>): Answer[] {
  const rows = db
    .prepare<[number], Row>(
      `SELECT x.position, f.id AS fieldId, f.confidence, f.differs, f.imported, f.imported_state AS importedState,
         CASE WHEN f.blank >= 0.5 THEN '' ELSE r.text END AS reading, d.kind, d.text,
         (SELECT coalesce(ruled.text, '') FROM samples s JOIN rules u ON u.id = s.rule_id JOIN decisions ruled INDEXED BY decisions_by_field
            ON ruled.field_id = f.id AND ruled.action_id = u.action_id WHERE s.id = x.sample_id) AS ruled
       FROM sample_fields x JOIN fields f ON f.id = x.field_id LEFT JOIN readings r ON r.id = f.reading_id
       LEFT JOIN decisions d ON d.id = (${latestBlind})
       WHERE x.sample_id = ? AND ${isShown('f')} ORDER BY x.position`
    )
    .all(id)
  return rows.map((row) => ({
    position: row.position,
    fieldId: row.fieldId,
    confidence: row.confidence,
    eligible: row.confidence !== null && row.differs === 0,
    candidate:
      kind === 'audit' ? (row.ruled ?? '') : ((row.importedState === 'text' ? row.imported : row.reading) ?? ''),
    kind: row.kind,
    text: row.text
  }))
}

/** The field's newest blind decision, on what it shows now, that was not undone. */
const latestBlind = `
  SELECT own.id FROM decisions own
  WHERE own.field_id = f.id AND own.seen = 'blind' AND own.origin = 'person' AND own.kind <> 'undone'
    AND own.content_id IS ${contentOfField('f')} AND NOT EXISTS (SELECT 1 FROM uncovered WHERE decision_id = own.id)
    AND NOT EXISTS (SELECT 1 FROM decisions void WHERE void.undoes = own.id)
  ORDER BY own.id DESC LIMIT 1`

/** Sampled fields that wait for their blind decision, in the drawn order. */
export const waitingIds = (db: ReadOnlyDatabase, sampleId: number): number[] =>
  db
    .prepare<[number], number>(
      `SELECT x.field_id FROM sample_fields x JOIN fields f ON f.id = x.field_id
       WHERE x.sample_id = ? AND f.status <> 'failed' AND ${isShown('f')} AND NOT EXISTS (${latestBlind}) ORDER BY x.position`
    )
    .pluck()
    .all(sampleId)

export const undecidedCount = (db: ReadOnlyDatabase): number =>
  db
    .prepare<[], number>(`SELECT coalesce(sum(count), 0) FROM tallies WHERE status = 'undecided' AND read = 1`)
    .pluck()
    .get()!
