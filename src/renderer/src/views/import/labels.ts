/** What the new-project dialog knows of a labels file: what was found by itself, and what a person changed. */
import type { Output } from '../../../../shared/contract'
import type { LabelColumns } from '../../../../shared/domain'
import { t } from '../../i18n'
import { count } from '../../lib/format'

export type Inspection = Output<'labels.inspect'>

export const encodings = [
  'utf-8',
  'utf-16le',
  'utf-16be',
  'windows-1252',
  'iso-8859-1',
  'iso-8859-15',
  'macroman',
  'cp850',
  'windows-1250',
  'cp852',
  'windows-1251',
  'iso-8859-2'
] as const
export const delimiters: readonly { value: LabelColumns['delimiter']; title: string }[] = [
  { value: ',', title: t('import:labels.delimiters.comma') },
  { value: ';', title: t('import:labels.delimiters.semicolon') },
  { value: '\t', title: t('import:labels.delimiters.tab') }
]

/** Encodings to choose from, with the found one among them even where it is a rare one. */
export function encodingChoices(found: string): string[] {
  const known = encodings.some((encoding) => encoding.toLowerCase() === found.toLowerCase())
  return known ? encodings.map((e) => (e.toLowerCase() === found.toLowerCase() ? found : e)) : [found, ...encodings]
}

/** Choosing one column for both would read the file names as names: the other one makes way. */
export function chooseColumn(chosen: LabelColumns, role: 'filename' | 'text', column: string): LabelColumns {
  if (role === 'filename') {
    const textColumn = chosen.textColumn === column ? chosen.filenameColumn : chosen.textColumn
    return { ...chosen, filenameColumn: column, textColumn }
  }
  const filenameColumn = chosen.filenameColumn === column ? chosen.textColumn : chosen.filenameColumn
  return { ...chosen, textColumn: column, filenameColumn }
}

/** The first rows with the two chosen columns first, as they will be understood. */
export function samplePairs(inspection: Inspection, chosen: LabelColumns): { file: string; text: string }[] {
  const at = (name: string): number => inspection.columns.indexOf(name)
  const [file, text] = [at(chosen.filenameColumn), at(chosen.textColumn)]
  return inspection.sample.map((row) => ({ file: row[file] ?? '', text: row[text] ?? '' }))
}

/** How well the labels fit the files, in words and as one of three meanings. */
export function matchSummary(inspection: Inspection): { kind: 'ok' | 'doubt' | 'bad'; text: string } {
  const { matched } = inspection
  const rows = count(inspection.rows)
  if (inspection.rows === 0) return { kind: 'bad', text: t('import:labels.noRows') }
  if (matched === 0) return { kind: 'bad', text: t('import:labels.noMatch', { rows }) }
  if (matched === inspection.rows) return { kind: 'ok', text: t('import:labels.all', { rows }) }
  const text = t('import:labels.some', { matched: count(matched), rows })
  return { kind: matched * 2 < inspection.rows ? 'doubt' : 'ok', text }
}
