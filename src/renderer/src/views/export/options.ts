/** What the export view chose, before it becomes the contract's options. */
import type { ExportOptions, Filter } from '../../../../shared/domain'
import { endingOfPath, takes, traitsOf, type ExportFormat, type FileEnding } from '../../../../shared/export-formats'
import { t } from '../../i18n'

export interface Choice {
  format: ExportFormat
  /** Where a format can be written as several. */
  file: FileEnding
  state: boolean
  confidence: boolean
  rows: ExportOptions['rows']
  unreadable: ExportOptions['unreadable']
  crops: boolean
  split: boolean
  train: number
  validation: number
  test: number
  spreadsheetSafe: boolean
  /** Also what changed, is gone or doubtful. */
  stale: boolean
  /** Absolute folder and the name in it: a file `….csv`, or a folder where several files are written. */
  folder: string
  name: string
}

export const defaultChoice: Choice = {
  format: 'training',
  file: 'xlsx',
  state: false,
  confidence: false,
  rows: 'decided',
  unreadable: 'mark',
  crops: false,
  split: false,
  train: 80,
  validation: 10,
  test: 10,
  spreadsheetSafe: false,
  stale: false,
  folder: '',
  name: ''
}

/** What a format begins with: a table of pages has what was read in it, a file for learning only what is decided. */
export const startOf = (format: ExportFormat): Pick<Choice, 'format' | 'rows'> => ({
  format,
  rows: traitsOf(format).rows[0]!
})

/** Whether it is a file for each page. */
export const isOfPages = (format: ExportFormat): boolean => traitsOf(format).unit === 'page'

/** Crops, splits and files for each page are several: they go into a folder. */
export const needsFolder = ({ format, crops, split }: Choice): boolean =>
  isOfPages(format) || (crops && takes(format, 'crops')) || (split && takes(format, 'split'))

/** What the file is written as; undefined for a folder. */
export function endingOf(choice: Choice): FileEnding | undefined {
  const { endings } = traitsOf(choice.format)
  if (needsFolder(choice)) return undefined
  return endings.includes(choice.file) ? choice.file : endings[0]
}

/** The separator that a path uses; Windows paths have a drive or backslashes. */
const separator = (folder: string): string => (/^[a-z]:[\\/]/i.test(folder) || folder.includes('\\') ? '\\' : '/')

export function joinPath(folder: string, name: string): string {
  const base = folder.replace(/[\\/]+$/, '')
  return `${base}${separator(folder)}${name}`
}

/** Folder and name of an absolute path. */
export function splitPath(path: string): { folder: string; name: string } {
  const at = Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\'))
  return { folder: path.slice(0, at) || path.slice(0, at + 1), name: path.slice(at + 1) }
}

/** The name with the ending that the output has, or without one. */
export function fittingName(name: string, ending: FileEnding | undefined): string {
  const given = endingOfPath(name.trim())
  const bare = given ? name.trim().slice(0, -given.length - 1) : name.trim()
  return bare === '' || !ending ? bare : `${bare}.${ending}`
}

/** The first thing that is not right with a choice, or null. */
export function whatIsWrong(choice: Choice): string | null {
  if (choice.folder.trim() === '') return t('export:wrong.noFolder')
  if (!/^(\/|[a-z]:[\\/]|\\\\)/i.test(choice.folder.trim())) return t('export:wrong.notWhole')
  const name = choice.name.trim()
  if (fittingName(name, undefined) === '') return t('export:wrong.noName')
  if (/[\\/]/.test(name) || name === '.' || name === '..') return t('export:wrong.separators')
  return takes(choice.format, 'split') && choice.split ? splitProblem(choice) : null
}

/** The parts of a split must be whole per cent that add up to 100, with something to train on. */
export function splitProblem({
  train,
  validation,
  test
}: Pick<Choice, 'train' | 'validation' | 'test'>): string | null {
  const parts = [train, validation, test]
  if (parts.some((part) => !Number.isInteger(part) || part < 0 || part > 100)) return t('export:wrong.parts')
  const sum = train + validation + test
  if (sum !== 100) return t('export:wrong.sum', { sum })
  return train === 0 ? t('export:wrong.noTraining') : null
}

export function toOptions(choice: Choice, filter: Filter | undefined, overwrite: boolean): ExportOptions {
  const { format, rows, unreadable, crops, spreadsheetSafe, stale, train, validation, test } = choice
  const details = (['state', 'confidence'] as const).filter((detail) => choice[detail])
  return {
    out: joinPath(choice.folder.trim(), fittingName(choice.name, endingOf(choice))),
    format,
    rows: traitsOf(format).rows.includes(rows) ? rows : 'all',
    ...(rows === 'filter' && takes(format, 'filter') && filter ? { filter } : {}),
    ...(takes(format, 'details') && details.length ? { details } : {}),
    unreadable,
    crops: takes(format, 'crops') && crops,
    split: takes(format, 'split') && choice.split ? { train, validation, test } : null,
    spreadsheetSafe: spreadsheetSafe && canBeUnsafe(choice),
    ...(stale ? { stale } : {}),
    overwrite
  }
}

/** Whether a spreadsheet would take cells of it for formulas; those of a workbook are text. */
export const canBeUnsafe = (choice: Choice): boolean =>
  takes(choice.format, 'spreadsheetSafe') && endingOf(choice) !== 'xlsx'

/** A path as one word of a shell's command line. */
export const shellQuoted = (path: string): string =>
  /^[\w./:@%+=-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`

/** The command line that trains on an export: where its labels and pictures are, with the configuration for names of one's own. */
export function trainingCommand(files: readonly string[], crops: boolean, roots: readonly string[]): string | null {
  const labels =
    files.find((file) => splitPath(file).name === 'train.csv') ?? files.find((file) => /\.csv$/i.test(file))
  if (!labels) return null
  // With crops the names in the CSV begin at its own folder, else at the folder that was imported.
  const images = crops ? splitPath(labels).folder : roots[0]
  if (images === undefined) return null
  const set = (key: string, path: string): string => `--set ${shellQuoted(`${key}=${path}`)}`
  return `nomina-train train training/configs/own-names.toml --run runs/my-names ${set('data.labels', labels)} ${set('data.images', images)}`
}
