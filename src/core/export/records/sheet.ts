/** A table as an XLSX workbook. Every cell is text: a spreadsheet guesses no numbers, dates or formulas. */
import writeExcelFile from 'write-excel-file/node'
import { NominaError } from '../../../shared/failure'

/** Of Excel's own: a sheet has no more rows, a cell no more characters. */
const mostRows = 1_048_576
const mostCharacters = 32_767

/** Characters that no XML can hold, and so no XLSX. */
// eslint-disable-next-line no-control-regex
const noXml = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g

/** @throws NominaError('too-large') more than a sheet or a cell can hold */
export async function workbookOf(header: string[], records: readonly string[][]): Promise<Buffer> {
  if (records.length >= mostRows)
    throw new NominaError(
      'too-large',
      `A sheet holds ${mostRows - 1} rows, and these are ${records.length}. Write a CSV file.`
    )
  const data = [header.map((value) => ({ ...cell(value), fontWeight: 'bold' as const })), ...records.map(row)]
  const columns = header.map((title, index) => ({ width: widthOf([title, ...sampleOf(records, index)]) }))
  return writeExcelFile(data, { columns, stickyRowsCount: 1, sheet: 'records' }).toBuffer()
}

const row = (cells: string[]) => cells.map((value) => (value === '' ? null : cell(value)))

function cell(value: string) {
  if (value.length > mostCharacters)
    throw new NominaError(
      'too-large',
      `A cell holds ${mostCharacters} characters, and one is longer: “${value.slice(0, 40)}…”. Write a CSV file.`
    )
  return { value: value.replace(noXml, '\ufffd'), type: String, format: '@' }
}

const sampleOf = (records: readonly string[][], column: number): string[] =>
  records.slice(0, 200).map((record) => record[column]!)

/** Characters; neither a sliver nor the whole screen. */
const widthOf = (texts: string[]): number => Math.min(48, Math.max(8, ...texts.map((text) => text.length + 2)))
