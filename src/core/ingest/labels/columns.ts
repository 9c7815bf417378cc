/** Which columns of a labels file hold the file names and the texts, and whether its first row is a header. */
import type { LabelColumns } from '../../../shared/domain'
import { NominaError } from '../../../shared/failure'
import type { FileNames } from './names'
import type { Row } from './parse'

export interface Columns {
  names: string[]
  hasHeader: boolean
}

const fileWords =
  /^(file|files|filename|file[ _-]?name|image|images|img|path|fichier|nom[ _-]?(de[ _-]?)?fichier|datei|dateiname|archivo)$/i
const textWords =
  /^(identity|text|texts|label|labels|transcription|transcript|name|names|nom|noms|value|ground[ _-]?truth|gt|word|words|checked|texte|valeur)$/i
const numbered = /^Column (\d+)$/
const looked = 500

/** Whether exact names say enough of the columns: else the index is made to know more. */
export async function prepareNames(rows: Row[], files: FileNames<unknown>): Promise<void> {
  const sample = rows.slice(0, looked)
  const named = sample.filter((row) => row.cells.some((cell) => files.knows(cell))).length
  if (named < sample.length / 2) await files.deepen()
}

/** A row is the header where no cell of it names a file, and other rows or known words say that it should. */
export function readColumns(rows: Row[], files: FileNames<unknown>): Columns {
  const first = rows[0]?.cells ?? []
  const namesFile = first.some((cell) => files.knows(cell))
  const looksLikeHeader = first.some((cell) => fileWords.test(cell.trim()) || textWords.test(cell.trim()))
  const othersName = rows.slice(1, looked).some((row) => row.cells.some((cell) => files.knows(cell)))
  const hasHeader = !namesFile && first.length > 0 && (looksLikeHeader || othersName)
  const width = rows.slice(0, looked).reduce((most, row) => Math.max(most, row.cells.length), 0)
  return { names: columnNames(hasHeader ? first : [], hasHeader ? first.length : width), hasHeader }
}

/** Names as shown to a person: unique, and made up where there is no header. */
export function columnNames(header: string[], width: number): string[] {
  const names = new Set<string>()
  for (let index = 0; index < width; index++) {
    const wanted = header[index]?.trim() || `Column ${index + 1}`
    let name = wanted
    for (let copy = 2; names.has(name); copy++) name = `${wanted} (${copy})`
    names.add(name)
  }
  return [...names]
}

export function chooseColumns(
  rows: Row[],
  columns: Columns,
  files: FileNames<unknown>
): { filename: number; text: number } {
  const sample = body(rows, columns).slice(0, looked)
  const indices = columns.names.map((_, index) => index)
  const matches = indices.map((index) => sample.filter((row) => files.knows(row.cells[index] ?? '')).length)
  const most = Math.max(0, ...matches)
  const byWord = columns.names.findIndex((name) => fileWords.test(name))
  const filename = most > 0 ? matches.indexOf(most) : Math.max(0, byWord)
  const others = indices.filter((index) => index !== filename)
  const named = others.find((index) => textWords.test(columns.names[index]!))
  return { filename, text: named ?? best(others, (index) => letters(sample, index)) ?? filename }
}

/** The columns as a person or an earlier look chose them, by name. @throws NominaError `invalid-input` */
export function resolveColumns(
  rows: Row[],
  chosen: { filenameColumn: string; textColumn: string },
  files: FileNames<unknown>
): { columns: Columns; filename: number; text: number } {
  const madeUp = numbered.test(chosen.filenameColumn) && numbered.test(chosen.textColumn)
  const first = rows[0]?.cells ?? []
  const columns = madeUp && !first.includes(chosen.filenameColumn) ? withoutHeader(rows) : withHeader(rows, files)
  const indexOf = (name: string): number => {
    const index = columns.names.indexOf(name)
    if (index >= 0) return index
    throw new NominaError(
      'invalid-input',
      `The labels file has no column "${name}". It has: ${columns.names.join(', ') || 'none'}.`
    )
  }
  return { columns, filename: indexOf(chosen.filenameColumn), text: indexOf(chosen.textColumn) }
}

/** @throws NominaError `invalid-input` where the names would be taken for texts, as in a file of one column */
export function refuseOneColumn({
  path,
  filenameColumn,
  textColumn
}: Pick<LabelColumns, 'path' | 'filenameColumn' | 'textColumn'>): void {
  if (filenameColumn !== textColumn) return
  throw new NominaError(
    'invalid-input',
    `The labels file ${path} needs a column of file names and another of texts; both are "${textColumn}" now. Choose the columns, or the delimiter between them.`
  )
}

function withoutHeader(rows: Row[]): Columns {
  const width = rows.slice(0, looked).reduce((most, row) => Math.max(most, row.cells.length), 0)
  return { names: columnNames([], width), hasHeader: false }
}

function withHeader(rows: Row[], files: FileNames<unknown>): Columns {
  const read = readColumns(rows, files)
  const first = rows[0]?.cells ?? []
  return read.hasHeader ? read : { names: columnNames(first, first.length), hasHeader: true }
}

export const body = (rows: Row[], { hasHeader }: Columns): Row[] => (hasHeader ? rows.slice(1) : rows)

const letters = (rows: Row[], index: number): number =>
  rows.filter((row) => /\p{L}/u.test(row.cells[index] ?? '') && !/^\d+$/.test(row.cells[index] ?? '')).length

function best(indices: number[], score: (index: number) => number): number | undefined {
  let [found, most]: [number | undefined, number] = [undefined, -1]
  for (const index of indices) {
    const value = score(index)
    if (value > most) [found, most] = [index, value]
  }
  return found
}
