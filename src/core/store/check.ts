/** Looks through a project's file for damage: a small one while it is opened, a large one beside the work. */
import { execFile } from 'node:child_process'
import { statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { promisify } from 'node:util'
import type BetterSqlite3 from 'better-sqlite3'
import { outsideArchive, ownNode, watchdogScript } from '../../reading/processes'
import { NominaError } from '../../shared/failure'
import type { ReadOnlyDatabase } from './handle'

/** In bytes: some 0.3 s to look through. A million fields are a gigabyte, and took 36 s from a cold disk. */
const checkedAtOnce = 64 * 1024 * 1024

const isLarge = (file: string, limit: number): boolean => (statSync(file, { throwIfNoEntry: false })?.size ?? 0) > limit

/** @throws NominaError('refused') a small file that is damaged */
export function refuseDamaged(db: BetterSqlite3.Database, file: string): void {
  if (isLarge(file, checkedAtOnce)) return
  const found = db.pragma('quick_check(1)', { simple: true }) as string
  if (found !== 'ok') throw new NominaError('refused', damage(file, found))
}

/**
 * Looks through a large file in a process of its own, which ends with this one.
 * @returns what is wrong, in words; null where nothing is, or it could not be looked through
 */
export async function checkLater(
  db: ReadOnlyDatabase,
  signal: AbortSignal,
  limit = checkedAtOnce
): Promise<string | null> {
  if (!isLarge(db.name, limit)) return null
  const module = outsideArchive(createRequire(import.meta.url).resolve('better-sqlite3'))
  // For an Electron without a Node beside it; the installed app has one, and its own binary can't be made into one.
  const env = { ...process.env, ELECTRON_RUN_AS_NODE: '1' }
  const script = `${watchdogScript(process.pid)}
    let found = 'ok'
    try {
      found = new (require(process.argv[1]))(process.argv[2], { readonly: true }).pragma('quick_check(1)', { simple: true })
    } catch (error) {
      if (String(error.code).startsWith('SQLITE_CORRUPT')) found = error.message
    }
    process.stdout.write(found, () => process.exit())`
  // What can't be looked through now, as on a disk that was taken out, tells of it where it is worked on.
  const { stdout } = await promisify(execFile)(ownNode() ?? process.execPath, ['-e', script, module, db.name], {
    env,
    signal
  }).catch(() => ({ stdout: 'ok' }))
  return stdout === 'ok' ? null : damage(db.name, stdout)
}

const damage = (file: string, found: string): string =>
  `${file} is damaged: ${found.replaceAll('\n', ' ')}. Nomina leaves it as it is: put a backup of it in its place.`
