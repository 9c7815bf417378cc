/** The rows of a labels file that are measured, each with the image that it names. */
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { NominaError } from '../../shared/failure'
import type { LabelColumns } from '../../shared/domain'
import { scanPaths } from '../../core/ingest'
import {
  body,
  chooseColumns,
  prepareNames,
  readColumns,
  refuseOneColumn,
  withoutTitle,
  type Columns
} from '../../core/ingest/labels/columns'
import { readText } from '../../core/ingest/labels/decode'
import { pathsOf } from '../../core/ingest/labels/inspect'
import { FileNames, type Found } from '../../core/ingest/labels/names'
import { detectDelimiter, parseTable, type Row } from '../../core/ingest/labels/parse'
import { readLabelRows } from '../../core/ingest/labels/rows'

/** Only rows with this value in this column. */
export interface Condition {
  column: string
  value: string
}

export interface LabelledField {
  /** As the labels file names it. */
  name: string
  /** As written. */
  label: string
  /** The image; null where there is none, see `problem`. */
  path: string | null
  problem: string | null
}

export interface LabelledFields {
  fields: LabelledField[]
  /** Rows that fit the conditions and have no text: empty, EMPTY or UNREADABLE. */
  skipped: number
  problems: string[]
  /** How the table was read, and its first rows. */
  table: LabelColumns
  columns: string[]
  sample: string[][]
}

export interface LabelsRequest {
  /** Absolute. */
  images: string
  labels: string
  encoding?: string | undefined
  delimiter?: LabelColumns['delimiter'] | undefined
  textColumn?: string | undefined
  filenameColumn?: string | undefined
  where: Condition[]
}

/**
 * @throws NominaError('not-found') where the labels file can't be read, ('invalid-input') where it has no such column or
 * no row to measure
 */
export async function readLabelledFields(request: LabelsRequest): Promise<LabelledFields> {
  const { text, encoding, doubt } = await readText(request.labels, request.encoding)
  if (doubt) throw new NominaError('invalid-input', `${request.labels}: ${doubt} Give it with --encoding.`)
  const delimiter = request.delimiter ?? (await detectDelimiter(text))
  const { rows: all, problems } = await parseTable(text, delimiter)
  const { files } = await scanPaths([request.images])
  const names = new FileNames<string>()
  for (const file of files) names.add(pathsOf(file, request.labels), file.absolute, file.absolute)
  await prepareNames(all, names)
  const { rows, problems: above } = withoutTitle(all, names)
  const columns = readColumns(rows, names)
  const automatic = chooseColumns(rows, columns, names)
  const indexOf = (name: string): number => columnIndex(columns, name, request.labels)
  const filename = request.filenameColumn === undefined ? automatic.filename : indexOf(request.filenameColumn)
  const textIndex = request.textColumn === undefined ? automatic.text : indexOf(request.textColumn)
  const [filenameColumn, textColumn] = [columns.names[filename]!, columns.names[textIndex]!]
  const table = { path: request.labels, encoding, delimiter, filenameColumn, textColumn }
  refuseOneColumn(table)
  if (request.textColumn === undefined && automatic.doubt)
    throw new NominaError('invalid-input', `${request.labels}: ${automatic.doubt} Use --text-column.`)
  const chosen = chooseRows(body(rows, columns), columns, request)
  const read = readLabelRows(chosen, { ...columns, hasHeader: false }, { filename, text: textIndex })
  const measured = read.labels.filter(({ state }) => state === 'text')
  if (measured.length === 0) throw new NominaError('invalid-input', nothingToMeasure(request, rows, read.labels.length))
  const found = await names.match(measured.map(({ name }) => name))
  return {
    fields: measured.map(({ name, text }, index) => ({
      name,
      label: text,
      ...imageOf(name, found[index]!, request.images)
    })),
    skipped: read.labels.length - measured.length,
    problems: [...above, ...problems, ...read.notes, ...read.problems],
    table,
    columns: columns.names,
    sample: chosen.slice(0, 3).map(({ cells }) => cells)
  }
}

function columnIndex({ names }: Columns, name: string, labels: string): number {
  const index = names.indexOf(name)
  if (index >= 0) return index
  throw new NominaError('invalid-input', `${labels} has no column "${name}". It has: ${names.join(', ') || 'none'}.`)
}

function chooseRows(rows: Row[], columns: Columns, { where, labels }: LabelsRequest): Row[] {
  const conditions = where.map(({ column, value }) => ({ index: columnIndex(columns, column, labels), value }))
  return rows.filter(({ cells }) => conditions.every(({ index, value }) => (cells[index] ?? '') === value))
}

function imageOf(name: string, found: Found<string>, images: string): Pick<LabelledField, 'path' | 'problem'> {
  // A file that no import would take for an image is still tried, so that its reason is told.
  const literal = resolve(images, name)
  if (existsSync(literal)) return { path: literal, problem: null }
  if (found === null) return { path: null, problem: `There is no such file in ${images}.` }
  if (found === 'ambiguous') return { path: null, problem: 'Several files have this name. Write their folders too.' }
  return { path: found.value, problem: null }
}

function nothingToMeasure({ where, labels }: LabelsRequest, rows: Row[], fitting: number): string {
  if (rows.length === 0) return `The labels file ${labels} has no rows.`
  const conditions = where.map(({ column, value }) => `${column}=${value}`).join(' and ')
  if (conditions && fitting === 0) return `No row of ${labels} has ${conditions}.`
  return `No row of ${labels}${conditions ? ` with ${conditions}` : ''} has a label to measure against.`
}
