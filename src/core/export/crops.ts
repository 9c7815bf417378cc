import { createHash } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fieldImage } from '../crop'
import { askFiles } from '../../reading/pages/process'
import { NominaError } from '../../shared/failure'
import type { ReadOnlyDatabase } from '../store'
import { fileName, unused, type Naming } from './names'
import type { ExportRow } from '../store/export-rows'

export interface Crop {
  bytes: Buffer
  /** With its dot. */
  extension: string
}

/**
 * The file's own bytes where it is one upright image, else an upright PNG of the field.
 * @throws NominaError('not-found' | 'unreadable' | 'changed') the file is gone, damaged, or not what was imported
 */
export async function cropOf(db: ReadOnlyDatabase, row: ExportRow): Promise<Crop> {
  const own = join(row.rootPath, row.path)
  const extension = extensionOf(row.path)
  if (row.rotation === 0 && !row.shared && (await isOneUprightImage(own))) {
    const bytes = await readFile(own)
    if (row.sha256 && createHash('sha256').update(bytes).digest('hex') !== row.sha256) {
      throw new NominaError('changed', `${own} has changed since it was imported: import the folder again.`)
    }
    return { bytes, extension }
  }
  const { bytes, type } = await fieldImage(db, row.id, 'full')
  return { bytes, extension: type === 'image/png' ? '.png' : extension }
}

async function isOneUprightImage(path: string): Promise<boolean> {
  try {
    const { header } = await askFiles('image', { path, page: 1, whole: false })
    const { orientation, pages } = header
    return orientation === 1 && pages === 1
  } catch {
    return false // gone or damaged: `fieldImage` knows what to do, or says why not
  }
}

/** A name below the folder of crops, like the file's, that is not taken yet. */
export function cropName(naming: Naming, row: ExportRow, { extension }: Crop, taken: Set<string>): string {
  const name = fileName(naming, row)
  const stem = name.slice(0, name.length - extensionOf(name).length)
  const place = row.shared ? `-p${row.page}${row.field && `-${row.field.replace(/[^\p{L}\p{N}]+/gu, '-')}`}` : ''
  return unused(insideOf(stem + place), taken, extension)
}

export async function writeCrop(folder: string, name: string, { bytes }: Crop): Promise<void> {
  const path = join(folder, name)
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, bytes, { flush: true })
}

const extensionOf = (path: string): string => /[^/.](\.[^./]+)$/.exec(path)?.[1] ?? ''

/** Without any step that could lead out of the folder. */
const insideOf = (path: string): string =>
  path
    .split('/')
    .filter((step) => step !== '' && step !== '.' && step !== '..')
    .join('/')
