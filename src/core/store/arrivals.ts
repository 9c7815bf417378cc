/** How fields came before a person: what came at random says how the reader does, and may judge what it learns. */
import type { Database, ReadOnlyDatabase } from './handle'
import { pictureColumns, type Picture } from './learnt'
import { trainingKinds } from './states'
import { reading, writing } from './statements'

/** Each image has a draw, from 0 to one less than these; of fields that came at random, those with a lower one than `JUDGES` judge. */
export const DRAWS = 1000
export const JUDGES = 100

/** `random`: drawn by the queue or for a sample, whatever the reader thought of it; `table`: out of a table of decisions. */
export type Came = 'random' | 'table'

/** Of the image that the decision's field shows; the first arrival stays. Call it before the field is derived anew. */
export const noteArrival = (db: Database, decisionId: number, came: Came): void =>
  void writing(
    db,
    `INSERT INTO arrivals (image_id, decision_id, came, model_id, read)
     SELECT f.image_id, d.id, ?, r.model_id, CASE WHEN f.blank >= 0.5 THEN '' ELSE r.text END
     FROM decisions d JOIN fields f ON f.id = d.field_id LEFT JOIN readings r ON r.id = f.reading_id
     WHERE d.id = ? AND f.image_id IS NOT NULL ON CONFLICT DO NOTHING`
  ).run(came, decisionId)

/** A field that came at random and whose decision holds, with what was read before a person looked. */
export interface RandomlyDecided {
  fieldId: number
  modelId: number
  /** As decided; empty where it is blank. */
  written: string
  read: string
  at: string
}

const randomlyDecided = `
  FROM arrivals a INDEXED BY arrivals_by_decision JOIN decisions came ON came.id = a.decision_id JOIN fields f ON f.id = came.field_id
  JOIN decisions d ON d.id = f.decision_id JOIN images i ON i.id = a.image_id JOIN images now ON now.id = f.image_id
  JOIN sources s ON s.id = f.source_id
  WHERE a.came = 'random' AND a.read IS NOT NULL AND a.model_id IS NOT NULL AND d.origin = 'person' AND d.kind IN ${trainingKinds}
    AND now.sha256 = i.sha256 AND now.page = i.page`

/** Newest first. */
export const newestAtRandom = (db: ReadOnlyDatabase, limit: number): RandomlyDecided[] =>
  reading<[number], RandomlyDecided>(
    db,
    `SELECT f.id AS fieldId, a.model_id AS modelId, coalesce(d.text, '') AS written, a.read, came.at ${randomlyDecided}
     ORDER BY a.decision_id DESC LIMIT ?`
  ).all(limit)

/** In the order in which they were decided first, after a decision. */
export const atRandomAfter = (
  db: ReadOnlyDatabase,
  decisionId: number,
  limit: number
): (RandomlyDecided & Picture & { decisionId: number })[] =>
  reading<[number, number], RandomlyDecided & Picture & { decisionId: number }>(
    db,
    `SELECT f.id AS fieldId, a.model_id AS modelId, coalesce(d.text, '') AS written, a.read, came.at, a.decision_id AS decisionId,
       ${pictureColumns} ${randomlyDecided}
       AND a.decision_id > ? ORDER BY a.decision_id LIMIT ?`
  ).all(decisionId, limit)

/** How many there are; more than `most` are not counted. */
export const countAtRandom = (db: ReadOnlyDatabase, most: number): number =>
  reading<[number], { count: number }>(db, `SELECT count(*) AS count FROM (SELECT 1 ${randomlyDecided} LIMIT ?)`).get(
    most
  )!.count

/** Undecided fields that are read, by these draws, in their order. */
export function undecidedWithDraws(db: ReadOnlyDatabase, draws: readonly number[]): number[][] {
  const found = reading<[string], { id: number; place: number }>(
    db,
    `SELECT f.id, wanted.key AS place FROM json_each(?) wanted JOIN draws x INDEXED BY draws_by_draw ON x.draw = wanted.value
     JOIN fields f INDEXED BY fields_by_image ON f.image_id = x.image_id WHERE f.status = 'undecided' AND f.confidence IS NOT NULL`
  ).all(JSON.stringify(draws))
  const groups = draws.map((): number[] => [])
  for (const { id, place } of found) groups[place]!.push(id)
  return groups
}

/** Those of the fields whose draw is below. */
export const withDrawBelow = (db: ReadOnlyDatabase, ids: readonly number[], below: number): Set<number> =>
  new Set(
    reading<[string, number], { id: number }>(
      db,
      `SELECT f.id FROM json_each(?) wanted JOIN fields f ON f.id = wanted.value JOIN draws x ON x.image_id = f.image_id
       WHERE x.draw < ?`
    )
      .all(JSON.stringify(ids), below)
      .map(({ id }) => id)
  )
