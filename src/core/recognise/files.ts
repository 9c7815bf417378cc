/** Which file an image is read from: any with its bytes that is still there and still the same. */
import { join } from 'node:path'
import { reasonOfSystemError } from '../../reading/images'
import { inEnglish, messageOf, say } from '../../shared/failure'
import { isAsImported } from '../ingest'
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
    const problem = await problemOf(db, path, file, sha256)
    if (problem === null) return { path }
    reason = problem
  }
  return { reason, imported: files.length > 0 }
}

async function problemOf(
  db: ReadOnlyDatabase,
  path: string,
  file: ImportedFile,
  sha256: string
): Promise<string | null> {
  try {
    return (await isAsImported(db, path, { ...file, sha256 })) ? null : inEnglish(say('fileChanged'))
  } catch (error) {
    return reasonOfSystemError(error) ?? `The file can’t be read: ${messageOf(error)}.`
  }
}
