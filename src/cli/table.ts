/** How a table of labels was read, for a person who can see at a glance whether it was read as meant. */
import { InvalidArgumentError } from 'commander'
import type { LabelColumns } from '../shared/domain'
import type { Session } from './session'

export type Delimiter = LabelColumns['delimiter']

const words = new Map<string, Delimiter>([
  ['comma', ','],
  ['semicolon', ';'],
  ['tab', '\t']
])
const rowsShown = 3

/** A delimiter by its word, or the sign itself. */
export function parseDelimiter(text: string): Delimiter {
  const delimiter = words.get(text.toLowerCase()) ?? [...words.values()].find((sign) => sign === text)
  if (!delimiter) throw new InvalidArgumentError(`Give one of ${[...words.keys()].join(', ')}.`)
  return delimiter
}

/** Encoding, delimiter, columns and the first rows as they were understood. */
export function tellReading(
  session: Session,
  { path, encoding, delimiter, filenameColumn, textColumn }: LabelColumns,
  columns: string[],
  sample: string[][]
): void {
  const word = [...words].find(([, sign]) => sign === delimiter)![0]
  session.tell(
    `${path}: read as ${encoding}, columns by ${word}; file names from "${filenameColumn}", labels from "${textColumn}"`
  )
  const [file, text] = [columns.indexOf(filenameColumn), columns.indexOf(textColumn)]
  for (const row of sample.slice(0, rowsShown)) session.tell(`  ${row[file] ?? ''} → ${row[text]?.trim() || 'EMPTY'}`)
}
