/** The rows of a labels file as names and texts, and what is wrong with those that are not used. */
import { isUtf8 } from 'node:buffer'
import iconv from 'iconv-lite'
import type { LabelState } from '../../../shared/domain'
import { stateOfCell } from '../../../shared/states'
import { body, type Columns } from './columns'
import type { Row } from './parse'

export interface LabelRow {
  line: number
  name: string
  /** As written, but for XML's escapes. */
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
): { labels: LabelRow[]; problems: string[]; notes: string[] } {
  const labels: LabelRow[] = []
  const problems: string[] = []
  const escaped: LabelRow[] = []
  for (const { line, cells } of body(rows, columns)) {
    const problem = problemOf(cells, columns.names.length, filename, text)
    if (problem) {
      problems.push(`Line ${line}: ${problem} The row was left out.`)
      continue
    }
    const meant = withoutEscapes(cells[text]!)
    const label = { line, name: cells[filename]!, text: meant, state: stateOfCell(meant) }
    labels.push(label)
    if (meant !== cells[text]) escaped.push(label)
  }
  return { labels, problems, notes: escaped.length ? [noteOf(escaped)] : [] }
}

const noteOf = ([first, ...others]: LabelRow[]): string =>
  `Line ${first!.line}${others.length ? ` and ${count(others.length)} more` : ''}: the text has XML escapes, such as “&amp;” for “&”. ` +
  `It was taken as the characters that they mean: “${first!.text.slice(0, 60)}”.`

/** No control character, and none of the halves that UTF-16 has. */
const isWritten = (code: number): boolean =>
  code >= 0x20 && !(code >= 0x7f && code < 0xa0) && !(code >= 0xd800 && code < 0xe000) && code <= 0x10ffff

const named: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

/** XML's escapes as the characters that they mean. Tables made from XML keep them; nobody writes them by hand. */
export const withoutEscapes = (text: string): string =>
  text.replace(
    /&(?:(amp|lt|gt|quot|apos)|#(\d{1,7})|#x([\dA-Fa-f]{1,6}));/g,
    (escape, name?: string, decimal?: string, hex?: string) => {
      if (name) return named[name] ?? escape
      const code = decimal ? Number(decimal) : parseInt(hex!, 16)
      return isWritten(code) ? String.fromCodePoint(code) : escape
    }
  )

function problemOf(cells: string[], width: number, filename: number, text: number): string | null {
  if (cells.length <= Math.max(filename, text)) return `it has ${cells.length} of ${width} cells.`
  if (cells.slice(width).some((cell) => cell !== ''))
    return `it has ${cells.length} cells where ${width} are expected; a delimiter in a text must be quoted.`
  if (!cells[filename]!.trim()) return 'it names no file.'
  if (cells[filename]!.length > 4096) return `its file name has ${count(cells[filename]!.length)} characters.`
  if (cells[text]!.length > longest)
    return `its text has ${count(cells[text]!.length)} characters; the limit is ${count(longest)}.`
  if (cells[filename]!.includes('\0') || cells[text]!.includes('\0')) return 'it contains zero bytes.'
  if (isTwiceEncoded(cells[text]!))
    return `its text “${cells[text]!.slice(0, 60)}” is UTF-8 that was taken for Windows-1252.`
  if (cells[text]!.includes('\ufffd')) return 'its text has characters that are not of this encoding.'
  return null
}

/** `HÃ©lÃ¨ne`: its characters are the bytes of other ones. No name is written so by itself. */
function isTwiceEncoded(text: string): boolean {
  if (!/[\u00c2-\u00f4]/.test(text)) return false
  const bytes = iconv.encode(text, 'windows-1252')
  return isUtf8(bytes) && iconv.decode(bytes, 'windows-1252') === text
}
