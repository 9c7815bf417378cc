/**
 * CSV text to rows with their line numbers. A line that can't be parsed costs that line, not the rest; a table that no
 * batch of names has costs neither the memory nor the minutes that it would take.
 */
import { parse as createParser, type Options } from 'csv-parse'
import { NominaError } from '../../../shared/failure'
import { turn } from '../../store/slices'

export type Delimiter = ',' | ';' | '\t'
export interface Row {
  /** Of the row's first line, from 1. */
  line: number
  cells: string[]
}
export interface Table {
  rows: Row[]
  problems: string[]
}

const newline = 0x0a
const carriageReturn = 0x0d
/** Bytes given to the parser at a time: a few ms; less at first, as what follows a broken line is read again. */
const pieceSize = 64 * 1024
const firstPiece = 1024
/** Characters of a row. A quote that is never closed makes one of all that follows. */
const longestRow = 2_000_000
const mostCells = 1000
/** Of a whole table: ten columns for each of a million fields. */
const mostRows = 2_000_000
const mostCellsInAll = 10_000_000
/** After so many broken quotes the file is taken not to use them. */
const mostBrokenQuotes = 100

const options = (delimiter: Delimiter): Options => ({
  delimiter,
  record_delimiter: ['\r\n', '\n', '\r'],
  relax_column_count: true,
  // A quote in the middle of a cell is a character like any other.
  relax_quotes: true,
  skip_empty_lines: true,
  max_record_size: longestRow
})

/** @throws NominaError `too-large` where it has more rows or cells than are taken, or only rows that are too large */
export async function parseTable(text: string, delimiter: Delimiter): Promise<Table> {
  const { rows, problems, tooLarge } = await readRows(withoutSeparatorLine(text), delimiter)
  if (!rows.length && tooLarge !== null)
    throw new NominaError('too-large', `No row of this table can be used. ${tooLarge}`)
  return { rows: rows.filter((row) => row.cells.some((cell) => cell !== '')), problems }
}

/** A table that is being read. */
interface Growing extends Table {
  cells: number
  /** What was said of the first row that was too large. */
  tooLarge: string | null
}

async function readRows(text: string, delimiter: Delimiter): Promise<Growing> {
  const bytes = Buffer.from(text)
  const table: Growing = { rows: [], problems: [], cells: 0, tooLarge: null }
  let line = 1
  let broken = 0
  for (let start = 0; start < bytes.length;) {
    const quoted = broken <= mostBrokenQuotes
    const part = await parseUntilError(bytes.subarray(start), delimiter, quoted, line, table)
    if (!part.error) break
    const bad = afterEmptyLines(bytes, start + part.read)
    line = part.line + countLines(bytes, start + part.read, bad)
    const end = endOfLine(bytes, bad)
    if (end - bad > longestRow) leaveOut(table, line, `it has more than ${count(longestRow)} characters`)
    else {
      table.problems.push(`Line ${line}: a quote is opened and not closed as it should be. The line was left out.`)
      broken++
    }
    start = end
    line++
  }
  if (broken > mostBrokenQuotes) {
    table.problems.push(
      `More than ${mostBrokenQuotes} lines have broken quotes: from line ${line} on, quotes are taken as part of the text.`
    )
  }
  return table
}

const count = (value: number): string => value.toLocaleString('en-GB')

function leaveOut(table: Growing, line: number, why: string): void {
  const problem = `Line ${line}: ${why}. The line was left out.`
  table.tooLarge ??= problem
  table.problems.push(problem)
}

/** @throws NominaError `too-large` */
function addRow(table: Growing, row: Row): void {
  const { length } = row.cells
  if (length > mostCells)
    return leaveOut(table, row.line, `it has ${count(length)} cells; the limit is ${count(mostCells)}`)
  table.cells += length
  if (table.rows.length === mostRows) throw tooLarge(`${count(mostRows)} rows`)
  if (table.cells > mostCellsInAll) throw tooLarge(`${count(mostCellsInAll)} cells`)
  table.rows.push(row)
}

const tooLarge = (most: string): NominaError =>
  new NominaError('too-large', `This table has more than ${most}. Split it and import the parts.`)

const brokenQuote = Object.assign(new Error('a quote that is not closed as it should be'), { code: 'BROKEN_QUOTE' })

interface Part {
  /** Bytes up to the end of the last good row, and the line that follows it. */
  read: number
  line: number
  error: string | null
}

