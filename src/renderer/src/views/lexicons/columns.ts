/** Which columns of a list are what, as a person chose them, and what is still missing. */
import type { Input, Output } from '../../../../shared/contract'
import type { LexiconKind } from '../../../../shared/contract/lexicon'
import { baseName } from '../../lib/format'

export type Inspection = Output<'lexicon.inspect'>
export type Import = Input<'lexicon.import'>

export interface Choice {
  kind: LexiconKind
  name: string
  textColumn: string | null
  /** Null: each row counts once. */
  countColumn: string | null
  /** Fields that names are for; null: all. */
  fields: readonly string[] | null
  /** Column of each field on a roster; a field that is not there has none. */
  bindings: Readonly<Record<string, string>>
}

/** What is missing, as a key of the texts. */
export type Lack = 'needsName' | 'needsColumn' | 'needsBinding' | 'needsField'

/** `noms 2018.csv` → `noms 2018`. */
export const nameOfFile = (path: string): string => baseName(path).replace(/\.[^.]{1,4}$/, '')

const folded = (text: string): string =>
  text
    .normalize('NFD')
    .replace(/[^\p{L}\p{N}]/gu, '')
    .toLowerCase()

/** What the columns look like; on a roster each field takes the column that has its name, a single field the first one. */
export function firstChoice(path: string, { suggested, columns, fields }: Inspection): Choice {
  const bindings = Object.fromEntries(
    fields.flatMap((field): [string, string][] => {
      const column = columns.find((each) => field !== '' && folded(each) === folded(field))
      return column === undefined ? [] : [[field, column]]
    })
  )
  const only = fields.length === 1 ? (suggested.textColumn ?? columns[0]) : undefined
  return {
    kind: suggested.kind,
    name: nameOfFile(path),
    textColumn: suggested.textColumn,
    countColumn: suggested.countColumn,
    fields: null,
    bindings: Object.keys(bindings).length === 0 && only !== undefined ? { [fields[0]!]: only } : bindings
  }
}

export function lackOf({ kind, name, textColumn, fields, bindings }: Choice): Lack | null {
  if (name.trim() === '') return 'needsName'
  if (kind === 'roster') return Object.keys(bindings).length === 0 ? 'needsBinding' : null
  if (textColumn === null) return 'needsColumn'
  return fields?.length === 0 ? 'needsField' : null
}

/** Ready for `lexicon.import`; null while something is missing. */
export function importOf(path: string, inspection: Inspection, choice: Choice): Import | null {
  if (lackOf(choice) !== null) return null
  const { encoding, delimiter } = inspection
  const { kind, name, textColumn, countColumn, fields, bindings } = choice
  const file = { path, encoding, delimiter, name: name.trim() }
  if (kind !== 'roster')
    return { ...file, columns: { kind, text: textColumn!, count: countColumn, fields: fields && [...fields] } }
  // In the fields' own order.
  const bound = inspection.fields.flatMap((field) =>
    bindings[field] === undefined ? [] : [{ column: bindings[field], field }]
  )
  return { ...file, columns: { kind, bindings: bound } }
}
