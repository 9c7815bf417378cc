/** The rows of a labels file as names and texts, and what is wrong with those that are not used. */
import type { LabelState } from '../../../shared/domain'
import { body, type Columns } from './columns'
import type { Row } from './parse'

export interface LabelRow {
  line: number
  name: string
  /** As written. */
  text: string
  state: LabelState
}

/** Most characters of a label: more is no name. */
const longest = 2000
const count = (value: number): string => value.toLocaleString('en-GB')

export function readLabelRows(
  rows: Row[],
  columns: Columns,
  { filename, text }: { filename: number; text: number }
): { labels: LabelRow[]; problems: string[] } {
  const labels: LabelRow[] = []
  const problems: string[] = []
  for (const { line, cells } of body(rows, columns)) {
    const problem = problemOf(cells, columns.names.length, filename, text)
    if (problem) problems.push(`Line ${line}: ${problem} The row was left out.`)
    else labels.push({ line, name: cells[filename]!, text: cells[text]!, state: stateOf(cells[text]!) })
  }
  return { labels, problems }
}

export function stateOf(text: string): LabelState {
  const word = text.trim().toUpperCase()
  if (word === '' || word === 'EMPTY') return 'blank'
  return word === 'UNREADABLE' ? 'illegible' : 'text'
}

function problemOf(cells: string[], width: number, filename: number, text: number): string | null {
  if (cells.length <= Math.max(filename, text)) return `it has ${cells.length} of ${width} cells.`
  if (cells.slice(width).some((cell) => cell !== ''))
    return `it has ${cells.length} cells where ${width} are expected; a delimiter in a text must be quoted.`
  if (!cells[filename]!.trim()) return 'it names no file.'
  if (cells[filename]!.length > 4096) return `its file name has ${count(cells[filename]!.length)} characters.`
  if (cells[text]!.length > longest)
    return `its text has ${count(cells[text]!.length)} characters; the limit is ${count(longest)}.`
  if (cells[filename]!.includes('\0') || cells[text]!.includes('\0')) return 'it contains zero bytes.'
  if (cells[text]!.includes('\ufffd')) return 'its text has characters that are not of this encoding.'
  return null
}
