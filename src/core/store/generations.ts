/** Generations: what a project's readers have learnt, each with its figures, and the fields that they learn from. */
import type { Seen } from '../../shared/domain'
import { JUDGES, type Came } from './arrivals'
import type { Database, ReadOnlyDatabase } from './handle'
import { trainingKinds } from './states'
import { reading, writing } from './statements'

export interface StoredGeneration {
  id: number
  /** From 1, for each reader. */
  number: number
  /** `models.id` of the reader that it belongs to, of what it began from, and its own. */
  readerId: number
  baseId: number
  modelId: number
  /** The reader's and the base's own names. */
  reader: string
  base: string
  /** Its manifest in the project's models folder. */
  file: string
  taken: 0 | 1
  reason: string
  trainedOn: number
  selfTraining: 0 | 1
  decided: number
  /** JSON. */
  judges: string
  learnt: string
  dropped: string
  epochs: number
  seconds: number
  madeAt: string
}

export type NewGeneration = Omit<StoredGeneration, 'id' | 'reader' | 'base' | 'madeAt'> & { runId: number | null }

const select = `
  SELECT g.id, g.number, g.reader_id AS readerId, g.base_id AS baseId, g.model_id AS modelId, reader.name AS reader, base.name AS base,
    g.file, g.taken, g.reason, g.trained_on AS trainedOn, g.self_training AS selfTraining, g.decided, g.judges, g.learnt, g.dropped,
    g.epochs, g.seconds, g.made_at AS madeAt
  FROM generations g JOIN models reader ON reader.id = g.reader_id JOIN models base ON base.id = g.base_id`

/** Oldest first. */
export const listGenerations = (db: ReadOnlyDatabase, readerId: number): StoredGeneration[] =>
  reading<[number], StoredGeneration>(db, `${select} WHERE g.reader_id = ? ORDER BY g.number`).all(readerId)

/** A generation as a person knows it: its reader's own name, and its number. */
export type GenerationName = Pick<StoredGeneration, 'reader' | 'number'>

/** Of all readers, by the hash of the model. */
export const generationNames = (db: ReadOnlyDatabase): Map<string, GenerationName> =>
  new Map(
    reading<[], GenerationName & { hash: string }>(
      db,
      `SELECT own.hash, reader.name AS reader, g.number FROM generations g JOIN models own ON own.id = g.model_id
       JOIN models reader ON reader.id = g.reader_id`
    )
      .all()
      .map(({ hash, reader, number }) => [hash, { reader, number }])
  )

/** `models.id` of the reader that a model belongs to: itself where it is no generation. */
export const readerOf = (db: ReadOnlyDatabase, modelId: number): number =>
  reading<[number], { id: number }>(db, 'SELECT coalesce(reader_id, id) AS id FROM models WHERE id = ?').get(modelId)
    ?.id ?? modelId

/** `models.id` of what a model's weights began from: itself where it is no generation. */
export const baseOf = (db: ReadOnlyDatabase, modelId: number): number =>
  reading<[number], { id: number }>(db, 'SELECT base_id AS id FROM generations WHERE model_id = ?').get(modelId)?.id ??
  modelId

/** It is of no reader but itself, and nothing else is of it. */
export const standsAlone = (db: ReadOnlyDatabase, modelId: number): boolean =>
  reading<[number, number], object>(
    db,
    'SELECT 1 FROM models WHERE (id = ? AND reader_id IS NOT NULL) OR reader_id = ? LIMIT 1'
  ).get(modelId, modelId) === undefined

/** Of a newer make of a reader: what its models read stands until this one has read. Call it in a transaction. */
export const joinReader = (db: Database, modelId: number, readerId: number): void =>
  void writing(db, 'UPDATE models SET reader_id = ? WHERE id = ?').run(readerId, modelId)

/** Whether a model is a generation that was made after that time. */
export const isGenerationMadeAfter = (db: ReadOnlyDatabase, modelId: number | null, at: string): boolean =>
  reading<[number | null, string], number>(db, 'SELECT 1 FROM generations WHERE model_id = ? AND made_at > ?').get(
    modelId,
    at
  ) !== undefined

/** Whether two models are different ones of the same reader. */
export const isOtherGeneration = (db: ReadOnlyDatabase, one: number | null, other: number | null): boolean =>
  one !== null && other !== null && one !== other && readerOf(db, one) === readerOf(db, other)

