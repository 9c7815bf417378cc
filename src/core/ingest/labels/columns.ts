/** Which columns of a labels file hold the file names and the texts, and whether its first row is a header. */
import type { LabelColumns } from '../../../shared/domain'
import { NominaError, say } from '../../../shared/failure'
import type { FileNames } from './names'
import type { Row } from './parse'

export interface Columns {
  names: string[]
  hasHeader: boolean
}

const fileWords =
  /^(file|files|filename|file[ _-]?name|image|images|img|path|fichier|nom[ _-]?(de[ _-]?)?fichier|datei|dateiname|archivo)$/i
/** Words for the texts, those that mean nothing else first. */
const textWords = [
  /^(identity|transcription|transcript|ground[ _-]?truth|gt)$/i,
  /^(text|texts|texte|checked|value|valeur)$/i,
  /^(label|labels|word|words|etiquette|étiquette)$/i,
  /^(name|names|nom|noms|pr[ée]noms?|surname|(first|last|family|given)[ _-]?names?|nachname|vorname|apellidos?|nombre)$/i
]
const isTextWord = (name: string): boolean => textWords.some((words) => words.test(name.trim()))
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
  const looksLikeHeader = first.some((cell) => fileWords.test(cell.trim()) || isTextWord(cell))
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
): { filename: number; text: number; doubt: string | null } {
  const sample = body(rows, columns).slice(0, looked)
  const indices = columns.names.map((_, index) => index)
  const matches = indices.map((index) => sample.filter((row) => files.knows(row.cells[index] ?? '')).length)
  const most = Math.max(0, ...matches)
  const byWord = columns.names.findIndex((name) => fileWords.test(name))
  const filename = most > 0 ? matches.indexOf(most) : Math.max(0, byWord)
  const others = indices.filter((index) => index !== filename)
  const ranked = others
    .map((index) => ({ index, score: evidenceOfText(columns.names[index]!, sample, index) }))
    .sort((a, b) => b.score - a.score)
  const best = ranked[0]
  if (!best) return { filename, text: filename, doubt: null }
  const close = ranked.filter(({ score }) => score > 0 && best.score - score < clearly)
  return { filename, text: best.index, doubt: close.length > 1 ? doubtOf(close, columns, sample) : null }
}

/** Points by which one column must be likelier to hold the texts than another. */
const clearly = 1

/** What the column is called, whether it holds words, and whether they differ: one text for all is a batch or a kind. */
function evidenceOfText(name: string, rows: Row[], index: number): number {
  const cells = rows.map(({ cells }) => (cells[index] ?? '').trim()).filter((cell) => cell !== '')
  if (!cells.length) return isTextWord(name) ? 0.5 : 0
  const place = textWords.findIndex((words) => words.test(name.trim()))
  const word = place < 0 ? 0 : textWords.length - place + 1
  const written = cells.filter((cell) => /\p{L}/u.test(cell)).length / cells.length
  const same = cells.length > 1 && new Set(cells).size === 1
  return word + written - (same ? 4 : 0)
}

function doubtOf(close: { index: number }[], { names }: Columns, rows: Row[]): string {
  const shown = close.slice(0, 5).map(({ index }) => {
    const examples = rows.slice(0, 2).map(({ cells }) => cells[index] ?? '')
    return `${names[index]} (${examples.join(', ').slice(0, 60)})`
  })
  return `Several columns may hold the labels: ${shown.join(', ')}. Say which.`
}

/** Rows above the header that are looked at. */
const aboveHeader = 20

/**
 * The table without what stands above its header: titles, the date of a report. A row that names a file is never passed over.
 * @param files null where the table names none: then only rows of one cell above wider ones are titles
 */
export function withoutTitle(rows: Row[], files: FileNames<unknown> | null): { rows: Row[]; problems: string[] } {
  const filled = ({ cells }: Row): number => cells.filter((cell) => cell.trim() !== '').length
  const isNamed = ({ cells }: Row): boolean => files !== null && cells.some((cell) => files.knows(cell))
  const isHeader = (row: Row): boolean => filled(row) > 1 && row.cells.some((cell) => fileWords.test(cell.trim()))
  const wide = rows.slice(0, looked).filter((row) => filled(row) > 1).length > Math.min(rows.length, looked) / 2
  const last = Math.min(aboveHeader, rows.length - 1)
  let start = 0
  while (wide && start < last && filled(rows[start]!) < 2 && !isNamed(rows[start]!)) start++
  const named = rows.findIndex(isNamed)
  const header = rows.findIndex(isHeader)
  if (files && header > start && header <= last && (named < 0 || named > header)) start = header
  return {
    rows: rows.slice(start),
    problems: rows.slice(0, start).map(({ line, cells }) => {
      const text = cells.filter((cell) => cell.trim() !== '').join(' ')
      return `Line ${line}: “${text.slice(0, 80)}” stands above the header and was passed over.`
    })
  }
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
    throw new NominaError('invalid-input', say('labelsColumn', { name, columns: columns.names.join(', ') || 'none' }))
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
  throw new NominaError('invalid-input', say('labelsColumns', { path, column: textColumn }))
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
