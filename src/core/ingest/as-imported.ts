/** Whether a file is still what was imported: nobody is shown, reads or exports other ink under its name. */
import { stat } from 'node:fs/promises'
import type { ReadOnlyDatabase } from '../store'
import { readHash } from './plan/hashes'

export interface ImportedBytes {
  size: number
  modifiedMs: number
  /** ctime when it was hashed, ms; null where that is not known. */
  changedMs: number | null
  sha256: string | null
}

/** Stored and read times may be rounded differently. */
const isAsItWas = (now: number, then: number | null): boolean => then === null || Math.abs(now - then) < 1

/** Reads only files whose size or times are not what they were. @throws where it is gone or can't be read */
export async function isAsImported(db: ReadOnlyDatabase, path: string, known: ImportedBytes): Promise<boolean> {
  const { size, mtimeMs, ctimeMs } = await stat(path)
  const { modifiedMs, changedMs } = known
  if (size === known.size && isAsItWas(mtimeMs, modifiedMs) && isAsItWas(ctimeMs, changedMs)) return true
  return (await readHash(db, path)) === known.sha256
}
