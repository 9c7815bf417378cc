/** Hashes of files, kept for as long as the project is open: a preview and the import after it read each file once. */
import { stat } from 'node:fs/promises'
import type { ReadOnlyDatabase } from '../../store'
import { sha256Of } from '../inspect'

interface Known {
  /** Size, times and inode: a file that is written to gets another one. */
  signature: string
  sha256: string
}

const kept = new WeakMap<ReadOnlyDatabase, Map<string, Known>>()

/** null where the file can't be read. */
export const hashOf = (db: ReadOnlyDatabase, absolute: string): Promise<string | null> =>
  readHash(db, absolute).catch(() => null)

/** @throws where the file can't be read */
export async function readHash(db: ReadOnlyDatabase, absolute: string): Promise<string> {
  const known = kept.get(db) ?? new Map<string, Known>()
  kept.set(db, known)
  const signature = await signatureOf(absolute)
  const before = known.get(absolute)
  if (before?.signature === signature) return before.sha256
  const sha256 = await sha256Of(absolute)
  known.set(absolute, { signature, sha256 })
  return sha256
}

async function signatureOf(absolute: string): Promise<string> {
  const { size, mtimeMs, ctimeMs, ino } = await stat(absolute)
  return `${size} ${mtimeMs} ${ctimeMs} ${ino}`
}
