/** What the export view chose, before it becomes the contract's options. */
import type { ExportOptions, Filter } from '../../../../shared/domain'
import { t } from '../../i18n'

export interface Choice {
  format: ExportOptions['format']
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

/** Crops and splits are several files: they go into a folder. */
export const needsFolder = (choice: Choice): boolean => choice.crops || choice.split

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

/** The name with or without `.csv`, as the kind of output wants it. */
export function fittingName(name: string, folderWanted: boolean): string {
  const bare = name.trim().replace(/\.csv$/i, '')
  return folderWanted || bare === '' ? bare : `${bare}.csv`
}

/** The first thing that is not right with a choice, or null. */
export function whatIsWrong(choice: Choice): string | null {
  if (choice.folder.trim() === '') return t('export:wrong.noFolder')
  if (!/^(\/|[a-z]:[\\/]|\\\\)/i.test(choice.folder.trim())) return t('export:wrong.notWhole')
  const name = choice.name.trim()
  if (fittingName(name, needsFolder(choice)) === '') return t('export:wrong.noName')
  if (/[\\/]/.test(name) || name === '.' || name === '..') return t('export:wrong.separators')
  if (choice.split) return splitProblem(choice)
  return null
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
  return {
    out: joinPath(choice.folder.trim(), fittingName(choice.name, needsFolder(choice))),
    format,
    rows,
    ...(rows === 'filter' && filter ? { filter } : {}),
    unreadable,
    crops,
    split: choice.split ? { train, validation, test } : null,
    spreadsheetSafe,
    ...(stale ? { stale } : {}),
    overwrite
  }
}

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
