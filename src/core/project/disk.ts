/** What a project takes on the disk: its own files, never the scans. */
import { readdir, stat, statfs } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { prunable, type Prunable } from '../../shared/disk'
import { NominaError, say } from '../../shared/failure'
import { refuseReadingOnly } from '../store'
import { backupBytes, databaseBytes, dropBackups, dropLattices, latticeBytes, shrinksBySlices } from '../store/disk'
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

export { prunable, type Prunable }

/** Bytes that are free where this folder is or would be; null where that can't be said. */
export async function freeBytes(folder: string): Promise<number | null> {
  for (let at = folder; ; at = dirname(at)) {
    try {
      const { bavail, bsize } = await statfs(at)
      return bavail * bsize
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || dirname(at) === at) return null
    }
  }
}

export async function diskUse({ db, path, signal }: Project): Promise<DiskUse> {
  const folder = (name: keyof typeof ownFolders) => bytesIn(join(path, ownFolders[name]), signal)
  return {
    database: databaseBytes(db),
    lattices: await latticeBytes(db, signal),
    backups: backupBytes(db),
    crops: await folder('crops'),
    learning: (await folder('learning')) + (await folder('models'))
  }
}

/**
 * Removes what a project can be without. The file of an earlier Nomina is made smaller at once, the first time: 1 GB takes some
 * seconds, in which nothing else is answered.
 * @throws NominaError('disk-full' | 'busy' | 'read-only')
 */
export async function prune(project: Project, what: readonly Prunable[]): Promise<void> {
  const { db, jobs } = project
  refuseReadingOnly(db)
  const lattices = what.includes('lattices')
  if (lattices) await refuseNow(project)
  if (what.includes('backups')) dropBackups(db)
  if (lattices) await jobs.quick.run('prune', null, ({ signal }) => dropLattices(db, signal))
}

/** Where it can't be made smaller now: nothing was dropped then. */
async function refuseNow({ db, jobs, path, signal }: Project): Promise<void> {
  if (jobs.all.some((job) => ['running', 'paused'].includes(job.progress().status)))
    throw new NominaError('busy', say('pruneBusy'))
  if (shrinksBySlices(db)) return
  const [needed, free] = [databaseBytes(db) - (await latticeBytes(db, signal)), await freeBytes(path)]
  if (free !== null && free < needed)
    throw new NominaError('disk-full', say('pruneFull', { needed: inMegabytes(needed), free: inMegabytes(free) }))
}

const inMegabytes = (bytes: number): number => Math.ceil(bytes / 1e6)

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
