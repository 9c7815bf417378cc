/** The part of a split that each content is in: given once, kept for good. */
import type { Database, ReadOnlyDatabase } from './handle'
import { readingOnly } from './reading-only'
import { blankStates } from './states'
import { reading, writing } from './statements'
import { immediate } from './transaction'

/** By content. @param split its shares, as in 70/15/15 */
export const storedParts = (db: ReadOnlyDatabase, split: string): Map<number, string> =>
  new Map(
    reading<[string], { contentId: number; part: string }>(
      db,
      'SELECT content_id AS contentId, part FROM split_parts WHERE split = ?'
    )
      .all(split)
      .map(({ contentId, part }) => [contentId, part])
  )

export interface CropInPart {
  sha256: string
  contentId: number
  position: number
}

/** Crops of fields, blank ones left out, on pages that are in a part. */
export const cropsInParts = (db: ReadOnlyDatabase, split: string): CropInPart[] =>
  reading<[string], CropInPart>(
    db,
    `SELECT i.sha256, p.content_id AS contentId, f.position FROM split_parts x JOIN pages p ON p.content_id = x.content_id
       JOIN fields f ON f.page_id = p.id JOIN images i ON i.id = f.image_id
       WHERE x.split = ? AND coalesce(f.blank, 0) < 0.5 AND f.status NOT IN ${blankStates}`
  ).all(split)

/** Rows a transaction: some 10 ms. */
const atOnce = 2000

/** Of a project that is open for reading only they are given again at the next export, and are the same. */
export function storeParts(db: Database, split: string, parts: ReadonlyMap<number, string>): void {
  if (readingOnly(db) !== null) return
  const all = [...parts]
  for (let start = 0; start < all.length; start += atOnce) {
    immediate(db, () => {
      const insert = writing(
        db,
        'INSERT INTO split_parts (split, content_id, part) VALUES (?, ?, ?) ON CONFLICT DO NOTHING'
      )
      for (const [contentId, part] of all.slice(start, start + atOnce)) insert.run(split, contentId, part)
    })
  }
}
