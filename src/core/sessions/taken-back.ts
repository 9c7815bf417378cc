/** A project as a folder of the person's: it gets another name or place, or goes to the trash. */
import { existsSync } from 'node:fs'
import { cp, readdir, rename, rm, stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { makeWholeFolder } from '../../reading/images'
import { messageOf, NominaError, say } from '../../shared/failure'
import { isWithin } from '../ingest/places'
import { closeStore, hasStore, immediate, openStore } from '../store'
import { isOwnFolder } from '../store/own-folders'
import { leadRoots } from '../store/sources'

/** What Nomina itself puts into a project's folder. */
const files = /^(nomina\.db(-wal|-shm|\..*\.backup(\.unfinished)?)?|\.exporting-.*|\.nomina-(served|door)\.json)$/
const isOwn = (name: string): boolean => files.test(name) || isOwnFolder(name)

export type ToTrash = (paths: string[]) => Promise<void>

/** The system's own, so that it can be taken out again there. */
const systemTrash: ToTrash = async (paths) => (await import('trash')).default(paths, { glob: false })

/**
 * The project must be closed. Scans in its folder go with it, and are found there.
 * @param into the folder that it moves into; absent: it stays where it is
 * @returns where it is now
 * @throws NominaError('not-found' | 'invalid-input' | 'exists' | 'refused')
 */
export async function renameProject(path: string, name: string, into?: string): Promise<string> {
  const folder = projectAt(path)
  if (/[\\/<>:"|?*]/.test(name) || /^\.+$/.test(name))
    throw new NominaError('invalid-input', 'A project’s name is that of its folder: without \\ / < > : " | ? *.')
  const parent = into === undefined ? dirname(folder) : resolve(into)
  if (!(await stat(parent).catch(() => null))?.isDirectory())
    throw new NominaError('not-found', say('noFolder', { path: parent }))
  if (isWithin(parent, folder)) throw new NominaError('invalid-input', say('intoItself', { folder }))
  const target = join(parent, name)
  if (target === folder) return folder
  // Only capitals may differ where the disk does not tell them apart: that is the same folder.
  const isSame = target.toLowerCase() === folder.toLowerCase()
  if (existsSync(target) && !isSame)
    throw new NominaError('exists', `There is a folder ${target} already. Nothing was changed.`)
  await rename(folder, target)
    .catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code !== 'EXDEV') throw error
      return copyAway(folder, target)
    })
    .catch((error: unknown) => {
      throw new NominaError('refused', `${folder} can’t be renamed: ${messageOf(error)}`)
    })
  const db = openStore(target, { create: false })
  immediate(db, () => leadRoots(db, folder, target))
  closeStore(db)
  return target
}

/** To another disk: whole there before it goes here. */
export async function copyAway(folder: string, target: string): Promise<void> {
  await makeWholeFolder(target, (unfinished) => cp(folder, unfinished, { recursive: true, preserveTimestamps: true }))
  await rm(folder, { recursive: true })
}

/**
 * The project must be closed. Whatever Nomina did not put into its folder stays there.
 * @throws NominaError('not-found' | 'refused')
 */
export async function trashProject(path: string, toTrash: ToTrash = systemTrash): Promise<void> {
  const folder = projectAt(path)
  const names = await readdir(folder)
  const ours = names.filter(isOwn)
  const gone = ours.length === names.length ? [folder] : ours.map((name) => join(folder, name))
  await toTrash(gone).catch((error: unknown) => {
    throw new NominaError(
      'refused',
      `${folder} can’t be moved to the trash: ${messageOf(error)}. Nothing is deleted for good.`
    )
  })
}

function projectAt(path: string): string {
  const folder = resolve(path)
  if (!hasStore(folder)) throw new NominaError('not-found', `There is no Nomina project in ${folder}.`)
  return folder
}
