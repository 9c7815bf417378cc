/** Looks at a list before it is imported: encoding, columns, and what they seem to hold. */
import type { Output } from '../../shared/contract'
import { capped } from '../ingest/labels/inspect'
import type { ReadOnlyDatabase } from '../store'
import { fieldNames } from '../store/lexicons'
import { isCount } from './counts'
import { readTable, type ListTable, type TableRequest } from './table'

const shownRows = 8
const shownCharacters = 200
const shownProblems = 200
const looked = 500

const firstNameWords = /pr[ée]nom|preusuel|first|given|vorname/i
const countWords =
  /^(nombre|nb|effectifs?|counts?|n|freq(uency|uence)?|fr[ée]quence|total|occurrences?|anzahl|h[äa]ufigkeit|frecuencia|number)$/i
const codeWords =
  /^(id|key|code|rang|rank|sexe?|gender|age|dpt|d[ée]p.*|year|ann[ée]e|annais|insee|numero|num[ée]ro|no|date.*|naissance|birth.*|classe?|row|ligne|page)$/i
const surnameWords = /^(nom|noms|name|surname|family|last)/i

/** @throws NominaError `not-found`, `invalid-input` */
export async function inspectList(db: ReadOnlyDatabase, request: TableRequest): Promise<Output<'lexicon.inspect'>> {
  const table = await readTable(request)
  return {
    encoding: table.encoding,
    doubt: table.doubt,
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
  const hasFirst = texts.some((at) => firstNameWords.test(columns[at]!))
  const hasLast = texts.some((at) => surnameWords.test(columns[at]!) && !firstNameWords.test(columns[at]!))
  const kind = texts.length > 1 && hasFirst && hasLast ? 'roster' : hasFirst ? 'first-name' : 'surname'
  const named = texts.find((at) => firstNameWords.test(columns[at]!) || surnameWords.test(columns[at]!))
  const text = named ?? texts[0]
  const count = countColumn(columns, cellsOf)
  return {
    kind,
    textColumn: text === undefined ? null : columns[text]!,
    countColumn: count === undefined ? null : columns[count]!
  }
}

/** By its name, else the only column of numbers that are no codes, years or numbers of rows. */
function countColumn(columns: string[], cellsOf: (at: number) => string[]): number | undefined {
  const numbers = columns.map((_, at) => at).filter((at) => cellsOf(at).every(isCount))
  const named = numbers.find((at) => countWords.test(columns[at]!.trim()))
  const others = numbers.filter((at) => !codeWords.test(columns[at]!.trim()) && !isCode(cellsOf(at)))
  return named ?? (others.length === 1 ? others[0] : undefined)
}

/** Years, or row numbers that go up by one. */
const isCode = (cells: string[]): boolean =>
  cells.length > 2 &&
  (cells.every((cell) => /^\s*(1[6-9]|20)\d\d\s*$/.test(cell)) ||
    cells.every((cell, at) => at === 0 || Number(cell) === Number(cells[at - 1]) + 1))