/** Its model becomes one of its reader's. Call it in a transaction. */
export function insertGeneration(db: Database, generation: NewGeneration): void {
  writing(db, 'UPDATE models SET reader_id = ? WHERE id = ?').run(generation.readerId, generation.modelId)
  writing(
    db,
    `INSERT INTO generations (number, reader_id, base_id, model_id, file, taken, reason, trained_on, self_training, decided, judges,
       learnt, dropped, epochs, seconds, run_id, made_at)
     VALUES (@number, @readerId, @baseId, @modelId, @file, @taken, @reason, @trainedOn, @selfTraining, @decided, @judges,
       @learnt, @dropped, @epochs, @seconds, @runId, @madeAt)`
  ).run({ ...generation, madeAt: new Date().toISOString() })
}

/** A field that a reader can learn from. */
export interface Taught {
  fieldId: number
  imageId: number
  sha256: string
  page: number
  rotation: 0 | 1 | 2 | 3
  /** The page or the file that it lies on. */
  group: string
  /** Of a whole file: what it shows, in whatever bytes. */
  contentId: number | null
  /** As decided, empty where it is blank; null: it is undecided. */
  text: string | null
  /** 0 to 999, drawn when it came in. */
  draw: number
  /** How it came before the person; null: as any other. */
  came: Came | null
}

const taughtColumns = `f.id AS fieldId, f.image_id AS imageId, i.sha256, i.page, i.rotation, draws.draw, a.came,
  CASE WHEN f.page_id IS NULL THEN s.content_id END AS contentId,
  CASE WHEN f.page_id IS NULL THEN 'file ' || f.source_id ELSE 'page ' || f.page_id END AS "group"`
const taughtTables = `fields f JOIN images i ON i.id = f.image_id JOIN draws ON draws.image_id = f.image_id
  JOIN sources s ON s.id = f.source_id LEFT JOIN arrivals a ON a.image_id = f.image_id`

/** By what it shows: the names of a field's picture, however it lies, and of its file. Twins share one. */
export const picturesOf = ({ sha256, page, contentId }: Pick<Taught, 'sha256' | 'page' | 'contentId'>): string[] => [
  `${sha256}#${page}`,
  ...(contentId === null ? [] : [`content ${contentId}`])
]

/** How a decision's ink was seen, for it to be learnt from. */
const SEEN: readonly Seen[] = ['blind', 'field', 'tile']

const isTaught = `f.model_id IS ? AND d.origin = 'person' AND d.kind IN ${trainingKinds}
  AND d.seen IN (SELECT value FROM json_each(?))`

/**
 * Fields that a person decided on while looking at them, of those that one model reads.
 * @param modelId `models.id` that the fields ask for; null: those that the project's model reads
 */
export const decidedToLearn = (db: ReadOnlyDatabase, modelId: number | null): Taught[] =>
  reading<[number | null, string], Taught>(
    db,
    `SELECT ${taughtColumns}, CASE WHEN d.kind = 'blank' THEN '' ELSE d.text END AS text
     FROM ${taughtTables} JOIN decisions d ON d.id = f.decision_id WHERE ${isTaught} ORDER BY d.id`
  ).all(modelId, JSON.stringify(SEEN))

/** Those of them that may judge: too few to be set apart, they do not. */
export const decidedThatMayJudge = (db: ReadOnlyDatabase, modelId: number | null): Taught[] =>
  reading<[number | null, string, number], Taught>(
    db,
    `SELECT ${taughtColumns}, d.text FROM ${taughtTables} JOIN decisions d ON d.id = f.decision_id
     WHERE ${isTaught} AND a.came IS NOT NULL AND draws.draw < ?`
  ).all(modelId, JSON.stringify(SEEN), JUDGES)

export const hasLearnt = (db: ReadOnlyDatabase): boolean =>
  reading<[], object>(db, 'SELECT 1 FROM generations LIMIT 1').get() !== undefined

/** How many those are; more than `most` are not counted. */
export const countDecidedToLearn = (db: ReadOnlyDatabase, modelId: number | null, most = -1): number =>
  reading<[number | null, string, number], { count: number }>(
    db,
    `SELECT count(*) AS count FROM (
       SELECT 1 FROM ${taughtTables} JOIN decisions d ON d.id = f.decision_id WHERE ${isTaught} LIMIT ?)`
  ).get(modelId, JSON.stringify(SEEN), most)!.count

/** Undecided fields that can't become judges, in the drawn order. */
export const undecidedToLearn = (db: ReadOnlyDatabase, modelId: number | null, limit: number): Taught[] =>
  reading<[number | null, number, number], Taught>(
    db,
    `SELECT ${taughtColumns}, NULL AS text FROM ${taughtTables}
     WHERE f.model_id IS ? AND f.status = 'undecided' AND draws.draw >= ? ORDER BY draws.draw, f.id LIMIT ?`
  ).all(modelId, JUDGES, limit)
