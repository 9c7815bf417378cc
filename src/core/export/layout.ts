import { existsSync } from 'node:fs'
import { basename, dirname, extname, join, resolve } from 'node:path'
import type { ExportOptions } from '../../shared/domain'
import { endingOfPath, exportFormats, takes, traitsOf, type ExportFormat } from '../../shared/export-formats'
import { NominaError, say } from '../../shared/failure'
import type { ExportJudges } from './judges'
import { checkShares, judgesPart, parts, type Assigned, type Part } from './split'
import type { ExportRow } from '../store/export-rows'

/** Where an export goes. */
export interface Layout {
  folder: string
  /** Absolute paths of the CSV files; one, or one a part that has a share. */
  files: { part: Part | typeof judgesPart | null; path: string }[]
  crops: { path: string; /** as it stands before the names in the CSV */ prefix: string } | null
}

/**
 * @param judges there are some: a split has them in a file of their own
 * @throws NominaError('invalid-input') a split into one file, shares that are none, or what a format can't be written as
 */
export function layoutOf(options: ExportOptions, judges = false): Layout {
  const { out, format, split, crops } = options
  refuseMismatch(options)
  const path = resolve(out)
  const toFile = endingOfPath(path) !== undefined
  const folder = toFile ? dirname(path) : path
  const cropsName = toFile ? `${basename(path, extname(path))}-crops` : 'crops'
  return {
    folder,
    files: split
      ? splitFiles(folder, split, toFile, judges)
      : [{ part: null, path: toFile ? path : mainFile(folder, format) }],
    crops: crops ? { path: join(folder, cropsName), prefix: `${cropsName}/` } : null
  }
}

const whole = {
  field: 'This format is one table: without crops or a split.',
  page: 'Pages are written whole: without crops or a split.'
}

/** @throws NominaError('invalid-input') what a format can't be written with, or as */
export function refuseMismatch({ out, format, split, crops }: ExportOptions): void {
  const { unit, endings } = traitsOf(format)
  if ((split && !takes(format, 'split')) || (crops && !takes(format, 'crops'))) {
    throw new NominaError('invalid-input', unit === 'record' ? say('noCropOfRecord') : whole[unit])
  }
  const ending = endingOfPath(out)
  if (unit === 'page' && (ending || /\.xml$/i.test(out))) throw new NominaError('invalid-input', say('pagesFolder'))
  if (!ending || endings.includes(ending)) return
  const others = exportFormats.filter((other) => traitsOf(other).endings.includes(ending))
  throw new NominaError(
    'invalid-input',
    `Only ${others.join(' and ')} are written as ${ending.toUpperCase()}. Give a name that ends in .${endings[0]}.`
  )
}

function mainFile(folder: string, format: ExportFormat): string {
  const { name, endings } = traitsOf(format)
  return join(folder, `${name}.${endings.includes('csv') ? 'csv' : endings[0]}`)
}

function splitFiles(
  folder: string,
  split: NonNullable<ExportOptions['split']>,
  toFile: boolean,
  judges: boolean
): Layout['files'] {
  if (toFile) throw new NominaError('invalid-input', say('splitFolder'))
  checkShares(split)
  const all: (Part | typeof judgesPart)[] = parts.filter((part) => split[part] > 0)
  if (judges) all.push(judgesPart)
  return all.map((part) => ({ part, path: join(folder, `${part}.csv`) }))
}

/** The index of the file a row belongs to. @param assigned null where there is no split */
export function fileIndex(
  layout: Layout,
  assigned: Assigned | null,
  judges: ExportJudges | null,
  row: ExportRow
): number {
  if (!assigned) return 0
  const part = judges?.has(row) ? judgesPart : assigned.partOf(row)
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
