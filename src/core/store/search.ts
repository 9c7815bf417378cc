/** What fields say, found by a part of it: `field_texts` indexes all three characters in a row of each `fields.search`. */
import { fold } from './compare'
import type { Database, ReadOnlyDatabase } from './handle'
import { reading, writing } from './statements'

/** Characters; of fewer the index knows nothing. */
const shortest = 3

/** A phrase of characters in a row is the text itself. */
const phrase = (folded: string): string => `"${folded.replaceAll('"', '""')}"`

/** As `fields.search` is: null where nothing is sought. */
export const sought = (text: string | undefined): string | null => fold(text?.trim() ?? '') || null

/** The fields that say it, in no order; null where the index can't tell, or nothing is sought. No hidden field says anything. */
export function fieldsThatSay(db: ReadOnlyDatabase, text: string | undefined): number[] | null {
  const folded = sought(text)
  if (folded === null || [...folded].length < shortest || folded.includes('\0')) return null
  return reading<[string], number>(db, 'SELECT rowid FROM field_texts WHERE field_texts MATCH ?')
    .pluck()
    .all(phrase(folded))
}

/** Tells the index of texts that changed; all of a transaction at once, since each further statement makes it write. */
export function indexTexts(db: Database, changed: readonly { id: number; before: string; after: string }[]): void {
  const remove = writing(db, `INSERT INTO field_texts (field_texts, rowid, search) VALUES ('delete', ?, ?)`)
  const add = writing(db, 'INSERT INTO field_texts (rowid, search) VALUES (?, ?)')
  for (const { id, before, after } of changed) {
    if (before !== '') remove.run(id, before)
    if (after !== '') add.run(id, after)
  }
}
