/**
 * What fields say, found by a part of it: `field_texts` indexes all three characters in a row of each `fields.search`, and
 * `fields.letters` has a bit for each of the commonest characters.
 */
import { fold } from './compare'
import type { Database, ReadOnlyDatabase } from './handle'
import { letters } from './migrations/0021-letters'
import { lastFieldId, numbers, type Value } from './numbers'
import { isShown } from './removals'
import { reading, writing } from './statements'

/** Characters of a term of the index; of one character only `letters` can tell. */
const [termLength, fewest] = [3, 2]

/** A phrase of characters in a row is the text itself. */
const phrase = (folded: string): string => `"${folded.replaceAll('"', '""')}"`

/** As `fields.search` is: null where nothing is sought. */
export const sought = (text: string | undefined): string | null => fold(text?.trim() ?? '') || null

/** Whether an index can tell who says it; null: nothing is sought. */
export function isInIndex(text: string | undefined): boolean | null {
  const folded = sought(text)
  if (folded === null) return null
  return letters.includes(folded) || ([...folded].length >= fewest && !folded.includes('\0'))
}

/**
 * The fields that say it, in no order; 'all': each that is shown; null where no index can tell, or nothing is sought. No hidden field says
 * anything.
 */
export function fieldsThatSay(db: ReadOnlyDatabase, text: string | undefined): number[] | 'all' | null {
  const folded = sought(text)
  if (folded === null || !isInIndex(text)) return null
  const { id, where, value } = [...folded].length < fewest ? byLetter(folded) : byTerms(db, folded)
  const ask = (what: string): number[] => numbers(db, `SELECT ${what} FROM ${where}`, [value])
  if (allMaySay(db, folded) && ask('count(*)')[0] === shownFields(db)) return 'all'
  return ask(id)
}

interface Saying {
  /** The column that tells the field. */
  id: string
  where: string
  value: Value
}

const byLetter = (letter: string): Saying => ({
  id: 'f.id',
  where: 'fields f INDEXED BY fields_by_letters WHERE f.id > 0 AND (f.letters >> ?) & 1',
  value: letters.indexOf(letter)
})

function byTerms(db: ReadOnlyDatabase, folded: string): Saying {
  const terms = [...folded].length < termLength ? termsWith(db, folded) : [folded]
  const none = '""'
  return {
    id: 'rowid',
    where: 'field_texts WHERE field_texts MATCH ?',
    value: terms.map(phrase).join(' OR ') || none
  }
}

const shownFields = (db: ReadOnlyDatabase): number =>
  numbers(db, `SELECT coalesce(sum(count), 0) FROM tallies WHERE ${isShown('tallies')}`)[0]!

/** Fields that are looked at before all of those that say it are counted: to count them takes two thirds of the time that telling them takes. */
const tried = 500

/** Whether each of some fields says it, as a folder that all lie in. */
function allMaySay(db: ReadOnlyDatabase, folded: string): boolean {
  const last = lastFieldId(db)
  const some = Array.from({ length: tried }, (_, index) => Math.ceil((last * (index + 1)) / tried))
  const without = reading<[string, string], object>(
    db,
    `SELECT 1 FROM json_each(?) some JOIN fields f ON f.id = some.value WHERE ${isShown('f')} AND instr(f.search, ?) = 0 LIMIT 1`
  )
  return without.get(JSON.stringify(some), folded) === undefined
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
