/** What fields say, found by a part of it: `field_texts` indexes all three characters in a row of each `fields.search`. */
import { fold } from './compare'
import type { Database, ReadOnlyDatabase } from './handle'
import { reading, writing } from './statements'

/** Characters; of fewer the index knows nothing. */
const shortest = 3
const matching = 'SELECT rowid FROM field_texts WHERE field_texts MATCH ?'

/** A phrase of characters in a row is the text itself. */
const phrase = (folded: string): string => `"${folded.replaceAll('"', '""')}"`

/** As `fields.search` is: null where nothing is sought. */
export const sought = (text: string | undefined): string | null => fold(text?.trim() ?? '') || null

/** @returns the condition on `fields f`, and how many fields meet it; null where the index can't tell, or nothing is sought */
export function indexedSearch(
  db: ReadOnlyDatabase,
  text: string | undefined
): { condition: [sql: string, phrase: string]; matches: number } | null {
  const folded = sought(text)
  if (folded === null || [...folded].length < shortest || folded.includes('\0')) return null
  const matches = reading<[string], number>(db, `SELECT count(*) FROM (${matching})`).pluck().get(phrase(folded))!
  return { condition: [`f.id IN (${matching})`, phrase(folded)], matches }
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
