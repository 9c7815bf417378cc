/** Suspected labels, as the last search stored them: worst first, so that a place says how probable. */
import type { ReadOnlyDatabase } from './handle'
import { reading } from './statements'

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
