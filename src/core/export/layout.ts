import { existsSync } from 'node:fs'
import { basename, dirname, extname, join, resolve } from 'node:path'
import type { ExportOptions } from '../../shared/domain'
import { NominaError } from '../../shared/failure'
import { checkShares, parts, type Assigned, type Part } from './split'
import type { ExportRow } from './rows'

/** Where an export goes. */
export interface Layout {
  folder: string
  /** Absolute paths of the CSV files; one, or one a part that has a share. */
  files: { part: Part | null; path: string }[]
  crops: { path: string; /** as it stands before the names in the CSV */ prefix: string } | null
}

/** @throws NominaError('invalid-input') a split into one file, shares that are none, or what a format can't be written as */
export function layoutOf(options: ExportOptions): Layout {
  const { out, format, split, crops } = options
  refuseMismatch(options)
  const path = resolve(out)
  const toFile = isTableFile(path)
  const folder = toFile ? dirname(path) : path
  const cropsName = toFile ? `${basename(path, extname(path))}-crops` : 'crops'
  return {
    folder,
    files: split ? splitFiles(folder, split, toFile) : [{ part: null, path: toFile ? path : mainFile(folder, format) }],
    crops: crops ? { path: join(folder, cropsName), prefix: `${cropsName}/` } : null
  }
}

/** Whether an export to this path is one file, rather than a folder of them. */
export const isTableFile = (path: string): boolean => /\.(csv|xlsx)$/i.test(path)

function refuseMismatch({ out, format, split, crops }: ExportOptions): void {
  if (format === 'records' && (split || crops))
    throw new NominaError(
      'invalid-input',
      'A row of records is a whole page: it has no crop of its own and is not split.'
    )
  if (format !== 'records' && /\.xlsx$/i.test(out))
    throw new NominaError('invalid-input', 'Only records are written as XLSX. Give a name that ends in .csv.')
}

const mainNames: Partial<Record<ExportOptions['format'], string>> = { training: 'labels.csv', records: 'records.csv' }

const mainFile = (folder: string, format: ExportOptions['format']): string =>
  join(folder, mainNames[format] ?? 'fields.csv')

function splitFiles(folder: string, split: NonNullable<ExportOptions['split']>, toFile: boolean): Layout['files'] {
  if (toFile) throw new NominaError('invalid-input', 'A split makes up to three files: give a folder, not a .csv file.')
  checkShares(split)
  return parts.filter((part) => split[part] > 0).map((part) => ({ part, path: join(folder, `${part}.csv`) }))
}

/** The index of the file a row belongs to. @param assigned null where there is no split */
export function fileIndex(layout: Layout, assigned: Assigned | null, row: ExportRow): number {
  if (!assigned) return 0
  const part = assigned.partOf(row)
  return Math.max(
    0,
    layout.files.findIndex((file) => file.part === part)
  )
}

/** Everything the export makes, for the preview and for the question whether something is there already. */
export const targetsOf = (layout: Layout): { path: string; exists: boolean }[] =>
  [...layout.files.map((file) => file.path), ...(layout.crops ? [layout.crops.path] : [])].map((path) => ({
    path,
    exists: existsSync(path)
  }))
