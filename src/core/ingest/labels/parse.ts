/** CSV text to rows with their line numbers. A line that can't be parsed costs that line, not the rest. */
import { parse as createParser, type Options } from 'csv-parse'
import { parse as parseAtOnce } from 'csv-parse/sync'

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
/** Bytes given to the parser at a time: a few ms. */
const pieceSize = 64 * 1024
/** After so many broken quotes the file is taken not to use them. */
const mostBrokenQuotes = 100

const options = (delimiter: Delimiter): Options => ({
  delimiter,
  record_delimiter: ['\r\n', '\n', '\r'],
  relax_column_count: true
})

export async function parseTable(text: string, delimiter: Delimiter): Promise<Table> {
  const bytes = Buffer.from(text)
  const table: Table = { rows: [], problems: [] }
  let line = 1
  let broken = 0
  for (let start = 0; start < bytes.length;) {
    const quoted = broken <= mostBrokenQuotes
    const part = await parseUntilError(bytes.subarray(start), delimiter, quoted, line, table.rows)
    if (!part.error) break
    const bad = start + part.read
    const end = endOfLine(bytes, bad)
    const cells = splitLiterally(bytes.toString('utf8', bad, end), delimiter)
    // A quote in the middle of a cell is a character like any other.
    if (part.error === 'INVALID_OPENING_QUOTE') table.rows.push({ line: part.line, cells })
    else {
      table.problems.push(`Line ${part.line}: a quote is opened and not closed as it should be. The line was left out.`)
      broken++
    }
    start = end
    line = part.line + 1
  }
  if (broken > mostBrokenQuotes) {
    table.problems.push(
      `More than ${mostBrokenQuotes} lines have broken quotes: from line ${line} on, quotes are taken as part of the text.`
    )
  }
  table.rows = table.rows.filter((row) => row.cells.some((cell) => cell !== ''))
  return table
}

interface Part {
  /** Bytes up to the end of the last good row, and the line that follows it. */
  read: number
  line: number
  error: string | null
}

async function parseUntilError(
  bytes: Buffer,
  delimiter: Delimiter,
  quoted: boolean,
  firstLine: number,
  rows: Row[]
): Promise<Part> {
  const part: Part = { read: 0, line: firstLine, error: null }
  const parser = createParser({
    ...options(delimiter),
    quote: quoted ? '"' : false,
    on_record: (record, context) => {
      rows.push({ line: part.line, cells: record as unknown as string[] })
      part.line += countLines(bytes, part.read, context.bytes)
      part.read = context.bytes
      return null
    }
  })
  parser.on('data', () => {})
  const ended = new Promise<void>((resolve) => {
    parser.on('end', resolve)
    parser.on('error', (error: Error & { code?: string }) => {
      part.error = error.code ?? error.message
      resolve()
    })
  })
  for (let start = 0; start < bytes.length && part.error === null; start += pieceSize) {
    parser.write(bytes.subarray(start, start + pieceSize))
    await new Promise((resolve) => setImmediate(resolve))
  }
  if (part.error === null) parser.end()
  await ended
  return part
}

function splitLiterally(line: string, delimiter: Delimiter): string[] {
  return (parseAtOnce(line, { ...options(delimiter), quote: false }) as string[][])[0] ?? []
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

/** The delimiter by which most of the first lines have the same number of cells, more than one. */
export async function detectDelimiter(text: string): Promise<Delimiter> {
  const head = firstLines(text, 200)
  let best: { delimiter: Delimiter; score: number } = { delimiter: ',', score: 0 }
  for (const delimiter of [',', ';', '\t'] as const) {
    const { rows } = await parseTable(head, delimiter)
    const byCells = Map.groupBy(
      rows.filter((row) => row.cells.length > 1),
      (row) => row.cells.length
    )
    const score = Math.max(0, ...[...byCells.values()].map((group) => group.length))
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
