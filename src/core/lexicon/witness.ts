/** Why a field reads as it does where lists are leant on: the row of a roster that it fits, and what the ink alone gave. */
import { fold, type ReadOnlyDatabase } from '../store'
import { cellsOfRow, entryWithKey, readLexicons, rowsWithEntries } from '../store/lexicons'
import { ownReadingOf, readingsOnPage } from '../store/own-readings'

export interface Witness {
  /** Name of the roster. */
  list: string
  /** Its row: the text of each column that stands for a field of the form. */
  person: string[]
  /** Rows that fit the page as well as this one. */
  others: number
}
export interface Leaning {
  roster: Witness | null
  /** As the model read it by itself, where lists made another text of it. */
  own: string | null
}

/** Rows of one name that are compared with the rest of the page. */
const mostRows = 500

export function leaningOf(db: ReadOnlyDatabase, fieldId: number): Leaning {
  const page = readingsOnPage(db, fieldId)
  const field = page.find(({ id }) => id === fieldId)
  return { roster: field?.text ? witnessOf(db, field, page) : null, own: ownReadingOf(db, fieldId) }
}

interface Read {
  id: number
  name: string
  text: string | null
}

function witnessOf(db: ReadOnlyDatabase, field: Read, page: Read[]): Witness | null {
  for (const { id, name: list, fields } of readLexicons(db).filter(
    ({ enabled, kind }) => enabled && kind === 'roster'
  )) {
    const place = fields?.indexOf(field.name) ?? -1
    const entry = place < 0 ? undefined : entryWithKey(db, id, place, fold(field.text!))
    if (entry === undefined) continue
    const said = new Map(page.map(({ name, text }) => [fields!.indexOf(name), fold(text ?? '')]))
    const rows = rowsWithEntries(db, [entry], mostRows).map((row) => {
      const cells = cellsOfRow(db, id, row).sort((a, b) => a.place - b.place)
      return { cells, fits: cells.filter((cell) => said.get(cell.place) === fold(cell.text)).length }
    })
    const most = Math.max(...rows.map(({ fits }) => fits))
    const best = rows.filter(({ fits }) => fits === most)
    if (best[0]) return { list, person: best[0].cells.map(({ text }) => text), others: best.length - 1 }
  }
  return null
}
