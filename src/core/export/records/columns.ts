/** The columns of a table of records: which file and page, then the fields in the order of their templates. */
import type { ExportOptions } from '../../../shared/domain'
import { inReadingOrder } from '../../../reading/pages/template-fields'
import type { ReadOnlyDatabase } from '../../store'
import { listTemplates } from '../../store/templates'
import { namesOnForms } from '../../store/field-texts'
import { unused } from '../names'

export interface Columns {
  header: string[]
  /** The fields' names, in the order of their columns. */
  fields: string[]
}

/** A single field has no name of its own. */
const unnamed = 'text'

/** @param details further columns after each field's own */
export function columnsOf(db: ReadOnlyDatabase, details: NonNullable<ExportOptions['details']> = []): Columns {
  const fields = fieldNames(db)
  const taken = new Set<string>()
  const header = ['file', 'page'].map((name) => unused(name, taken))
  for (const field of fields) {
    const title = unused(field || unnamed, taken)
    header.push(title, ...details.map((detail) => unused(`${title}_${detail}`, taken)))
  }
  return { header, fields }
}

/** Of templates first, in reading order; then those that are on pages and in no template any more. */
function fieldNames(db: ReadOnlyDatabase): string[] {
  const onFields = namesOnForms(db)
  const there = new Set(onFields)
  const ofTemplates = listTemplates(db).flatMap(({ file }) => inReadingOrder(file.fields).map(({ name }) => name))
  return [...new Set([...ofTemplates.filter((name) => there.has(name)), ...onFields])]
}
