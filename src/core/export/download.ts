/** Files of an export, for a browser that is on another screen than the disk they were written to. */
import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { traitsOf } from '../../shared/export-formats'
import { NominaError, say } from '../../shared/failure'
import { exportOptionsOf } from '../store/exports'
import type { ReadOnlyDatabase } from '../store'
import { layoutOf } from './layout'

export interface Download {
  name: string
  bytes: Buffer
}

/** @param index of its files, as `export.write` named them. @throws NominaError('not-found') */
export async function downloadOf(db: ReadOnlyDatabase, exportId: number, index: number): Promise<Download> {
  const options = exportOptionsOf(db, exportId)
  const path =
    options && traitsOf(options.format).endings.length ? layoutOf(options, true).files[index]?.path : undefined
  const bytes = path === undefined ? null : await readFile(path).catch(() => null)
  if (path === undefined || !bytes) throw new NominaError('not-found', say('fileNotThere'))
  return { name: basename(path), bytes }
}
