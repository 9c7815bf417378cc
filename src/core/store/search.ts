/** What fields say, found by a part of it: `field_texts` indexes all three characters in a row of each `fields.search`. */
import { fold } from './compare'
import type { Database, ReadOnlyDatabase } from './handle'
import { reading, writing } from './statements'

/** Characters of a term of the index; of one character it can't tell. */
const [termLength, fewest] = [3, 2]

/** A phrase of characters in a row is the text itself. */
const phrase = (folded: string): string => `"${folded.replaceAll('"', '""')}"`

/** As `fields.search` is: null where nothing is sought. */
export const sought = (text: string | undefined): string | null => fold(text?.trim() ?? '') || null

/** Whether the index can tell who says it; null: nothing is sought. */
export function isInIndex(text: string | undefined): boolean | null {
  const folded = sought(text)
  return folded === null ? null : [...folded].length >= fewest && !folded.includes('\0')
}

/** The fields that say it, in no order; null where the index can't tell, or nothing is sought. No hidden field says anything. */
export function fieldsThatSay(db: ReadOnlyDatabase, text: string | undefined): number[] | null {
  const folded = sought(text)
  if (folded === null || !isInIndex(text)) return null
  const terms = [...folded].length < termLength ? termsWith(db, folded) : [folded]
  if (!terms.length) return []
  return reading<[string], number>(db, 'SELECT rowid FROM field_texts WHERE field_texts MATCH ?')
    .pluck()
    .all(terms.map(phrase).join(' OR '))
}

/**
 * The terms that two characters are in: whatever says these is longer, as it ends with a file's name. `field_terms` has a row for each
 * place where a term stands: the next term, and the next first letter of terms, is looked up beyond all of these.
 */
const termsWith = (db: ReadOnlyDatabase, two: string): string[] =>
  reading<{ two: string }[], string>(
    db,
    `WITH RECURSIVE
       begun (term) AS (
         SELECT (SELECT term FROM field_terms WHERE term >= @two ORDER BY term LIMIT 1)
         UNION SELECT (SELECT x.term FROM field_terms x WHERE x.term >= begun.term || char(1) ORDER BY x.term LIMIT 1)
           FROM begun WHERE substr(begun.term, 1, 2) = @two),
       letters (letter) AS (
         SELECT (SELECT substr(term, 1, 1) FROM field_terms ORDER BY term LIMIT 1)
         UNION SELECT (SELECT substr(term, 1, 1) FROM field_terms WHERE term >= letter || char(0x10ffff) ORDER BY term LIMIT 1)
           FROM letters WHERE letter IS NOT NULL)
     SELECT term FROM begun WHERE substr(term, 1, 2) = @two
     UNION SELECT letter || @two FROM letters WHERE EXISTS (SELECT 1 FROM field_terms WHERE term = coalesce(letter, '') || @two)`
  )
    .pluck()
    .all({ two })

/** Tells the index of texts that changed; all of a transaction at once, since each further statement makes it write. */
export function indexTexts(db: Database, changed: readonly { id: number; before: string; after: string }[]): void {
  const remove = writing(db, `INSERT INTO field_texts (field_texts, rowid, search) VALUES ('delete', ?, ?)`)
  const add = writing(db, 'INSERT INTO field_texts (rowid, search) VALUES (?, ?)')
  for (const { id, before, after } of changed) {
    if (before !== '') remove.run(id, before)
    if (after !== '') add.run(id, after)
  }
}
