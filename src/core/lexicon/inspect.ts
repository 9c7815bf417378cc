/** Looks at a list before it is imported: encoding, columns, and what they seem to hold. */
import type { Output } from '../../shared/contract'
import { capped } from '../ingest/labels/inspect'
import type { ReadOnlyDatabase } from '../store'
import { fieldNames } from '../store/lexicons'
import { isNumber, readTable, type ListTable, type TableRequest } from './table'

const shownRows = 8
const shownCharacters = 200
const shownProblems = 200
const looked = 500

const firstNameWords = /pr[ée]nom|first|given/i
const surnameWords = /^(nom|noms|name|surname|family|last)/i

/** @throws NominaError `not-found`, `invalid-input` */
export async function inspectList(db: ReadOnlyDatabase, request: TableRequest): Promise<Output<'lexicon.inspect'>> {
  const table = await readTable(request)
  return {
    encoding: table.encoding,
    delimiter: table.delimiter,
    columns: table.columns,
    hasHeader: table.hasHeader,
    rows: table.rows.length,
    sample: table.rows.slice(0, shownRows).map(({ cells }) => cells.map((cell) => cell.slice(0, shownCharacters))),
    problems: capped(table.problems, shownProblems),
    suggested: suggest(table),
    fields: fieldNames(db)
  }
}

function suggest({ columns, rows }: ListTable): Output<'lexicon.inspect'>['suggested'] {
  const sample = rows.slice(0, looked)
  const cellsOf = (at: number): string[] => sample.map(({ cells }) => cells[at] ?? '')
  const texts = columns.map((_, at) => at).filter((at) => cellsOf(at).some((cell) => /\p{L}/u.test(cell)))
  const numbers = columns.map((_, at) => at).filter((at) => cellsOf(at).every(isNumber))
  const hasFirst = texts.some((at) => firstNameWords.test(columns[at]!))
  const hasLast = texts.some((at) => surnameWords.test(columns[at]!) && !firstNameWords.test(columns[at]!))
  const kind = texts.length > 1 && hasFirst && hasLast ? 'roster' : hasFirst ? 'first-name' : 'surname'
  const named = texts.find((at) => firstNameWords.test(columns[at]!) || surnameWords.test(columns[at]!))
  const text = named ?? texts[0]
  return {
    kind,
    textColumn: text === undefined ? null : columns[text]!,
    countColumn: numbers[0] === undefined ? null : columns[numbers[0]]!
  }
}
