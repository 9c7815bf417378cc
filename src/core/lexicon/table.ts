/** A list's file as rows and named columns. */
import { NominaError, say } from '../../shared/failure'
import { columnNames } from '../ingest/labels/columns'
import { isCount } from './counts'
import { withoutTitle } from '../ingest/labels/columns'
import { readText } from '../ingest/labels/decode'
import { detectDelimiter, parseTable, type Delimiter, type Row } from '../ingest/labels/parse'

export interface TableRequest {
  path: string
  encoding?: string | undefined
  delimiter?: Delimiter | undefined
  header?: boolean | undefined
}

export interface ListTable {
  encoding: string
  /** Why the encoding is not certain, in a sentence; null where it is, or was given. */
  doubt: string | null
  delimiter: Delimiter
  columns: string[]
  hasHeader: boolean
  /** Without the header. */
  rows: Row[]
  problems: string[]
}

const headerWords =
  /^(name|names|nom|noms|surname|last[ _-]?name|family[ _-]?name|pr[ée]nom|pr[ée]noms|first[ _-]?names?|given[ _-]?names?|text|texte|identity|label|count|counts|nombre|effectif|frequency|fr[ée]quence|n|id|num[ée]ro|number|birth.*|naissance|date.*|class|classe|row|ligne)$/i
const looked = 500

/** @throws NominaError `not-found`, `invalid-input`: no file, no text, no rows */
export async function readTable(request: TableRequest): Promise<ListTable> {
  const { text, encoding, doubt } = await readText(request.path, request.encoding, 'list')
  const delimiter = request.delimiter ?? (await detectDelimiter(text))
  const table = await parseTable(text, delimiter)
  const { rows, problems: above } = withoutTitle(table.rows, null)
  const problems = [...above, ...table.problems]
  if (!rows.length) throw new NominaError('invalid-input', say('listEmpty', { path: request.path }))
  const hasHeader = request.header ?? looksLikeHeader(rows)
  const body = hasHeader ? rows.slice(1) : rows
  if (!body.length) throw new NominaError('invalid-input', say('listHeader', { path: request.path }))
  const width = rows.slice(0, looked).reduce((most, row) => Math.max(most, row.cells.length), 0)
  const columns = columnNames(hasHeader ? rows[0]!.cells : [], width)
  return { encoding, doubt, delimiter, columns, hasHeader, rows: body, problems }
}

/** A cell is a known word, or stands above numbers and is none. */
function looksLikeHeader([first, ...others]: Row[]): boolean {
  const cells = first!.cells.map((cell) => cell.trim())
  if (cells.some((cell) => headerWords.test(cell))) return true
  const sample = others.slice(0, looked)
  return cells.some(
    (cell, at) =>
      cell !== '' && !isCount(cell) && sample.length > 0 && sample.every((row) => isCount(row.cells[at] ?? ''))
  )
}

/** @throws NominaError `invalid-input` that names the columns there are */
export function columnAt({ columns }: ListTable, name: string, path: string): number {
  const at = columns.indexOf(name)
  if (at >= 0) return at
  throw new NominaError('invalid-input', say('listColumn', { path, name, columns: columns.join(', ') }))
}
