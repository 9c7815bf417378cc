import { randomBytes } from 'node:crypto'
import { statSync } from 'node:fs'
import { mkdir, open, readdir, rename, rm, rmdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'

const unfinishedName = /^\.nomina-export-(\d+)-[0-9a-f]+\.tmp$/
const inUse = new Set<string>()

/**
 * Files and folders of an export under names that nobody looks at, until all of them are whole; then they get their own,
 * one rename after another. What a killed export left behind is cleared away by the next one into the same folder.
 */
export class Staging {
  private readonly moves: { from: string; to: string }[] = []
  private madeFolder = false

  private constructor(readonly folder: string) {}

  /** Makes the folder where it is missing. */
  static async begin(folder: string): Promise<Staging> {
    const staging = new Staging(folder)
    staging.madeFolder = (await mkdir(folder, { recursive: true })) !== undefined
    await clearLeftovers(folder)
    return staging
  }

  /** A path to write to, in the same folder as `final`, whose place it takes at the end. */
  reserve(final: string): string {
    const from = unfinishedPath(dirname(final))
    inUse.add(from)
    this.moves.push({ from, to: final })
    return from
  }

  /** Everything reserved must be written and synced. */
  async commit(): Promise<void> {
    for (const { from, to } of this.moves) {
      if (isFolder(to)) await replaceFolder(from, to)
      else await rename(from, to)
    }
    await syncFolder(this.folder)
    this.release()
  }

  async discard(): Promise<void> {
    for (const { from } of this.moves) await rm(from, { recursive: true, force: true })
    if (this.madeFolder) await rmdir(this.folder).catch(() => {})
    this.release()
  }

  private release(): void {
    for (const { from } of this.moves) inUse.delete(from)
  }
}

const unfinishedPath = (folder: string): string =>
  join(folder, `.nomina-export-${process.pid}-${randomBytes(6).toString('hex')}.tmp`)

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false

/** A rename replaces a file, but not a folder. */
async function replaceFolder(from: string, to: string): Promise<void> {
  const old = unfinishedPath(dirname(to))
  await rename(to, old)
  await rename(from, to)
  await rm(old, { recursive: true, force: true })
}

async function clearLeftovers(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const pid = Number(unfinishedName.exec(name)?.[1])
    if (!pid || inUse.has(join(folder, name)) || (pid !== process.pid && isAlive(pid))) continue
    await rm(join(folder, name), { recursive: true, force: true })
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** Puts the renames themselves on the disk; Windows neither needs nor allows it. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return
  const handle = await open(folder, 'r')
  await handle.sync().catch(() => {})
  await handle.close()
}
