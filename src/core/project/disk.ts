/** What a project takes on the disk: its own files, never the scans. */
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { backupBytes, databaseBytes, dropBackups, dropLattices, latticeBytes } from '../store/disk'
import { ownFolders } from '../store/own-folders'
import { turn } from '../store/slices'
import type { Project } from './project'

/** In bytes. */
export interface DiskUse {
  /** Readings, decisions and all else that is known; `lattices` are a part of it. */
  database: number
  /** What rosters are read again by, without the images. */
  lattices: number
  /** Copies of the database from before newer versions of Nomina changed it. */
  backups: number
  /** What was cut from pages. */
  crops: number
  /** Generations of readers, and what they learn from. */
  learning: number
}

export const prunable = ['backups', 'lattices'] as const
export type Prunable = (typeof prunable)[number]

export async function diskUse({ db, path, signal }: Project): Promise<DiskUse> {
  const folder = (name: keyof typeof ownFolders) => bytesIn(join(path, ownFolders[name]), signal)
  return {
    database: databaseBytes(db),
    lattices: latticeBytes(db),
    backups: backupBytes(db),
    crops: await folder('crops'),
    learning: (await folder('learning')) + (await folder('models'))
  }
}

/** Removes what a project can be without. @throws NominaError('disk-full' | 'busy') */
export async function prune({ db, signal }: Project, what: readonly Prunable[]): Promise<void> {
  if (what.includes('backups')) dropBackups(db)
  if (what.includes('lattices')) await dropLattices(db, signal)
}

async function bytesIn(folder: string, signal: AbortSignal): Promise<number> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  let sum = 0
  for (const [index, entry] of entries.entries()) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) sum += await bytesIn(path, signal)
    else if (entry.isFile())
      sum += await stat(path).then(
        ({ size }) => size,
        () => 0
      )
    if (index % 500 === 0) await turn(null, signal)
  }
  return sum
}
