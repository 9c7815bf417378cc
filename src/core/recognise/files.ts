/** Which file an image is read from: any with its bytes that is still there and still the same. */
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { hashOfFile, reasonOfSystemError } from '../../reading/images'
import { messageOf } from '../../shared/failure'
import type { ReadOnlyDatabase } from '../store'
import { filesWithBytes, type ImportedFile } from '../store/readings'

/** Never throws: a reason is for people. `imported`: there was such a file, so that it is no crop. */
export async function findFile(
  db: ReadOnlyDatabase,
  sha256: string
): Promise<{ path: string } | { reason: string; imported: boolean }> {
  let reason = 'None of its files could be imported.'
  const files = filesWithBytes(db, sha256)
  for (const file of files) {
    const path = join(file.folder, file.path)
    const problem = await problemOf(path, file, sha256)
    if (problem === null) return { path }
    reason = problem
  }
  return { reason, imported: files.length > 0 }
}

async function problemOf(path: string, { size, modifiedMs }: ImportedFile, sha256: string): Promise<string | null> {
  try {
    const now = await stat(path)
    // Stored and read times may be rounded differently.
    if (now.size === size && Math.abs(now.mtimeMs - modifiedMs) < 1) return null
    if (now.size === size && (await hashOfFile(path)) === sha256) return null
    return 'The file was changed since it was imported. Import its folder again.'
  } catch (error) {
    return reasonOfSystemError(error) ?? `The file can’t be read: ${messageOf(error)}.`
  }
}
