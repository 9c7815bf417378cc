import { stringify } from 'csv-stringify/sync'
import type { ExportOptions, LabelState } from '../../shared/domain'
import { markOf } from '../../shared/states'
import { decisionColumns } from '../review/table'
import { labelOf } from './omission'
import type { ExportRow } from '../store/export-rows'

/** A table with a row for each field. */
export interface FieldTable {
  header: readonly string[]
  /** @param name the file's name in the export */
  cells(row: ExportRow, name: string): string[]
}

/** A field's label in one cell; blank and illegible are marked, or empty. */
export function textOf(row: ExportRow, unreadable: ExportOptions['unreadable']): string {
  const label = labelOf(row)
  if (!label || (label.state !== 'text' && unreadable === 'omit')) return ''
  return marked(label.state, label.text)
}

export const trainingTable: FieldTable = {
  header: ['FILENAME', 'IDENTITY'],
  cells: (row, name) => [name, textOf(row, 'mark')]
}

export const fullTable: FieldTable = {
  header: [
    'file',
    'page',
    'field',
    'imported',
    'reading',
    'confidence',
    'text',
    'origin',
    'status',
    'reviewer',
    'decided_at',
    'model',
    // clockwise from the field's own top left as it is read, px of the stored image
    'x0',
    'y0',
    'x1',
    'y1',
    'x2',
    'y2',
    'x3',
    'y3',
    'registration',
    'blank'
  ],
  cells: (row, name) => [
    name,
    String(row.page),
    row.field,
    row.importedState === null ? '' : marked(row.importedState, row.imported),
    row.reading ?? '',
    fraction(row.confidence),
    textOf(row, 'mark'),
    row.origin === 'none' ? '' : row.origin,
    row.status,
    row.reviewer ?? '',
    row.decidedAt ?? '',
    row.model ?? '',
    ...(row.quad === null ? Array<string>(8).fill('') : (JSON.parse(row.quad) as number[]).map(String)),
    fraction(row.registration),
    fraction(row.blank)
  ]
}

/** As `decideFromTable` takes it: a copy of a project is brought what was decided in the other. */
export const decisionsTable: FieldTable = {
  header: decisionColumns,
  cells: (row, name) => {
    const label = labelOf(row)
    return [name, String(row.page), row.field, label?.text ?? '', label?.state ?? '', row.reviewer ?? '']
  }
}

export const fraction = (value: number | null): string => (value === null ? '' : String(Math.round(value * 1e6) / 1e6))

const marked = (state: LabelState, text: string | null): string => (state === 'text' ? (text ?? '') : markOf(state))

/**
 * RFC 4180 with `\n`, UTF-8 without a mark. Cells with a line break of any kind or with white space at an end are quoted:
 * no reader that trims or guesses line ends changes them.
 */
export const csvText = (rows: (readonly string[])[], spreadsheetSafe: boolean): string =>
  stringify(rows, {
    quote_record_delimiter: true,
    quoted_match: /[\r\n]|^\s|\s$/,
    escape_formulas: spreadsheetSafe
  })
