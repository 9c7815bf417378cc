/** Looks at a labels file before it is imported: encoding, delimiter, columns, and how many rows find their file. */
import { dirname } from 'node:path'
import type { Output } from '../../../shared/contract'
import { NominaError, say } from '../../../shared/failure'
import { relativePath, scanPaths } from '../scan'
import { body, chooseColumns, prepareNames, readColumns, withoutTitle } from './columns'
import { readText } from './decode'
import { FileNames } from './names'
import { detectDelimiter, parseTable, type Delimiter } from './parse'
import { readLabelRows } from './rows'
import { turn } from '../../store/slices'

const shownRows = 8
const shownProblems = 200
const shownCharacters = 200

/**
 * `paths`: what will be imported with it. Columns are those that a person chose, where the file has them, else found by
 * looking; `matched` counts for these.
 * @throws NominaError `not-found`, `invalid-input` where the file holds no rows
 */
export async function inspectLabels(input: {
  path: string
  paths: string[]
  encoding?: string | undefined
  delimiter?: Delimiter | undefined
  /** A person's choice instead of the columns found. */
  filenameColumn?: string | undefined
  textColumn?: string | undefined
}): Promise<Output<'labels.inspect'>> {
  const { text, encoding, doubt } = await readText(input.path, input.encoding)
  const delimiter = input.delimiter ?? (await detectDelimiter(text))
  const { rows: all, problems } = await parseTable(text, delimiter)
  if (!all.length) throw new NominaError('invalid-input', say('labelsEmpty', { path: input.path }))
  const { files } = await scanPaths(input.paths)
  const names = new FileNames<number>()
  for (const [index, file] of files.entries()) {
    names.add(pathsOf(file, input.path), file.absolute, index)
    if (index % 2000 === 0) await turn()
  }
  await prepareNames(all, names)
  const { rows, problems: above } = withoutTitle(all, names)
  const columns = readColumns(rows, names)
  const automatic = chooseColumns(rows, columns, names)
  const filename = columnAt(columns.names, input.filenameColumn) ?? automatic.filename
  const textIndex = columnAt(columns.names, input.textColumn) ?? automatic.text
  const read = readLabelRows(rows, columns, { filename, text: textIndex })
  const found = await names.match(read.labels.map(({ name }) => name))
  const matched = found.filter((file) => file !== null && file !== 'ambiguous').length
  const data = body(rows, columns)
  const isChosen = columnAt(columns.names, input.textColumn) !== undefined
  return {
    chosen: {
      path: input.path,
      encoding,
      delimiter,
      filenameColumn: columns.names[filename]!,
      textColumn: columns.names[textIndex]!
    },
    columns: columns.names,
    rows: data.length,
    sample: data.slice(0, shownRows).map((row) => row.cells.map((cell) => cell.slice(0, shownCharacters))),
    matched,
    ambiguous: found.filter((file) => file === 'ambiguous').length,
    blank: read.labels.filter(({ state }) => state === 'blank').length,
    doubts: {
      encoding: doubt,
      column: isChosen ? null : automatic.doubt
    },
    problems: capped([...above, ...problems, ...read.notes, ...read.problems], shownProblems)
  }
}

/** The place of a column that was asked for; undefined where the file has none of that name. */
const columnAt = (names: string[], wanted: string | undefined): number | undefined => {
  const index = wanted === undefined ? -1 : names.indexOf(wanted)
  return index < 0 ? undefined : index
}

/** The paths by which a labels file may name a file: from the imported folder, and from the labels file's own folder. */
export function pathsOf(file: { path: string; absolute: string }, labelsPath: string): string[] {
  const own = relativePath(dirname(labelsPath), file.absolute)
  return own === file.path ? [file.path] : [file.path, own]
}

/** The first `most`, and a line that counts the others. */
export function capped(lines: string[], most: number): string[] {
  if (lines.length <= most) return lines
  return [...lines.slice(0, most), `… and ${(lines.length - most).toLocaleString('en-GB')} more.`]
}
