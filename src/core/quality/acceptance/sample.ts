/** Uniform random samples of fields, and what was decided on them blind. */
import { tidyText } from '../../../shared/text'
import type { SampleState } from '../../../shared/contract/quality'
import { labelOfKind, type DecisionKind } from '../../../shared/states'
import { sequence } from '../../confidence'
import { currentModelId, immediate, type Database, type ReadOnlyDatabase } from '../../store'
import { contentOfField } from '../../store/contents'
import { isGenerationMadeAfter, isOtherGeneration } from '../../store/generations'
import { isShown } from '../../store/removals'

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

/** Beyond this share of its fields decided otherwise, a sample speaks for other fields than those left. */
const OUTDATED = 0.2

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

/**
 * Whether a sample was drawn under another generation of the reader: its fields were read by that, and may have been learnt from
 * since. Of a sample from before samples said so, whether one was made later.
 */
export function isOfOtherGeneration(db: ReadOnlyDatabase, { modelId, drawnAt }: Sample): boolean {
  const now = currentModelId(db)
  if (modelId !== null) return isOtherGeneration(db, modelId, now)
  return isGenerationMadeAfter(db, now, drawnAt)
}

/** How many fields a sample has. */
export const sampledIn = (db: ReadOnlyDatabase, id: number): number =>
  db.prepare<[number], number>('SELECT count(*) FROM sample_fields WHERE sample_id = ?').pluck().get(id)!

/** Adds `size` of these fields, uniformly drawn from those not in the sample yet; fewer where there are fewer. */
export function extendSample(
  db: Database,
  sample: Pick<Sample, 'id' | 'seed'>,
  ids: readonly number[],
  size: number
): void {
  immediate(db, () => {
    const taken = new Set(
      db.prepare<[number], number>('SELECT field_id FROM sample_fields WHERE sample_id = ?').pluck().all(sample.id)
    )
    const left = ids.filter((id) => !taken.has(id))
    const random = sequence(sample.seed + 7919 * taken.size)
    const insert = db.prepare('INSERT INTO sample_fields (sample_id, position, field_id) VALUES (?, ?, ?)')
    // The beginning of a Fisher–Yates shuffle.
    for (let place = 0; place < Math.min(size, left.length); place++) {
      const other = place + Math.floor(random() * (left.length - place))
      ;[left[place], left[other]] = [left[other]!, left[place]!]
      insert.run(sample.id, taken.size + place, left[place]!)
    }
  })
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

/** What counts: all before the first that waits, so that nobody's choice of what to decide first is in it. */
export function countedAnswers(answers: readonly Answer[]): Answer[] {
  const waiting = answers.findIndex(({ kind }) => kind === null)
  return (waiting === -1 ? answers : answers.slice(0, waiting)).filter(
    ({ kind }) => kind !== null && labelOfKind(kind) !== null
  )
}

export function isRight({ kind, text, candidate }: Answer): boolean {
  const label = kind && labelOfKind(kind)
  const said = label === 'text' ? text : label === 'blank' ? '' : null
  return said !== null && tidyText(said) === tidyText(candidate)
}

export function sampleState(db: ReadOnlyDatabase, sample: Sample): SampleState {
  const answers = answersOf(db, sample)
  const decided = answers.filter(({ kind }) => kind !== null).length
  const left = Math.max(0, sample.population - undecidedCount(db) - decided)
  const applied = db
    .prepare<[number], number>(`SELECT count(*) FROM rules WHERE sample_id = ? AND status <> 'undone'`)
    .pluck()
    .get(sample.id)!
  const otherGeneration = isOfOtherGeneration(db, sample)
  return {
    id: sample.id,
    drawnAt: sample.drawnAt,
    seed: sample.seed,
    size: answers.length,
    decided,
    counted: countedAnswers(answers).length,
    population: sample.population,
    left,
    outdated: applied > 0 || left > OUTDATED * sample.population || otherGeneration,
    otherGeneration
  }
}

const undecidedCount = (db: ReadOnlyDatabase): number =>
  db
    .prepare<[], number>(`SELECT coalesce(sum(count), 0) FROM tallies WHERE status = 'undecided' AND read = 1`)
    .pluck()
    .get()!
