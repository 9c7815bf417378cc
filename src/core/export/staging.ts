import { randomBytes } from 'node:crypto'
import { statSync } from 'node:fs'
import { mkdir, open, readdir, readFile, rename, rm, rmdir, writeFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { NominaError } from '../../shared/failure'
import { isAlive } from '../../reading/processes'
import { makeFolders } from '../store/folders'

const unfinishedName = /^\.nomina-export-(\d+)-[0-9a-f]+\.(tmp|moves)$/
/** In a project's folder: where an export is being written to. */
const noteName = /^\.exporting-(\d+)-[0-9a-f]+$/
const inUse = new Set<string>()

/** In a folder that Nomina made: what it made there, a path a line after the first; only such a one is ever replaced. */
export const folderMark = '.nomina-crops'

interface Move {
  from: string
  to: string
}

/**
 * Files and folders of an export under names that nobody looks at, until all of them are whole; then they get their own. What
 * is to be renamed is on the disk before the first of them is: where that is cut off, `tidyExports` does the rest, so that
 * nobody is left with a part of an export. What was killed before that is cleared away.
 */
export class Staging {
  private readonly moves: Move[] = []
  private madeFolder = false

  private constructor(
    readonly folder: string,
    private readonly note: string
  ) {}

  /** Makes the folder where it is missing. @param project where the next start finds out that there may be something to tidy up */
  static async begin(folder: string, project: string): Promise<Staging> {
    const staging = new Staging(folder, join(project, `.exporting-${process.pid}-${randomBytes(6).toString('hex')}`))
    await tidyExportsOf(project).catch(() => {})
    staging.madeFolder = makeFolders(folder)
    // A project on a read-only disk can be exported, too.
    await writeFile(staging.note, folder).catch(() => {})
    await tidyExports(folder)
    return staging
  }

  /** A path to write to, in the export's folder, for what takes the place of `final` at the end. */
  reserve(final: string): string {
    const from = unfinishedPath(this.folder, 'tmp')
    inUse.add(from)
    this.moves.push({ from, to: final })
    return from
  }

  /** Everything reserved must be written and synced. @throws NominaError('exists') a file of somebody else's would be lost */
  async commit(): Promise<void> {
    for (const move of this.moves) await refuseLosing(move)
    const plan = unfinishedPath(this.folder, 'moves')
    inUse.add(plan)
    await writeSynced(plan, JSON.stringify(this.moves))
    await carryOut(this.folder, this.moves)
    await rm(plan)
    inUse.delete(plan)
    await this.release()
  }

  async discard(): Promise<void> {
    for (const { from } of this.moves) await rm(from, { recursive: true, force: true })
    if (this.madeFolder) await rmdir(this.folder).catch(() => {})
    await this.release()
  }

  private async release(): Promise<void> {
    for (const { from } of this.moves) inUse.delete(from)
    await rm(this.note, { force: true }).catch(() => {})
  }
}

/** At the start of a project: finishes or clears away the exports during which Nomina was killed. */
export async function tidyExportsOf(project: string): Promise<void> {
  for (const name of await readdir(project)) {
    const pid = Number(noteName.exec(name)?.[1])
    if (!pid || (pid !== process.pid && isAlive(pid))) continue
    const folder = await readFile(join(project, name), 'utf8')
    if (isFolder(folder)) await tidyExports(folder)
    await rm(join(project, name), { force: true })
  }
}

/** Finishes the renames of an export that was killed between them, and clears away what one was killed before. */
export async function tidyExports(folder: string): Promise<void> {
  const names = (await readdir(folder)).filter((name) => {
    const pid = Number(unfinishedName.exec(name)?.[1])
    return pid > 0 && !inUse.has(join(folder, name)) && (pid === process.pid || !isAlive(pid))
  })
  for (const name of names.filter((one) => one.endsWith('.moves'))) {
    const plan = await readFile(join(folder, name), 'utf8')
    // A plan that is not whole was not begun either.
    if (isWhole(plan)) await carryOut(folder, JSON.parse(plan) as Move[])
    await rm(join(folder, name))
  }
  for (const name of names) await rm(join(folder, name), { recursive: true, force: true })
}

const isWhole = (plan: string): boolean => plan.endsWith(']')

/** Does the renames that are left of these. */
async function carryOut(folder: string, moves: Move[]): Promise<void> {
  for (const { from, to } of moves) {
    if (!isThere(from)) continue
    if (isFolder(to)) await replaceFolder(from, to)
    else await rename(from, to)
  }
  await syncFolder(folder)
}

const unfinishedPath = (folder: string, kind: 'tmp' | 'moves'): string =>
  join(folder, `.nomina-export-${process.pid}-${randomBytes(6).toString('hex')}.${kind}`)

const isThere = (path: string): boolean => statSync(path, { throwIfNoEntry: false }) !== undefined
const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false

/** A rename replaces a file, but not a folder. What Nomina did not make stays in it. */
async function replaceFolder(from: string, to: string): Promise<void> {
  for (const path of await othersIn(to, from)) {
    await mkdir(dirname(join(from, path)), { recursive: true })
    await rename(join(to, path), join(from, path))
  }
  const old = unfinishedPath(dirname(to), 'tmp')
  await rename(to, old)
  await rename(from, to)
  await rm(old, { recursive: true, force: true })
}

async function refuseLosing({ from, to }: Move): Promise<void> {
  if (!isFolder(to)) return
  const lost = (await othersIn(to, from)).find((path) => isThere(join(from, path)))
  if (lost !== undefined)
    throw new NominaError(
      'exists',
      `${join(to, lost)} is a file that Nomina did not make, and the export has one of that name. Nothing was changed: move it elsewhere.`
    )
}

/**
 * Files that somebody else has put into a folder of Nomina's, relative to it. Where Nomina kept no list yet of what it made,
 * all that is not replaced may be somebody's.
 */
async function othersIn(folder: string, replacement: string): Promise<string[]> {
  const mark = await readFile(join(folder, folderMark), 'utf8').catch(() => '')
  const [, ...own] = mark.trimEnd().split('\n')
  const made = new Set([folderMark, ...own])
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .filter((path) => !made.has(path) && (own.length > 0 || !isThere(join(replacement, path))))
}

async function writeSynced(path: string, text: string): Promise<void> {
  const handle = await open(path, 'wx')
  await handle.writeFile(text)
  await handle.sync()
  await handle.close()
}

/** Puts the renames themselves on the disk; Windows neither needs nor allows it. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return
  const handle = await open(folder, 'r')
  await handle.sync().catch(() => {})
  await handle.close()
}
