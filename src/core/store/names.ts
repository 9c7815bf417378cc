/** What a field says: the text under which it stands in the grid by name, and which one confirmation of it would store. */
import type { FieldStatus, LabelState } from '../../shared/domain'
import { isDecided, traitsOf } from '../../shared/states'
import { fold } from './compare'
import type { Database } from './handle'
import { reading, writing } from './statements'

interface Said {
  status: FieldStatus
  /** The current label. */
  text: string | null
  differs: 0 | 1
  imported: string | null
  importedState: LabelState | null
  /** Null where there is none. */
  reading: string | null
}

/**
 * The text of a field as the review shows it on arrival: what was decided; else what was read, in the imported label's
 * case and accents where both say the same; else the imported label. Empty where nothing is written; null where there is
 * no text to stand under: failed, flagged, illegible, or neither read nor imported.
 */
export function nameOf({ status, text, differs, imported, importedState, reading }: Said): string | null {
  if (isDecided({ status })) return { text, blank: '', illegible: null, none: null, open: null }[traitsOf(status).label]
  if (status !== 'undecided') return null
  if (importedState === 'text' && (reading === null || !differs)) return imported
  if (reading !== null) return reading
  return importedState === 'blank' ? '' : null
}

/** Gives texts their row in `names`, a new one where there is none; within a transaction. */
export function nameIds(db: Database): (text: string | null) => number | null {
  const known = new Map<string, number>()
  return (text) => {
    if (text === null) return null
    const found = known.get(text) ?? readId(db, text) ?? insert(db, text)
    known.set(text, found)
    return found
  }
}

const readId = (db: Database, text: string): number | undefined =>
  reading<[string], number>(db, 'SELECT id FROM names WHERE text = ?').pluck().get(text)

const insert = (db: Database, text: string): number =>
  Number(writing(db, 'INSERT INTO names (text, folded) VALUES (?, ?)').run(text, fold(text)).lastInsertRowid)
