/** Questions whose answer is numbers: which fields, and how many. */
import type { ReadOnlyDatabase } from './handle'
import { reading } from './statements'

/** A Buffer has a byte for each id, from 1 on. */
export type Value = string | number | Buffer

/** Of a question with one number in each row. */
export const numbers = (db: ReadOnlyDatabase, sql: string, values: readonly Value[] = []): number[] =>
  db
    .prepare<Value[], number>(sql)
    .pluck()
    .all(...values)

export const lastFieldId = (db: ReadOnlyDatabase): number => numbers(db, 'SELECT coalesce(max(id), 0) FROM fields')[0]!

/** Fields of each of so many equal spans of the confidence, counted along the index: to tell each field's would take ten times as long. */
export function confidencesIn(db: ReadOnlyDatabase, bins: number): number[] {
  const counted = reading<[number, number], { count: number }>(
    db,
    'SELECT count(*) AS count FROM fields INDEXED BY fields_by_confidence WHERE confidence >= ? AND confidence < ?'
  )
  return Array.from({ length: bins }, (_, bin) => {
    const from = bin === 0 ? -Infinity : bin / bins
    const to = bin === bins - 1 ? Infinity : (bin + 1) / bins
    return counted.get(from, to)!.count
  })
}