/** @throws NominaError `too-large` */
async function parseUntilError(
  bytes: Buffer,
  delimiter: Delimiter,
  quoted: boolean,
  firstLine: number,
  table: Growing
): Promise<Part> {
  const part: Part = { read: 0, line: firstLine, error: null }
  const parser = createParser({
    ...options(delimiter),
    quote: quoted ? '"' : false,
    on_record: (record, context) => {
      // As if each row were the first: the parser makes an error of each that is longer or shorter than that, even where it takes
      // them, and nine tenths of its time went into those.
      ;(parser.info as { records: number }).records = 0
      const begin = afterEmptyLines(bytes, part.read)
      part.line += countLines(bytes, part.read, begin)
      const cells = record as unknown as string[]
      if (quoted && isBroken(cells, bytes, begin, context.bytes)) throw brokenQuote
      addRow(table, { line: part.line, cells })
      part.line += countLines(bytes, begin, context.bytes)
      part.read = context.bytes
      return null
    }
  })
  parser.on('data', () => {})
  const ended = new Promise<void>((resolve, reject) => {
    parser.on('end', resolve)
    parser.on('error', (error: Error & { code?: string }) => {
      part.error = error.code ?? error.message
      if (error instanceof NominaError) reject(error)
      else resolve()
    })
  })
  let size = firstPiece
  for (
    let start = 0;
    start < bytes.length && part.error === null;
    start += size, size = Math.min(2 * size, pieceSize)
  ) {
    parser.write(bytes.subarray(start, start + size))
    await turn()
  }
  if (part.error === null) parser.end()
  await ended
  return part
}

function afterEmptyLines(bytes: Buffer, from: number): number {
  let index = from
  while (bytes[index] === newline || bytes[index] === carriageReturn) index++
  return index
}

/**
 * Whether a cell that was opened by a quote goes on behind its closing one: most often a quote of another line closes it. The
 * parser leaves its quotes where they are; a quote that was written as one stands doubled in the row.
 */
function isBroken(cells: string[], bytes: Buffer, from: number, to: number): boolean {
  const suspicious = cells.filter((cell) => cell.startsWith('"'))
  if (!suspicious.length) return false
  const written = bytes.toString('utf8', from, to)
  return suspicious.some((cell) => !written.includes(`"${cell.replaceAll('"', '""')}"`))
}

function endOfLine(bytes: Buffer, from: number): number {
  for (let index = from; index < bytes.length; index++) {
    if (bytes[index] === newline) return index + 1
    if (bytes[index] === carriageReturn) return bytes[index + 1] === newline ? index + 2 : index + 1
  }
  return bytes.length
}

function countLines(bytes: Buffer, from: number, to: number): number {
  let lines = 0
  for (let index = from; index < to; index++) {
    if (bytes[index] === newline || (bytes[index] === carriageReturn && bytes[index + 1] !== newline)) lines++
  }
  return lines
}

const delimiters = [',', ';', '\t'] as const

/** With this line Excel is told the delimiter; it is no row. */
const separatorLine = /^\ufeff?"?sep=(.)"?[,;\t]*(?=\r|\n|$)/i

/** Its line end stays, so that lines keep their numbers. */
const withoutSeparatorLine = (text: string): string => text.replace(separatorLine, '')

/** The delimiter by which most of the first lines have the same number of cells, more than one. */
export async function detectDelimiter(text: string): Promise<Delimiter> {
  const said = delimiters.find((delimiter) => delimiter === separatorLine.exec(text)?.[1])
  if (said) return said
  const head = firstLines(text, 200)
  let best: { delimiter: Delimiter; score: number } = { delimiter: ',', score: 0 }
  for (const delimiter of delimiters) {
    const { rows } = await readRows(head, delimiter)
    const byCells = Map.groupBy(
      rows.filter((row) => row.cells.length > 1),
      (row) => row.cells.length
    )
    // Where several do alike, that of the names of columns: a comma can stand in every text.
    const header = /^"?[\p{L}_][\p{L}\d _-]*"?$/u.test(rows[0]?.cells[0] ?? '') ? 0.5 : 0
    const score = Math.max(0, ...[...byCells.values()].map((group) => group.length)) + header
    if (score > best.score) best = { delimiter, score }
  }
  return best.delimiter
}

function firstLines(text: string, count: number): string {
  let end = -1
  for (let line = 0; line < count; line++) {
    const next = text.indexOf('\n', end + 1)
    if (next < 0 || next > 256 * 1024) return text.slice(0, 256 * 1024)
    end = next
  }
  return text.slice(0, end)
}
