/** Readings of generations that read nothing any more. Their figures are kept with the generations. */
import { generationsInUse } from './field-models'
import type { Database, ReadOnlyDatabase } from './handle'
import { currentModelId } from './settings'
import { reading, writing } from './statements'

/** `models.id` of every generation that neither the project nor a field reads with. */
export function unusedGenerations(db: ReadOnlyDatabase): number[] {
  const used = [currentModelId(db), ...Object.values(generationsInUse(db))]
  return reading<[], { id: number }>(db, 'SELECT model_id AS id FROM generations')
    .all()
    .flatMap(({ id }) => (used.includes(id) ? [] : [id]))
}

/** Readings are looked through by their ids, so many at a time: some ms. */
const WINDOW = 2000

/**
 * Drops what these models read and no field shows, of the readings after one. Call it in a transaction.
 * @returns the last that was looked at; null: there are no more
 */
export function dropReadingsAfter(db: Database, models: readonly number[], after: number): number | null {
  const last = reading<[], { id: number | null }>(db, 'SELECT max(id) AS id FROM readings').get()!.id ?? 0
  if (after >= last) return null
  writing(
    db,
    `DELETE FROM readings WHERE id > ? AND id <= ? AND model_id IN (SELECT value FROM json_each(?))
       AND NOT EXISTS (SELECT 1 FROM fields WHERE fields.reading_id = readings.id)`
  ).run(after, after + WINDOW, JSON.stringify(models))
  return after + WINDOW
}
